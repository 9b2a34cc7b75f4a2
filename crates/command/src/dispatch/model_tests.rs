//! Whole calls against the stand-ins: groups, context menus, converted commands, suggestions.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;

use super::tests::{is_ephemeral, text};
use crate::testing::{ALICE, BOB, BOT, Stage, Town, owned_by, person};
use crate::wire::{Answer, Call};
use crate::{
    Access, Choice, Cog, CommandResult, Completer, Ctx, Failure, Group, Handler, Member, Message, OptionKind,
    OptionSpec, Spec, Suggest, Triggers, User, command,
};

/// Adds one.
#[command(names("de" = "neu"), example = "status add tea")]
async fn add(ctx: Ctx, #[option(rest)] what: String) -> CommandResult {
    ctx.reply(format!("added {what} by {:?}", ctx.trigger())).await
}

/// Lists all.
#[command]
async fn list(ctx: Ctx) -> CommandResult {
    ctx.reply(format!("list of {}", ctx.invocation().spec.qualified_name())).await
}

fn status(default: Option<&str>) -> Cog {
    let colour = Group::new("colour", "What it looks like").command(list);
    let mut group = Group::new("status", "What the bot does").command(add).command(list).group(colour);
    group.default = default.map(str::to_owned);
    Cog::new("Status").group(group)
}

#[tokio::test]
async fn one_definition_serves_a_group_in_all_forms() {
    let mut stage = Stage::new(status(None));
    stage.say(ALICE, "!status add a  cup");
    assert_eq!(text(&stage.tape.wait(1).await), "added a  cup by Prefix");
    stage.say(ALICE, &format!("<@{BOT}> STATUS neu tea"));
    assert_eq!(text(&stage.tape.wait(2).await), "added tea by Mention");
    let given = json!([{"name": "what", "type": 3, "value": "tea"}]);
    stage.slash(ALICE, "status", json!([{"name": "add", "type": 1, "options": given}]));
    assert_eq!(text(&stage.tape.wait(3).await), "added tea by Slash");
    let deep =
        json!([{"name": "colour", "type": 2, "options": [{"name": "list", "type": 1, "options": []}]}]);
    stage.slash(ALICE, "status", deep);
    assert_eq!(text(&stage.tape.wait(4).await), "list of status colour list");
    stage.say(ALICE, "!status add");
    let answer = stage.tape.wait(5).await;
    assert_eq!(
        text(&answer),
        "`what` is missing: what.\nUsage: `!status add <what...>`\nExample: `!status add tea`"
    );
    stage.slash(ALICE, "status", json!([{"name": "gone", "type": 1, "options": []}]));
    assert!(text(&stage.tape.wait(6).await).contains("does not exist any more"));
}

#[tokio::test]
async fn a_bare_group_says_what_is_in_it() {
    let mut stage = Stage::new(status(None));
    stage.say(ALICE, "!status");
    insta::assert_snapshot!(text(&stage.tape.wait(1).await), @r"
    `!status`: What the bot does
    `!status add <what...>`: Adds one
    `!status list`: Lists all
    `!status colour list`: Lists all
    ");
    stage.say(ALICE, "!status ad`d @everyone");
    let answer = stage.tape.wait(2).await;
    assert!(
        text(&answer).starts_with("❌ There is no `add` in `!status`. Did you mean `!status add`?"),
        "{}",
        text(&answer)
    );
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(10));
    let gone = stage.tape.wait(3).await;
    assert!(
        matches!(&gone, Call::Delete { at } if at.message.get() == 800_000_000_000_000_002),
        "an error does not stay, a list does: {gone:?}"
    );
    let mut stage = Stage::new(status(Some("list")));
    stage.say(ALICE, "!status");
    assert_eq!(text(&stage.tape.wait(1).await), "list of status list");
}

/// Says who somebody is.
#[command(user_menu = "Who is this", guild_only)]
async fn who(
    ctx: Ctx,
    person: User,
    #[option(description = "How loud")] loud: Option<bool>,
) -> CommandResult {
    ctx.reply(format!("{} {loud:?} {:?}", person.name, ctx.trigger())).await
}

