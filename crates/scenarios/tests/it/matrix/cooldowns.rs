//! How often each command may be called: what is declared, and what happens at the second call.

use std::time::Duration;

use cogwright_command::{Cog, CommandResult, Cooldown, Ctx, Spec, command};
use cogwright_config::Settings;
use cogwright_runtime::described_cogs;
use cogwright_testkit::{Kit, Person};

use super::rows::{ROWS, Row, TEN_SECONDS};
use super::{COOLED, Stage, Tier};
use crate::helpers::answer;

/// A part of the ten seconds.
const SOON: Duration = Duration::from_secs(3);
const LEFT: &str = "Try again in **7.0 seconds**";

/// Those that are called in this way once in ten seconds.
fn waiting() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(|row| row.cooldown == TEN_SECONDS)
}

fn written(cooldown: &Cooldown) -> String {
    let pace = cooldown
        .pace
        .map_or_else(|| "default".to_owned(), |pace| format!("{} per {}s", pace.uses, pace.per.as_secs()));
    let bucket = cooldown.bucket.as_ref().map(|bucket| format!(" in {bucket}")).unwrap_or_default();
    format!("{pace} per {}{bucket}", cooldown.scope.label())
}

async fn specs() -> Vec<Spec> {
    let cogs = described_cogs(&Settings::with_token("a.b.c")).await.unwrap();
    cogs.iter().flat_map(Cog::commands).cloned().collect()
}

#[tokio::test]
async fn cooldowns_are_those_of_the_table() {
    for spec in specs().await.iter().filter(|spec| spec.is_listed()) {
        let name = spec.qualified_name();
        let row = ROWS.iter().find(|row| row.name == name).unwrap();
        let declared: Vec<_> = spec.cooldowns.iter().map(written).collect();
        assert_eq!(declared.join("; "), row.cooldown, "{name}");
    }
    let names: Vec<_> = waiting().map(|row| row.name).collect();
    let everybodys = ["help", "discordbotframework", "stats", "shardinfo", "extensions", "slashlimit"];
    assert_eq!(names, everybodys, "those of the specification");
}

#[tokio::test]
async fn by_prefix_the_second_call_is_refused_with_the_time_left_under_any_name() {
    let stage = Stage::open().await;
    let (member, other) = (stage.person(Tier::Everybody), stage.person(Tier::Administrator));
    let specs = specs().await;
    for row in waiting() {
        let spec = specs.iter().find(|spec| spec.name == row.name).unwrap();
        let names: Vec<_> = std::iter::once(&spec.name).chain(&spec.aliases).collect();
        for (first, second) in names.iter().flat_map(|first| names.iter().map(move |second| (first, second)))
        {
            let (first, second) = (format!("!{first}"), format!("!{second}"));
            stage.says(member, &first, row.answer, "the first call").await;
            stage.kit.advance(SOON);
            stage.says(member, &second, LEFT, "the second call").await;
            stage.says(other, &second, row.answer, "somebody else").await;
            // To the moment: whoever waits as long as it says is let in.
            stage.kit.advance(Duration::from_secs(7));
            stage.says(member, &second, row.answer, "the third call").await;
            stage.kit.advance(COOLED);
        }
    }
    let framework = specs.iter().find(|spec| spec.name == "discordbotframework").unwrap();
    assert_eq!(framework.aliases, ["framework", "botinfo"]);
    stage.kit.stop().await.unwrap();
}

#[tokio::test]
async fn by_slash_the_second_call_is_refused_and_both_forms_count_together() {
    let stage = Stage::open().await;
    let member = stage.person(Tier::Everybody);
    for row in waiting() {
        let options = row.options();
        stage.answers(member, row, &options, row.answer, "the first call").await;
        stage.kit.advance(SOON);
        stage.answers(member, row, &options, LEFT, "the second call").await;
        stage.kit.advance(COOLED);
        stage.says(member, &format!("!{}", row.name), row.answer, "by prefix").await;
        stage.kit.advance(SOON);
        stage.answers(member, row, &options, LEFT, "and then by slash").await;
        stage.kit.advance(COOLED);
        stage.answers(member, row, &options, row.answer, "by slash").await;
        stage.kit.advance(SOON);
        stage.says(member, &format!("!{}", row.name), LEFT, "and then by prefix").await;
        stage.kit.advance(COOLED);
    }
    stage.kit.stop().await.unwrap();
}

/// Asks for the default.
#[command(cooldown = "default per user")]
async fn usual(ctx: Ctx) -> CommandResult {
    ctx.reply("as usual").await
}

/// Says nothing of cooldowns.
#[command]
async fn free(ctx: Ctx) -> CommandResult {
    ctx.reply("as often as you like").await
}

async fn calls(kit: &Kit, person: &Person, line: &str, part: &str, times: usize) {
    for _ in 0..times {
        let said = answer(kit, person, line).await.to_string();
        assert!(said.contains(part), "{line}: {said}");
    }
}

/// `cooldowns` of config.json is the pace of commands that ask for it, of one's own as of the built-in ones, each
/// counted by itself; others have none.
#[tokio::test]
async fn the_default_of_config_json_is_for_commands_that_ask_for_it() {
    let change = |settings: &mut Settings| {
        (settings.cooldowns.default_rate, settings.cooldowns.default_per) = (2, Duration::from_secs(20));
    };
    let own = Cog::new("Own").command(usual).command(free);
    let kit = Kit::builder().builtin().cog(own).settings(change).frozen().start().await.unwrap();
    let (owner, other) = (kit.owner(), kit.newcomer("other").unwrap());
    for (line, part) in [("!usual", "as usual"), ("!about", "About this bot")] {
        calls(&kit, &owner, line, part, 2).await;
        calls(&kit, &owner, line, "Try again in **20.0 seconds**", 1).await;
        calls(&kit, &other, line, part, 2).await;
        kit.advance(Duration::from_secs(20));
        calls(&kit, &owner, line, part, 2).await;
    }
    calls(&kit, &owner, "!free", "as often as you like", 5).await;
    calls(&kit, &owner, "!help usual", "2 times in 20s for each person", 1).await;
    kit.stop().await.unwrap();
}
