//! Whole calls against what guilds and operators decide: prefixes, cooldowns, tidying up, decisions, observers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::json;
use tokio::sync::Semaphore;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::testing::{ALICE, BOB, BOT, CAROL, CHANNEL, GUILD, Stage, owned_by};
use crate::wire::{Answer, Call, WireError};
use crate::{
    AutoDelete, Cog, CommandResult, CommandSettings, Ctx, Ended, Failure, GuildPrefs, Invocation, Observer,
    Outcome, PolicyError, Prefs, PrefsChange, Spec, command,
};

/// Adds one.
#[command]
async fn next(ctx: Ctx, number: u8) -> CommandResult {
    ctx.reply(format!("{}", number + 1)).await
}

/// Once in a while.
#[command(cooldown = "1 per 10s per user", cooldown = "3 per 1h per guild")]
async fn rare(ctx: Ctx, number: u8) -> CommandResult {
    ctx.reply(format!("{number}")).await
}

/// Shares a bucket.
#[command(cooldown = "default per channel in shared")]
async fn shared(ctx: Ctx) -> CommandResult {
    ctx.reply("shared").await
}

/// Shares a bucket as well.
#[command(cooldown = "default per channel in shared", owner_only)]
async fn other(ctx: Ctx) -> CommandResult {
    ctx.reply("other").await
}

/// One at a time.
#[command(concurrency = "1 per user")]
async fn menu(ctx: Ctx) -> CommandResult {
    let mut view = ctx.open("open").await?;
    while view.next().await.is_some() {}
    Ok(())
}

/// Confirms.
#[command]
async fn confirm(ctx: Ctx) -> CommandResult {
    ctx.success("Done", "It is done.").await
}

/// Only on weekdays.
#[command(checks(weekday))]
async fn weekly(ctx: Ctx) -> CommandResult {
    ctx.reply("fine").await
}

async fn weekday(_: Ctx) -> CommandResult {
    Err(Failure::refused("Not on Sundays."))
}

/// Fails.
#[command]
#[expect(clippy::unused_async, reason = "the shape of a command")]
async fn broken(_ctx: Ctx) -> CommandResult {
    Err(Failure::internal("the cause"))
}

fn cog() -> Cog {
    Cog::new("Test")
        .command(next)
        .command(rare)
        .command(shared)
        .command(other)
        .command(menu)
        .command(confirm)
        .command(weekly)
        .command(broken)
}

fn said(call: &Call) -> String {
    let reply = match call {
        Call::Send { reply, .. } | Call::Answer { answer: Answer::Message { reply, .. }, .. } => reply,
        other => panic!("says nothing: {other:?}"),
    };
    let embed = reply.embeds().first();
    let title = embed.and_then(|embed| embed.title.clone()).unwrap_or_default();
    let text = embed.and_then(|embed| embed.description.clone()).unwrap_or_default();
    format!("{title}{text}{}", reply.content())
}

/// Nothing is deleted.
const NEVER: AutoDelete = AutoDelete { success: Duration::ZERO, error: Duration::ZERO, invocation: false };

const GUILD_ID: Id<GuildMarker> = Id::new(GUILD);

#[tokio::test]
async fn a_prefix_of_the_guild_is_effective_at_once_and_shown() {
    let mut stage = Stage::new(cog());
    stage.say(ALICE, "!next 3");
    assert_eq!(said(&stage.tape.wait(1).await), "4");
    let policies = stage.dispatcher.policies();
    assert_eq!(policies.set_prefix(GUILD_ID, Some("?"), Id::new(CAROL)).await, Ok(None));
    stage.say(ALICE, "!next 3");
    stage.say(ALICE, "?next");
    let text = said(&stage.tape.wait(2).await);
    assert!(text.contains("Missing Argument") && text.contains("`?next <"), "{text}");
    stage.say(ALICE, &format!("<@{BOT}>"));
    assert_eq!(said(&stage.tape.wait(3).await), "My prefix here is `?`.");
    stage.say_with(ALICE, "!next 4", json!({"guild_id": "absent", "member": "absent"}));
    assert_eq!(said(&stage.tape.wait(4).await), "5", "direct messages keep the usual one");
    let policies = stage.dispatcher.policies();
    assert_eq!(policies.set_prefix(GUILD_ID, None, Id::new(CAROL)).await, Ok(Some("?".to_owned())));
    let refused = policies.set_prefix(GUILD_ID, Some("`"), Id::new(CAROL)).await;
    assert!(matches!(refused, Err(PolicyError::Refused(_))), "{refused:?}");
    stage.say(ALICE, "!next 5");
    assert_eq!(said(&stage.tape.wait(5).await), "6");
}