/// Repeats a message.
#[command(message_menu = "Quote")]
async fn quote(ctx: Ctx, message: Message) -> CommandResult {
    ctx.reply(format!("{}: {} {}", message.author.name, message.content, message.link())).await
}

#[tokio::test]
async fn context_menus_run_the_same_definition() {
    let mut stage = Stage::new(Cog::new("T").command(who).command(quote));
    let data = json!({
        "id": "1", "type": 2, "name": "Who is this", "target_id": BOB.to_string(),
        "resolved": {"users": {BOB.to_string(): person(BOB)}}
    });
    stage.interact(ALICE, 2, data, json!({}));
    assert_eq!(text(&stage.tape.wait(1).await), "bob None Menu");
    let mut message = crate::testing::view_message();
    message["content"] = json!("hello");
    let data = json!({
        "id": "1", "type": 3, "name": "Quote", "target_id": message["id"],
        "resolved": {"messages": {"800000000000000001": message}}
    });
    stage.interact(ALICE, 2, data, json!({}));
    let answer = stage.tape.wait(2).await;
    assert!(text(&answer).starts_with("bot: hello https://discord.com/channels/"), "{answer:?}");
    // A target that Discord does not resolve.
    stage.interact(
        ALICE,
        2,
        json!({"id": "1", "type": 2, "name": "Who is this", "target_id": "5"}),
        json!({}),
    );
    assert!(text(&stage.tape.wait(3).await).contains("cannot find this person"));
    stage.interact(ALICE, 2, json!({"id": "1", "type": 2, "name": "who", "target_id": "5"}), json!({}));
    assert!(
        text(&stage.tape.wait(4).await).contains("does not exist any more"),
        "menus have names of their own"
    );
}

/// Pats members alone.
#[command]
async fn pat(ctx: Ctx, members: Vec<Member>, #[option(max = 60)] length: Option<Duration>) -> CommandResult {
    ctx.reply(format!("{} {length:?}", members.len())).await
}

#[tokio::test]
async fn a_member_is_more_than_a_person() {
    let mut stage = Stage::new(Cog::new("T").command(pat));
    stage.say(ALICE, "!pat alice");
    assert!(text(&stage.tape.wait(1).await).contains("not in the server"), "the town knows no members");
    let mentioned = |roles: serde_json::Value| {
        let mut mention = person(BOB);
        mention["public_flags"] = json!(0);
        mention["member"] = json!({"roles": roles, "deaf": false, "mute": false, "flags": 0, "joined_at": null, "nick": null});
        json!({"mentions": [mention]})
    };
    stage.say_with(ALICE, &format!("!pat length:30s <@{BOB}> <@!{BOB}>"), mentioned(json!([])));
    assert_eq!(text(&stage.tape.wait(2).await), "2 Some(30s)");
    stage.say_with(ALICE, &format!("!pat length:2m <@{BOB}>"), mentioned(json!([])));
    assert!(text(&stage.tape.wait(3).await).contains("at most `1m`"), "{:?}", stage.tape.calls());
}

#[tokio::test]
async fn a_withheld_slash_command_can_be_called_by_prefix() {
    let handler = Handler::new(|ctx: Ctx, _| async move { ctx.reply(format!("{:?}", ctx.trigger())).await });
    let spec = Spec::new("only", "x", handler).triggers(Triggers::SLASH);
    let mut stage = Stage::new(Cog::new("T").command(spec));
    let catalog = Arc::clone(&stage.dispatcher.core.services.catalog);
    catalog.withhold(["only".to_owned()]);
    assert_eq!(catalog.availability(&catalog.commands()[0]), crate::Availability::Converted);
    stage.say(ALICE, "!only");
    assert_eq!(text(&stage.tape.wait(1).await), "Prefix");
    stage.say(ALICE, &format!("<@{BOT}> only"));
    assert_eq!(text(&stage.tape.wait(2).await), "Mention");
    catalog.withhold([]);
    stage.say(ALICE, "!only");
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 2, "given back");
}

