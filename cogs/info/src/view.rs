//! How the answers look.

use std::time::Duration;

use cogwright_command::Reply;
use cogwright_command::embed::{EmbedBuilder, EmbedFieldBuilder};

/// The colour of this bot's embeds.
const COLOUR: u32 = 0x2f_9e_8f;

pub(crate) fn measuring() -> Reply {
    Reply::text("🏓 Measuring...")
}

/// The gateway's latency is unknown until the first heartbeat was answered.
pub(crate) fn pong(gateway: Option<Duration>, round_trip: Duration) -> Reply {
    let gateway = gateway.map_or_else(|| "not measured yet".to_owned(), millis);
    Reply::text(format!("🏓 Pong!\nGateway: {gateway}\nREST round trip: {}", millis(round_trip)))
}

fn millis(duration: Duration) -> String {
    let millis = duration.as_secs_f64() * 1000.0;
    if millis < 10.0 { format!("{millis:.1} ms") } else { format!("{millis:.0} ms") }
}

pub(crate) struct About<'a> {
    pub(crate) version: &'a str,
    pub(crate) commands: usize,
    pub(crate) prefix: &'a str,
}

pub(crate) fn about(about: &About<'_>) -> Reply {
    let ways = format!("`{}command`, `/command`, or a mention of me and the command", about.prefix);
    let embed = EmbedBuilder::new()
        .title("About this bot")
        .description("It runs on Cogwright, a framework for Discord bots that carries its own local Discord.")
        .color(COLOUR)
        .field(EmbedFieldBuilder::new("Version", about.version).inline())
        .field(EmbedFieldBuilder::new("Commands", about.commands.to_string()).inline())
        .field(EmbedFieldBuilder::new("Licence", "MIT or Apache 2.0").inline())
        .field(EmbedFieldBuilder::new("How to call me", ways))
        .build();
    Reply::new().embed(embed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pongs() {
        let fast = pong(None, Duration::from_micros(1_234));
        assert_eq!(fast.content(), "🏓 Pong!\nGateway: not measured yet\nREST round trip: 1.2 ms");
        let slow = pong(Some(Duration::from_millis(41)), Duration::from_millis(150));
        assert_eq!(slow.content(), "🏓 Pong!\nGateway: 41 ms\nREST round trip: 150 ms");
    }

    #[test]
    fn the_about_page() {
        insta::assert_json_snapshot!(about(&About { version: "1.2.3", commands: 5, prefix: "?" }));
    }
}
