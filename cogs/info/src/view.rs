//! How the answers look.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use cogwright_command::{Icon, Panel, Reply, Theme, Tone, counted, plain, show_duration};

use crate::facts::{BotFacts, CogFacts, Overall, ShardFacts};
use crate::service::Overview;

pub(crate) fn measuring(theme: &Theme) -> Reply {
    Reply::text(theme.with(Icon::Ping, "Measuring..."))
}

/// The gateway's latency is unknown until the first heartbeat was answered.
pub(crate) fn pong(gateway: Option<Duration>, round_trip: Duration, theme: &Theme) -> Reply {
    let gateway = gateway.map_or_else(|| "not measured yet".to_owned(), millis);
    let text = format!("Pong!\nGateway: {gateway}\nLatest REST round trip: {}", millis(round_trip));
    Reply::text(theme.with(Icon::Ping, &text))
}

/// A short time in a unit that leaves something of it.
fn span(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        micros if micros < 1_000.0 => format!("{micros:.0} µs"),
        micros if micros < 1e6 => format!("{:.1} ms", micros / 1e3),
        micros => format!("{:.1} s", micros / 1e6),
    }
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

pub(crate) fn about(about: &About<'_>, theme: &Theme) -> Reply {
    let ways = format!("`{}command`, `/command`, or a mention of me and the command", about.prefix);
    Panel::new(theme, Tone::Info, theme.with(Icon::Bot, "About this bot"))
        .text("It runs on Cogwright, a framework for Discord bots that carries its own local Discord.")
        .fact("Version", about.version)
        .fact("Commands", about.commands.to_string())
        .fact("Licence", "MIT or Apache 2.0")
        .section("How to call me", ways)
        .reply()
}

/// Commands that are shown as the most used.
const TOP: usize = 5;

pub(crate) struct Stats<'a> {
    pub(crate) bot: BotFacts,
    pub(crate) cogs: usize,
    pub(crate) extensions: usize,
    pub(crate) latency: Option<Duration>,
    pub(crate) requester: &'a str,
}

pub(crate) fn stats(stats: &Stats<'_>, theme: &Theme) -> Reply {
    let Stats { bot, cogs, extensions, latency, requester } = stats;
    let modules = cogs + extensions;
    let mut framework = format!("```\nCogs: {cogs} | Total modules: {modules} | Shards: {}", bot.shard_count);
    if let Some(memory) = bot.memory {
        let _ = write!(framework, " | Memory: {:.1} MiB", memory as f64 / f64::from(1 << 20));
    }
    framework.push_str("\n```");
    let latency = latency.map_or_else(|| "not measured yet".to_owned(), millis);
    let panel = Panel::new(theme, Tone::Success, theme.with(Icon::Stats, "Bot Statistics"))
        .boxed(&theme.with(Icon::Uptime, "Uptime"), show_duration(bot.uptime))
        .boxed(&theme.with(Icon::Guilds, "Guilds"), bot.guilds)
        .boxed(&theme.with(Icon::Users, "Users"), bot.users)
        .boxed(&theme.with(Icon::Commands, "Commands Processed"), bot.commands)
        .boxed(&theme.with(Icon::Messages, "Messages Seen"), bot.messages)
        .boxed(&theme.with(Icon::Tools, "Extensions Loaded"), extensions)
        .boxed(&theme.with(Icon::Latency, "Latency"), latency)
        .boxed(&theme.with(Icon::Error, "Errors"), bot.errors)
        .boxed(&theme.with(Icon::Slash, "Slash Commands"), bot.slash_commands)
        .section(&theme.with(Icon::Settings, "Framework"), framework);
    let top = bot.top.iter().take(TOP).map(|(name, count)| format!("`{name}`: {count}"));
    let panel =
        if bot.top.is_empty() { panel } else { panel.list(&theme.with(Icon::Top, "Top Commands"), top) };
    let panel = match &bot.overall {
        Some(overall) => panel.section(&theme.with(Icon::Totals, "Over All Starts"), all(overall)),
        None => panel,
    };
    panel.footer(&format!("Requested by {requester}")).reply()
}

fn all(overall: &Overall) -> String {
    let since = overall.since.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let Overall { starts, uptime, commands, messages, errors, .. } = overall;
    let plural = if *starts == 1 { "" } else { "s" };
    format!(
        "Since <t:{since}:D>: {starts} start{plural}, {} of running\nCommands: {commands}, messages: {messages}, errors: {errors}",
        show_duration(*uptime)
    )
}

pub(crate) fn shards(seen: &Overview, theme: &Theme) -> Reply {
    let mut panel = Panel::new(theme, Tone::Info, theme.with(Icon::Shards, "Shard Information"));
    if let Some(current) = &seen.current {
        let latency = latency(current.latency);
        let here = format!("Shard {}, {latency}, {}", current.id, counted(current.guilds, "server"));
        panel = panel.section(&theme.with(Icon::Here, "Current Shard"), here);
    }
    panel = panel
        .boxed("Total Shards", seen.total)
        .boxed("Total Guilds", seen.guilds)
        .boxed("Average per Shard", seen.average);
    if seen.here < seen.total as usize {
        let text =
            format!("{} of {} shards run in this process; the figures are theirs.", seen.here, seen.total);
        panel = panel.section("This Process", text);
    }
    match &seen.listed {
        Some(listed) => panel.list("Shard Details", listed.iter().map(|shard| line(shard, theme))),
        None => panel.section(
            "Shard Details",
            format!("Too many to list: {} of {} are connected.", seen.connected, seen.here),
        ),
    }
    .reply()
}