#[tokio::test]
async fn disabled_and_adult_commands_are_refused() {
    let handler = || Handler::new(|ctx: Ctx, _| async move { ctx.reply("ran").await });
    let cog = Cog::new("T")
        .command(Spec::new("off", "x", handler()).enabled(false))
        .command(Spec::new("adult", "x", handler()).nsfw());
    let mut stage = Stage::new(cog);
    stage.slash(ALICE, "off", json!([]));
    assert!(text(&stage.tape.wait(1).await).contains("switched off"));
    // Another bot or cog may have its place.
    stage.say(ALICE, "!off");
    stage.say(ALICE, &format!("<@{BOT}> off"));
    stage.say(ALICE, "!adult");
    assert!(text(&stage.tape.wait(2).await).contains("age-restricted"));
    stage.say_with(ALICE, "!adult", json!({"channel_id": Town::VAULT.to_string()}));
    assert_eq!(text(&stage.tape.wait(3).await), "ran");
}

#[tokio::test]
async fn groups_are_not_answered_without_end() {
    let mut stage = Stage::new(status(None));
    for at in 1..=5 {
        stage.say(ALICE, if at % 2 == 0 { "!status" } else { "!status nonsense" });
        stage.tape.wait(at.min(3)).await;
    }
    stage.say(BOB, "!status");
    stage.tape.wait(4).await;
    stage.clock.advance(Duration::from_secs(5));
    stage.say(ALICE, "!status");
    stage.tape.wait(5).await;
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 5, "{:#?}", stage.tape.calls());
}

fn completed(count: &Arc<AtomicUsize>, strict: bool) -> Cog {
    let count = Arc::clone(count);
    let suggest = move |about: Suggest| {
        count.fetch_add(1, Ordering::SeqCst);
        async move {
            if about.text == "slow" {
                std::future::pending::<()>().await;
            }
            about.matching(["alpha", "beta", "Gamma"])
        }
    };
    let mut option = OptionSpec::new(OptionKind::String, "what", "x").autocomplete(Completer::new(suggest));
    option.strict = strict;
    let handler = Handler::new(|ctx: Ctx, mut args| async move {
        let what: String = args.take("what")?;
        if what == "alhpa" { Err(Failure::not_known("what", what)) } else { ctx.reply(what).await }
    });
    Cog::new("T").command(Spec::new("pick", "x", handler).option(option))
}

#[tokio::test]
async fn the_newest_letter_is_answered_and_the_same_is_not_worked_out_twice() {
    let count = Arc::new(AtomicUsize::new(0));
    let mut stage = Stage::new(completed(&count, false));
    let focus = |text: &str| json!([{"name": "what", "type": 3, "value": text, "focused": true}]);
    stage.type_in(ALICE, "pick", focus("slow"));
    stage.clock.sleepers(1).await;
    stage.type_in(ALICE, "pick", focus("a"));
    let call = stage.tape.wait(1).await;
    assert!(matches!(&call, Call::Answer { answer: Answer::Choices(all), .. } if all.len() == 3), "{call:?}");
    stage.type_in(ALICE, "pick", focus("a"));
    stage.tape.wait(2).await;
    assert_eq!(count.load(Ordering::SeqCst), 2, "the third was known");
    stage.type_in(BOB, "pick", focus("a"));
    stage.tape.wait(3).await;
    assert_eq!(count.load(Ordering::SeqCst), 3, "what Alice sees is not shown to Bob");
    stage.clock.advance(Duration::from_secs(11));
    stage.type_in(ALICE, "pick", focus("a"));
    stage.tape.wait(4).await;
    assert_eq!(count.load(Ordering::SeqCst), 4, "it was too old");
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 4, "the slow one was dropped, or its time-out would have come");
}