#[tokio::test]
async fn a_mention_prefix_can_be_switched_off_but_a_mention_alone_is_answered() {
    let mut stage = Stage::new(cog());
    let policies = stage.dispatcher.policies();
    policies.set_mention_prefix(GUILD_ID, Some(false), Id::new(CAROL)).await.unwrap();
    stage.say(ALICE, &format!("<@{BOT}> next 3"));
    stage.say(ALICE, &format!("<@!{BOT}>"));
    assert_eq!(said(&stage.tape.wait(1).await), "My prefix here is `!`.");
}

/// Answers when it is let.
struct Slow {
    door: Semaphore,
    kept: Mutex<Prefs>,
}

impl GuildPrefs for Slow {
    fn load(&self, _: Id<GuildMarker>) -> BoxFuture<'_, Result<Prefs, PolicyError>> {
        Box::pin(async {
            let read = self.kept.lock().unwrap().clone();
            self.door.acquire().await.unwrap().forget();
            Ok(read)
        })
    }

    fn save<'a>(&'a self, change: &'a PrefsChange) -> BoxFuture<'a, Result<(), PolicyError>> {
        self.kept.lock().unwrap().clone_from(&change.after);
        Box::pin(std::future::ready(Ok(())))
    }
}

#[tokio::test]
async fn a_message_whose_lookup_races_the_change_does_not_undo_it() {
    let slow = Arc::new(Slow { door: Semaphore::new(0), kept: Mutex::default() });
    let lent = Arc::clone(&slow);
    let mut stage = Stage::with_parts(cog(), |parts| parts.policy.guild_prefs = lent);
    stage.say(ALICE, "!next 1");
    tokio::task::yield_now().await;
    // The lookup has read the old prefix; the change waits behind it.
    let dispatcher = stage.dispatcher.clone();
    let change = dispatcher.policies().set_prefix(GUILD_ID, Some("?"), Id::new(CAROL));
    let open = async {
        tokio::task::yield_now().await;
        slow.door.add_permits(2);
    };
    let (changed, ()) = futures_util::future::join(change, open).await;
    assert_eq!(changed, Ok(None));
    assert_eq!(said(&stage.tape.wait(1).await), "2", "it came before the change");
    stage.say(ALICE, "!next 2");
    stage.say(ALICE, "?next 3");
    assert_eq!(said(&stage.tape.wait(2).await), "4");
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 2, "the old prefix is dead");
}

#[tokio::test]
async fn a_mention_alone_cannot_make_the_bot_flood() {
    let mut stage = Stage::new(cog());
    for user in [ALICE, BOB, ALICE] {
        stage.say(user, &format!("<@{BOT}>"));
    }
    stage.say_with(BOB, &format!("<@{BOT}>"), json!({"channel_id": "100000000000000099"}));
    stage.tape.wait(2).await;
    stage.clock.advance(Duration::from_secs(15));
    stage.say(BOB, &format!("<@{BOT}>"));
    stage.tape.wait(3).await;
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 3, "one a channel, and one later");
}

#[tokio::test]
async fn a_bad_argument_burns_no_cooldown_and_the_wait_is_told() {
    let mut stage = Stage::with_parts(cog(), |parts| parts.settings.auto_delete = NEVER);
    stage.say(ALICE, "!rare x");
    assert!(said(&stage.tape.wait(1).await).contains("Invalid Argument"));
    stage.say(ALICE, "!rare 1");
    assert_eq!(said(&stage.tape.wait(2).await), "1");
    stage.clock.advance(Duration::from_millis(2_450));
    stage.slash(ALICE, "rare", json!([{"name": "number", "type": 4, "value": 2}]));
    let refused = stage.tape.wait(3).await;
    assert_eq!(said(&refused), "⏱️ Command on CooldownTry again in **7.6 seconds**.");
    assert!(
        matches!(&refused, Call::Answer { answer: Answer::Message { reply, .. }, .. } if reply.is_ephemeral())
    );
    for (at, user) in [(4, BOB), (5, CAROL)] {
        stage.say(user, "!rare 1");
        assert_eq!(said(&stage.tape.wait(at).await), "1");
    }
    stage.clock.advance(Duration::from_secs(60));
    stage.say(ALICE, "!rare 1");
    let text = said(&stage.tape.wait(6).await);
    assert!(text.contains("**59 minutes**. It counts for the whole server."), "{text}");
}

