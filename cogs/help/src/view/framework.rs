//! What this framework is.

use std::time::Duration;

use cogwright_command::embed::{EmbedBuilder, EmbedFieldBuilder, EmbedFooterBuilder};
use cogwright_command::{Reply, Theme, Tone, show_duration};

use super::credits::{bullets, created_by, license};
use super::{cut, joined};
use crate::attribution::{
    AUTHOR, FRAMEWORK_FEATURES, OUR_FEATURES, OWNER_COMMANDS, REPOSITORY, USER_COMMANDS,
};
use crate::figures::Figures;

/// What there is to show.
#[derive(Debug)]
pub(crate) struct Framework<'a> {
    pub(crate) version: &'a str,
    /// Commands that the caller may run, but the bot owners'.
    pub(crate) for_users: Vec<String>,
    /// Bot owners' commands, if the caller is one.
    pub(crate) for_owners: Vec<String>,
    pub(crate) figures: Option<Figures>,
    pub(crate) latency: Option<Duration>,
    pub(crate) asked_by: &'a str,
}

pub(crate) fn framework(of: &Framework<'_>, theme: &Theme) -> Reply {
    let text = format!(
        "**Cogwright {}**: a framework for Discord bots that brings a local Discord of its own. It is an independent \
         implementation of what the Discord Bot Framework by {AUTHOR} describes; the original's lists stand beside \
         ours and name what the original has.",
        of.version
    );
    let ours = |names: &[String]| {
        let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        joined(&names, ", ", 400)
    };
    let field = |name: &str, value: String| EmbedFieldBuilder::new(name, value);
    let mut embed = EmbedBuilder::new()
        .title("🤖 Discord Bot Framework")
        .description(text)
        .color(theme.colour(Tone::Info))
        .field(field("Framework Features", bullets(&FRAMEWORK_FEATURES)))
        .field(field("Framework Features of Cogwright", bullets(&OUR_FEATURES)));
    let mut users = bullets(&USER_COMMANDS);
    if !of.for_users.is_empty() {
        users = format!("{users}\n**Yours here:** {}", ours(&of.for_users));
    }
    let mut owners = joined(&OWNER_COMMANDS.map(|name| format!("`{name}`")), ", ", 400);
    if !of.for_owners.is_empty() {
        owners = format!("{owners}\n**Yours here:** {}", ours(&of.for_owners));
    }
    embed = embed
        .field(field("User Commands", users))
        .field(field("Owner Commands", owners))
        .field(field("Current Stats", stats(of)))
        .field(field("Created By", created_by()))
        .field(field("License", license()))
        .field(field("Repository", format!("[{AUTHOR}/discord-bot-framework]({REPOSITORY})")))
        .footer(EmbedFooterBuilder::new(format!(
            "Created by {AUTHOR} | Requested by {}",
            cut(of.asked_by, 100)
        )));
    Reply::new().embed(embed.build())
}

fn stats(of: &Framework<'_>) -> String {
    let mut lines = Vec::new();
    if let Some(figures) = of.figures {
        lines.push(format!("Uptime: {}", show_duration(figures.uptime)));
        lines.push(format!("Servers: {}", figures.guilds));
    }
    let latency = of.latency.map(|latency| format!("{} ms", latency.as_millis()));
    lines.push(format!("Latency: {}", latency.as_deref().unwrap_or("not measured yet")));
    lines.extend(of.figures.map(|figures| format!("Shards: {}", figures.shards)));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::credits::length;

    #[test]
    fn the_framework() {
        let of = Framework {
            version: "1.2.3",
            for_users: vec!["help".into(), "ping".into()],
            for_owners: vec!["sync".into()],
            figures: Some(Figures { uptime: Duration::from_secs(90_061), guilds: 3, shards: 2 }),
            latency: Some(Duration::from_millis(41)),
            asked_by: "Robin",
        };
        insta::assert_json_snapshot!(framework(&of, &Theme::default()));
    }

    #[test]
    fn many_commands_fit() {
        let names = || (0..300).map(|number| format!("command-{number:0>20}")).collect();
        let of = Framework {
            version: "1.2.3",
            for_users: names(),
            for_owners: names(),
            figures: None,
            latency: None,
            asked_by: &"x".repeat(200),
        };
        let reply = framework(&of, &Theme::default());
        assert!(length(&reply) <= 6_000, "{}", length(&reply));
        assert!(format!("{:?}", reply.embeds()).contains("not measured yet"));
    }
}
