//! `cogwright data delete-guild`: a server's data goes for good.

use clap::Args;
use cogwright_store::Actor;
use serde_json::json;

use super::super::paint::{DIM, GOOD, paint};
use super::{Ended, Place, consent, id};

/// Whom the audit names for what is done at the command line, where nobody has an id.
const OPERATOR: u64 = 0;

#[derive(Args, Debug)]
pub(super) struct DeleteGuildArgs {
    /// The server's id
    #[arg(value_name = "ID", value_parser = id)]
    guild: u64,
    /// Really do it; it cannot be undone
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(args: DeleteGuildArgs) -> Ended {
    let guild = args.guild;
    consent(args.yes, &format!("this deletes everything about server {guild}, its backups included"))?;
    let store = args.place.open().await?;
    let deleted = store.delete_guild(guild, &Actor::new(OPERATOR, None, None)).await;
    store.close().await?;
    let had_file = deleted.map_err(|failed| {
        eprintln!("{}.", failed.rest());
        failed.error
    })?;
    args.place.answer(
        || json!({"guild": guild.to_string(), "had_file": had_file}),
        || {
            let what =
                if had_file { "its folder and its rows in main.db are gone" } else { "it had no file" };
            format!("\n  {} Server {guild}: {}.\n\n", paint(GOOD, "✔"), paint(DIM, what))
        },
    );
    Ok(true)
}