#[tokio::test]
async fn who_may_not_call_a_command_gets_no_suggestions_of_it() {
    let count = Arc::new(AtomicUsize::new(0));
    let (asked, seen) =
        (Arc::clone(&count), Completer::new(|about: Suggest| async move { about.matching(["alpha"]) }));
    let secret = move |about: Suggest| {
        asked.fetch_add(1, Ordering::SeqCst);
        async move { about.matching(["hidden"]) }
    };
    let spec = |name: &str, completer: Completer| {
        let option = OptionSpec::new(OptionKind::String, "what", "x").autocomplete(completer);
        Spec::new(name, "x", Handler::new(|_, _| async { Ok(()) })).option(option)
    };
    // Shared: what is kept of Bob's must not serve Alice either.
    let mut kept = spec("kept", Completer::new(secret).shared());
    kept.access = Access::BotOwner;
    let mut kicks = spec("kicks", seen);
    kicks.user_permissions = Permissions::KICK_MEMBERS;
    let cog = Cog::new("T").command(kept).command(kicks);
    let mut stage = Stage::with_parts(cog, |parts| parts.policy.owners = owned_by(BOB));
    let focus = json!([{"name": "what", "type": 3, "value": "", "focused": true}]);
    let choices = |call: &Call| match call {
        Call::Answer { answer: Answer::Choices(all), .. } => all.len(),
        other => panic!("suggests nothing: {other:?}"),
    };
    for (at, user, name, expected) in
        [(1, BOB, "kept", 1), (2, ALICE, "kept", 0), (3, ALICE, "kicks", 0), (4, BOB, "kicks", 1)]
    {
        stage.type_in(user, name, focus.clone());
        assert_eq!(choices(&stage.tape.wait(at).await), expected, "{name} for {user}");
    }
    assert_eq!(count.load(Ordering::SeqCst), 1, "it was not even asked");
}

#[tokio::test]
async fn wrong_values_are_answered_with_what_was_meant() {
    let count = Arc::new(AtomicUsize::new(0));
    let mut stage = Stage::new(completed(&count, false));
    stage.say(ALICE, "!pick alhpa");
    let answer = stage.tape.wait(1).await;
    assert!(text(&answer).starts_with("`what`: I do not know `alhpa`. Did you mean `alpha`?"), "{answer:?}");
    let mut stage = Stage::new(completed(&count, true));
    stage.say(ALICE, "!pick GAMMA");
    assert_eq!(text(&stage.tape.wait(1).await), "Gamma", "as it is suggested");
    stage.say(ALICE, "!pick bet");
    assert!(text(&stage.tape.wait(2).await).contains("Did you mean `beta`?"));
    stage.slash(ALICE, "pick", json!([{"name": "what", "type": 3, "value": "omega"}]));
    let answer = stage.tape.wait(3).await;
    assert!(is_ephemeral(&answer) && text(&answer).contains("I do not know `omega`."), "{answer:?}");
    assert!(!text(&answer).contains("Did you mean"));
    assert!(matches!(answer, Call::Answer { interaction, .. } if interaction != Id::new(1)));
}

#[tokio::test]
async fn what_was_meant_is_worked_out_only_when_it_is_told() {
    let count = Arc::new(AtomicUsize::new(0));
    let mut stage = Stage::new(completed(&count, true));
    stage.say(ALICE, "!pick alhpa");
    assert!(text(&stage.tape.wait(1).await).contains("Did you mean `alpha`?"));
    let asked = count.load(Ordering::SeqCst);
    assert!(asked > 1, "by the check, and for what was meant");
    stage.say(ALICE, "!pick alhpa");
    stage.settle().await;
    assert_eq!(
        (stage.tape.calls().len(), count.load(Ordering::SeqCst)),
        (1, asked + 1),
        "by the check alone"
    );
}

#[tokio::test]
async fn a_refusal_waits_once_for_what_was_meant() {
    let stuck = Completer::new(|_: Suggest| std::future::pending::<Vec<Choice>>());
    let option = OptionSpec::new(OptionKind::String, "what", "x").autocomplete(stuck);
    let refuse = Handler::new(|_, _| async { Err(Failure::not_known("what", "it")) });
    let mut stage = Stage::new(Cog::new("T").command(Spec::new("pick", "x", refuse).option(option)));
    stage.say(ALICE, "!pick it");
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(1));
    assert!(text(&stage.tape.wait(1).await).contains("I do not know `it`."));
}