#[tokio::test]
async fn a_bucket_is_shared_and_follows_the_settings() {
    let mut stage = Stage::with_parts(cog(), |parts| parts.policy.owners = owned_by(BOB));
    for (at, line) in [(1, "!shared"), (2, "!other"), (3, "!shared")] {
        stage.say(BOB, line);
        assert!(!said(&stage.tape.wait(at).await).contains("Cooldown"));
    }
    stage.say(BOB, "!other");
    assert!(said(&stage.tape.wait(4).await).contains("Command on Cooldown"), "owners wait like everybody");
    let settings = CommandSettings {
        default_cooldown: crate::Pace { uses: 9, per: Duration::from_secs(5) },
        ..CommandSettings::default()
    };
    stage.dispatcher.apply_settings(settings);
    stage.say(BOB, "!other");
    assert_eq!(said(&stage.tape.wait(5).await), "other");
}

#[tokio::test]
async fn one_at_a_time_until_the_menu_is_closed() {
    let mut stage = Stage::with_parts(cog(), |parts| parts.settings.auto_delete = NEVER);
    stage.say(ALICE, "!menu");
    assert_eq!(said(&stage.tape.wait(1).await), "open");
    stage.say(ALICE, "!menu");
    assert!(said(&stage.tape.wait(2).await).contains("already runs once for you"));
    stage.say(BOB, "!menu");
    assert_eq!(said(&stage.tape.wait(3).await), "open");
    // Both menus end by time, and with them the runs.
    stage.clock.sleepers(2).await;
    stage.clock.advance(Duration::from_secs(180));
    while !stage.tasks.running().is_empty() {
        tokio::task::yield_now().await;
    }
    stage.say(ALICE, "!menu");
    assert_eq!(said(&stage.tape.wait(4).await), "open");
}

fn deleted(calls: &[Call]) -> Vec<u64> {
    let ids = calls.iter().filter_map(|call| match call {
        Call::Delete { at } => Some(at.message.get() % 1_000_000),
        _ => None,
    });
    ids.collect()
}

#[tokio::test]
async fn errors_and_confirmations_are_tidied_up() {
    let mut stage = Stage::new(cog());
    stage.say(ALICE, "!next");
    stage.tape.wait(1).await;
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_millis(9_999));
    stage.say(ALICE, "!confirm");
    let confirmed = stage.tape.wait(2).await;
    assert_eq!(said(&confirmed), "✅ DoneIt is done.");
    stage.clock.sleepers(2).await;
    assert_eq!(deleted(&stage.tape.calls()), [0_u64; 0]);
    stage.clock.advance(Duration::from_millis(1));
    stage.tape.wait(3).await;
    assert_eq!(deleted(&stage.tape.calls()), [1], "the error's answer, and not who caused it");
    stage.clock.advance(Duration::from_secs(10));
    stage.tape.wait(5).await;
    assert_eq!(deleted(&stage.tape.calls()), [1, 2, 2], "the confirmation and what called it");

    stage.slash(ALICE, "confirm", json!([]));
    let answer = stage.tape.wait(6).await;
    assert!(
        matches!(&answer, Call::Answer { answer: Answer::Message { reply, .. }, .. } if reply.is_ephemeral())
    );
    stage.slash(ALICE, "broken", json!([]));
    stage.tape.wait(7).await;
    stage.settle().await;
    assert_eq!(deleted(&stage.tape.calls()).len(), 3, "in the slash form nothing is deleted");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_tidying_up_and_zero_is_never() {
    let mut stage = Stage::new(cog());
    stage.say(ALICE, "!next");
    stage.tape.wait(1).await;
    stage.clock.sleepers(1).await;
    stage.settle().await;
    assert_eq!(deleted(&stage.tape.calls()).len(), 0);

    let mut stage = Stage::with_parts(cog(), |parts| parts.settings.auto_delete = NEVER);
    stage.say(ALICE, "!next");
    stage.say(ALICE, "!confirm");
    stage.tape.wait(2).await;
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 2);
}

#[tokio::test]
async fn every_refusal_leaves_a_decision() {
    let mut stage = Stage::new(cog());
    let id = stage.say(ALICE, "!other");
    stage.tape.wait(1).await;
    let decisions = Arc::clone(stage.dispatcher.decisions());
    let found = decisions.find(&format!("https://discord.com/channels/{GUILD}/{CHANNEL}/{id}")).unwrap();
    assert_eq!((found.command.as_str(), found.user, found.took), ("other", Id::new(ALICE), None));
    let last = found.steps.last().unwrap();
    assert_eq!((last.check, last.passed), ("owner", false));
    assert!(last.saw.contains("kept to the bot owner"), "{}", last.saw);
    assert!(matches!(&found.outcome, Outcome::Refused { label: "owner_only", .. }));

    stage.say(ALICE, "!broken");
    let text = said(&stage.tape.wait(2).await);
    assert!(!text.contains("the cause"), "{text}");
    let error_id = text.split('`').nth(1).unwrap();
    let found = decisions.find(error_id).unwrap();
    assert!(matches!(&found.outcome, Outcome::Failed { text, .. } if text.contains("the cause")));
    assert!(found.took.is_some() && found.steps.iter().all(|step| step.passed));

    stage.say(ALICE, "!weekly");
    assert_eq!(said(&stage.tape.wait(3).await), "❌ Not DoneNot on Sundays.");
    assert_eq!(decisions.latest(1)[0].steps.last().unwrap().saw, "weekday");
    stage.say(ALICE, "!next 3");
    stage.tape.wait(4).await;
    stage.settle().await;
    assert_eq!(decisions.latest(9).len(), 3, "runs are kept only when asked for");
}

