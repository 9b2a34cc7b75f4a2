//! Runs the bot: `DISCORD_TOKEN=... cargo run`, or on a local Discord with `--local HOST:PORT`.

use std::process::ExitCode;

use cogwright::Bot;

#[tokio::main]
async fn main() -> ExitCode {
    Bot::builder().cog(hello::cog()).run().await
}