fn line(shard: &ShardFacts, theme: &Theme) -> String {
    let icon = theme.icon(if shard.connected { Icon::Success } else { Icon::Error });
    let state = if shard.connected { latency(shard.latency) } else { "not connected".to_owned() };
    format!("{icon} **Shard {}**: {}, {state}", shard.id, counted(shard.guilds, "server"))
}

fn latency(latency: Option<Duration>) -> String {
    latency.map_or_else(|| "latency not measured yet".to_owned(), millis)
}

pub(crate) fn modules(extensions: &[CogFacts], cogs: &[CogFacts], theme: &Theme) -> Reply {
    let total = extensions.len() + cogs.len();
    if total == 0 {
        return Panel::new(theme, Tone::Error, theme.with(Icon::Error, "No Extensions"))
            .text("Nothing is loaded.")
            .reply();
    }
    let mut panel = Panel::new(theme, Tone::Info, theme.with(Icon::Modules, "Loaded Modules"));
    let kinds = [(Icon::Extensions, "User Extensions", extensions), (Icon::Settings, "Framework Cogs", cogs)];
    for (icon, name, modules) in kinds {
        if !modules.is_empty() {
            let name = theme.with(icon, &format!("{name} ({})", modules.len()));
            panel = panel.list(&name, modules.iter().map(module));
        }
    }
    panel.footer(&format!("Total: {total}")).reply()
}

fn module(module: &CogFacts) -> String {
    let (name, commands) = (plain(&module.name), counted(module.commands, "command"));
    format!("**{name}**: {commands}, loaded in {}", span(module.load_time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::overview;

    fn some_stats() -> Stats<'static> {
        let top = [("help", 20), ("ping", 9), ("a", 3), ("b", 2), ("c", 1), ("never", 1)];
        let bot = BotFacts {
            uptime: Duration::from_secs(93_784),
            guilds: 1_234,
            users: 5_678_901,
            commands: 36,
            messages: 900,
            errors: 2,
            slash_commands: 23,
            top: top.map(|(name, count)| (name.to_owned(), count)).to_vec(),
            shard_count: 2,
            memory: Some(150_000_000),
            overall: Some(Overall {
                since: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_893_000),
                starts: 12,
                uptime: Duration::from_secs(1_093_784),
                commands: 4_036,
                messages: 90_900,
                errors: 7,
            }),
        };
        let latency = Some(Duration::from_millis(41));
        Stats { bot, cogs: 7, extensions: 3, latency, requester: "Robin\u{202e}" }
    }

    #[test]
    fn the_statistics() {
        insta::assert_json_snapshot!(stats(&some_stats(), &Theme::default()));
    }

    #[test]
    fn statistics_of_a_bot_that_has_just_begun() {
        let young = Stats { bot: BotFacts::default(), cogs: 0, extensions: 0, latency: None, requester: "x" };
        let reply = serde_json::to_string(&stats(&young, &Theme::default())).unwrap();
        assert!(
            reply.contains("not measured yet")
                && !reply.contains("Top Commands")
                && !reply.contains("All Starts"),
            "{reply}"
        );
    }

    fn some_shards(count: u32) -> Vec<ShardFacts> {
        let latency = |id| (id != 1).then(|| Duration::from_millis(30 + u64::from(id)));
        (0..count)
            .map(|id| ShardFacts { id, connected: id != 1, latency: latency(id), guilds: 100 })
            .collect()
    }

    #[test]
    fn the_shards() {
        let seen = overview(some_shards(3), 6, Some(2 << 22));
        insta::assert_json_snapshot!(shards(&seen, &Theme::default()));
    }

    #[test]
    fn many_shards() {
        let reply = shards(&overview(some_shards(11), 11, None), &Theme::default());
        let details = &reply.embeds()[0].fields.last().unwrap().value;
        assert_eq!(details, "Too many to list: 10 of 11 are connected.");
    }

    fn cogs(names: &[&str]) -> Vec<CogFacts> {
        let cog = |name: &&str| CogFacts {
            name: (*name).to_owned(),
            commands: name.len() - 3,
            load_time: Duration::from_micros(1_234),
        };
        names.iter().map(cog).collect()
    }

    #[test]
    fn what_is_loaded() {
        let reply = modules(&cogs(&["Mod_eration"]), &cogs(&["Help", "Status"]), &Theme::default());
        insta::assert_json_snapshot!(reply);
        let none = modules(&[], &[], &Theme::default());
        assert_eq!(none.embeds()[0].title.as_deref(), Some("❌ No Extensions"));
    }

    #[test]
    fn pongs() {
        let fast = pong(None, Duration::from_micros(1_234), &Theme::default());
        assert_eq!(fast.content(), "🏓 Pong!\nGateway: not measured yet\nLatest REST round trip: 1.2 ms");
        let slow = pong(Some(Duration::from_millis(41)), Duration::from_millis(150), &Theme::default());
        assert_eq!(slow.content(), "🏓 Pong!\nGateway: 41 ms\nLatest REST round trip: 150 ms");
    }

    #[test]
    fn the_about_page() {
        let of = About { version: "1.2.3", commands: 5, prefix: "?" };
        insta::assert_json_snapshot!(about(&of, &Theme::default()));
    }
}