/// Writes down what it is told.
#[derive(Default)]
struct Diary(Mutex<Vec<String>>);

impl Diary {
    fn note(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }
}

impl Observer for Diary {
    fn message_seen(&self, _: Option<Id<GuildMarker>>) {
        self.note("seen");
    }

    fn unknown(&self, _: Option<Id<GuildMarker>>) {
        self.note("unknown");
    }

    fn refused(&self, call: &Invocation, why: &Failure) {
        self.note(format!("{} refused: {}", call.spec.name, why.label()));
    }

    fn started(&self, call: &Invocation) {
        self.note(format!("{} started", call.spec.name));
    }

    fn finished(&self, call: &Invocation, ended: Ended<'_>, _: Duration) {
        let how = match ended {
            Ended::Done => "done",
            Ended::Refused(_) => "refused",
            Ended::Failed(_) => "failed",
        };
        self.note(format!("{} {how}", call.spec.name));
    }
}

#[tokio::test]
async fn observers_hear_of_uses_refusals_and_faults_but_unknown_names_are_no_error() {
    let diary = Arc::new(Diary::default());
    let lent = Arc::clone(&diary);
    let mut stage = Stage::with_parts(cog(), |parts| parts.policy.observer = lent);
    for (at, line) in [(1, "!next 3"), (2, "!other"), (3, "!broken")] {
        stage.say(ALICE, line);
        stage.tape.wait(at).await;
    }
    stage.say(ALICE, "!what a day");
    stage.say(ALICE, "just talking");
    stage.say(BOT, "!next 3");
    stage.settle().await;
    let mut heard = diary.0.lock().unwrap().clone();
    let seen = heard.iter().filter(|line| *line == "seen").count();
    heard.retain(|line| line != "seen");
    heard.sort();
    assert_eq!(seen, 5, "bots are not counted");
    let expected = [
        "broken failed",
        "broken started",
        "next done",
        "next started",
        "other refused: owner_only",
        "unknown",
    ];
    assert_eq!(heard, expected);
}

#[tokio::test]
async fn settings_are_applied_to_the_next_call() {
    let mut stage = Stage::new(cog());
    let mut settings = CommandSettings::default();
    settings.disabled.insert("next".to_owned());
    let mut theme = cogwright_config::Theme::default();
    theme.emoji.restricted = "⛔".to_owned();
    settings.theme = theme.into();
    stage.dispatcher.apply_settings(settings);
    stage.slash(ALICE, "next", json!([{"name": "number", "type": 4, "value": 3}]));
    assert_eq!(said(&stage.tape.wait(1).await), "⛔ Permission DeniedThis command is switched off.");
    // In a chat another bot may answer to the name.
    stage.say(ALICE, "!next 3");
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 1);
}

#[tokio::test]
async fn discords_own_refusal_is_told_once() {
    let mut stage = Stage::new(cog());
    stage.tape.fail(WireError::Refused { status: 403, code: 30_003, message: "pins".into() });
    stage.say(ALICE, "!next 3");
    stage.tape.wait(2).await;
    stage.settle().await;
    let calls = stage.tape.calls();
    assert_eq!(calls.len(), 2);
    assert!(said(&calls[1]).contains("as many pins as it can have"), "{}", said(&calls[1]));
}

#[test]
fn tiers_are_registered_with_discord() {
    let spec = |spec: fn() -> Spec| spec();
    let stage_commands =
        crate::Catalog::build([Cog::new("T").command(spec(other)).command(spec(next).guild_owner_only())])
            .unwrap()
            .registrations();
    let shown = serde_json::to_value(&stage_commands).unwrap();
    assert_eq!(shown[0]["default_member_permissions"], json!("0"));
    assert_eq!(shown[1]["default_member_permissions"], json!("8"));
    assert_eq!((&shown[0]["contexts"], &shown[1]["contexts"]), (&json!([0, 1]), &json!([0])));
}
