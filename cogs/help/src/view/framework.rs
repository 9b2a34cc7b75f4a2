//! What this framework is.

use std::time::Duration;

use cogwright_command::{Icon, Panel, Reply, Theme, Tone, show_duration};

use super::credits::{bullets, created_by, license};
use crate::attribution::{
    AUTHOR, FRAMEWORK_FEATURES, NEWS, OUR_FEATURES, OWNER_COMMANDS, REPOSITORY, USER_COMMANDS,
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
    pub(crate) picture: Option<String>,
}

pub(crate) fn framework(of: &Framework<'_>, theme: &Theme) -> Reply {
    let text = format!(
        "**Cogwright {}**: a framework for Discord bots that brings a local Discord of its own. It is an independent \
         implementation of what the Discord Bot Framework by {AUTHOR} describes; the original's lists stand beside \
         ours and name what the original has.",
        of.version
    );
    let mut panel = Panel::new(theme, Tone::Info, theme.with(Icon::Bot, "Discord Bot Framework"))
        .text(text)
        .list("Framework Features", bullets(&FRAMEWORK_FEATURES))
        .list("Framework Features of Cogwright", bullets(&OUR_FEATURES))
        .list(&format!("What's New in v{}", of.version), bullets(&NEWS))
        .list("User Commands", bullets(&USER_COMMANDS))
        .list("Owner Commands", bullets(&OWNER_COMMANDS))
        .section("Current Stats", stats(of))
        .section("Created By", created_by())
        .section("License", license())
        .section("Repository", format!("[{AUTHOR}/discord-bot-framework]({REPOSITORY})"));
    let names = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    if !of.for_users.is_empty() {
        panel = panel.words("Commands You May Call Here", names(&of.for_users));
    }
    if !of.for_owners.is_empty() {
        panel = panel.words("Commands of the Bot's Owners Here", names(&of.for_owners));
    }
    panel
        .thumbnail(of.picture.as_deref())
        .footer(&format!("Created by {AUTHOR} | Requested by {}", of.asked_by))
        .reply()
}

fn stats(of: &Framework<'_>) -> String {
    let mut lines = Vec::new();
    if let Some(figures) = of.figures {
        lines.push(format!("Uptime: {}", show_duration(figures.uptime)));
        lines.push(format!("Servers: {}", figures.guilds));
        lines.push(format!("Extensions: {}", figures.extensions));
    }
    let latency = of.latency.map(|latency| format!("{} ms", latency.as_millis()));
    lines.push(format!("Latency: {}", latency.as_deref().unwrap_or("not measured yet")));
    lines.extend(of.figures.map(|figures| format!("Shards: {}", figures.shards)));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_framework() {
        let of = Framework {
            version: "1.2.3",
            for_users: vec!["help".into(), "ping".into()],
            for_owners: vec!["sync".into()],
            figures: Some(Figures {
                uptime: Duration::from_secs(90_061),
                guilds: 3,
                shards: 2,
                extensions: 1,
            }),
            latency: Some(Duration::from_millis(41)),
            asked_by: "Robin",
            picture: Some("https://cdn.discordapp.com/avatars/1/a.png?size=256".into()),
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
            picture: None,
        };
        let reply = framework(&of, &Theme::default());
        let text = format!("{:?}", reply.embeds());
        for line in FRAMEWORK_FEATURES.iter().chain(&NEWS).chain(&USER_COMMANDS).chain(&OWNER_COMMANDS) {
            assert!(text.contains(&format!("• {line}")), "{line}");
        }
        assert!(text.contains("not measured yet") && text.contains("… and "), "{text}");
    }
}
