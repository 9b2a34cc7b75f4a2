//! Whole calls against the stand-ins: ready-made views, persistent components, edited messages.

use std::time::Duration;

use serde_json::{Value, json};
use twilight_model::channel::Message;
use twilight_model::gateway::event::Event;
use twilight_model::gateway::payload::incoming::MessageUpdate;

use super::tests::{is_ephemeral, text};
use crate::testing::{ALICE, BOB, BOT, Stage, owned_by};
use crate::wire::{Answer, Call, Edit, MessageRef, Place, WireError};
use crate::{
    AutoDelete, Cog, CommandResult, CommandSettings, Ctx, Failure, Limits, Modal, PersistentPress, Reply,
    Trigger, ViewOptions, command, persistent_id, ui,
};

/// Shows pages.
#[command]
async fn pages(ctx: Ctx) -> CommandResult {
    ctx.pages(["one", "two", "three"].map(Reply::text).to_vec()).await
}

/// Asks first.
#[command]
async fn wipe(ctx: Ctx) -> CommandResult {
    match ctx.confirm("Really?").await? {
        Some(chosen) if chosen.value => chosen.finish("Gone.").await,
        Some(chosen) => chosen.finish("Kept.").await,
        None => Ok(()),
    }
}

/// Lets one choose.
#[command]
async fn tea(ctx: Ctx) -> CommandResult {
    let Some(chosen) = ctx.choose("Which?", [("Green", "g"), ("Black", "b")]).await? else { return Ok(()) };
    let said = format!("You get {}.", chosen.value);
    chosen.finish(said).await
}

/// Asks for a form.
#[command]
async fn form(ctx: Ctx) -> CommandResult {
    let modal = Modal::new("sent", "Form").field("Name", ui::short_input("name"));
    let Some(chosen) = ctx.ask("Please fill this in.", modal).await? else { return Ok(()) };
    let said = format!("Hello {}.", chosen.value.text("name"));
    chosen.finish(said).await
}

async fn vote(press: PersistentPress) -> CommandResult {
    match press.state() {
        "yes" | "no" => {
            press.reply_ephemeral(format!("{} voted {}", press.invoker().name, press.state())).await
        }
        "quiet" => Ok(()),
        "panic" => panic!("on purpose"),
        _ => Err(Failure::refused("This button is of an older version.")),
    }
}

fn cog() -> Cog {
    Cog::new("T").command(pages).command(wipe).command(tea).command(form).persistent("vote", vote)
}

/// Decides about somebody.
#[command(permissions(KICK_MEMBERS), bot_permissions(SEND_MESSAGES), cooldown = "1 per 1h per user")]
async fn judge(ctx: Ctx) -> CommandResult {
    ctx.reply("judged").await
}

/// Only for the bot's owners.
#[command(owner_only)]
async fn secret(ctx: Ctx) -> CommandResult {
    ctx.reply("secret").await
}

async fn verdict(press: PersistentPress) -> CommandResult {
    match press.state() {
        "hold" => std::future::pending().await,
        state => press.reply_ephemeral(format!("{state} done")).await,
    }
}

fn court() -> Cog {
    Cog::new("Court")
        .command(judge)
        .command(secret)
        .persistent_of("judge", "verdict", verdict)
        .persistent_of("secret", "secret", verdict)
        .persistent("vote", vote)
}

fn json_of(call: &Call) -> Value {
    let reply = match call {
        Call::Send { reply, .. }
        | Call::Answer {
            answer: Answer::Message { reply, .. } | Answer::Update(Edit::Whole(reply)), ..
        }
        | Call::Edit { edit: Edit::Whole(reply), .. } => reply,
        other => panic!("says nothing: {other:?}"),
    };
    serde_json::to_value(&**reply).unwrap()
}

#[tokio::test]
async fn pages_are_turned_and_end() {
    let mut stage = Stage::new(cog());
    let id = stage.say(ALICE, "!pages");
    let first = json_of(&stage.tape.wait(1).await);
    let buttons = |shown: &Value| {
        let row = shown["components"][0]["components"].as_array().unwrap().clone();
        row.iter()
            .map(|b| (b["label"].as_str().unwrap().to_owned(), b["disabled"] == json!(true)))
            .collect::<Vec<_>>()
    };
    let expected = [("Previous".to_owned(), true), ("1/3".to_owned(), true), ("Next".to_owned(), false)];
    assert_eq!(buttons(&first), expected);
    for _ in 0..3 {
        stage.press(ALICE, &format!("{id}:on"));
    }
    let last = stage.tape.wait(4).await;
    assert_eq!(text(&last), "three");
    assert!(buttons(&json_of(&last))[2].1, "there is no next one");
    stage.press(BOB, &format!("{id}:back"));
    assert!(is_ephemeral(&stage.tape.wait(5).await), "they are Alice's");
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(181));
    let call = stage.tape.wait(6).await;
    assert!(matches!(call, Call::Edit { edit: Edit::Components(_), .. }), "{call:?}");
}

#[tokio::test]
async fn questions_and_choices_are_answered() {
    let mut stage = Stage::new(cog());
    let id = stage.say(ALICE, "!wipe");
    stage.tape.wait(1).await;
    stage.press(ALICE, &format!("{id}:no"));
    assert_eq!(text(&stage.tape.wait(2).await), "Kept.");
    let id = stage.slash(ALICE, "wipe", json!([]));
    stage.tape.wait(3).await;
    stage.press(ALICE, &format!("{id}:yes"));
    assert_eq!(text(&stage.tape.wait(4).await), "Gone.");
    let id = stage.say(ALICE, "!tea");
    stage.tape.wait(5).await;
    let data = json!({"component_type": 3, "custom_id": format!("{id}:choice"), "values": ["b"]});
    stage.interact(ALICE, 3, data, json!({"message": crate::testing::view_message()}));
    assert_eq!(text(&stage.tape.wait(6).await), "You get b.");
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 6, "finished views are not disabled again");
}

/// Asks and then confirms.
#[command]
async fn sure(ctx: Ctx) -> CommandResult {
    let Some(answer) = ctx.confirm("Sure?").await? else { return Ok(()) };
    answer.confirm_done("It is done.").await
}

#[tokio::test]
async fn a_confirmation_at_the_end_of_a_view_does_not_stay() {
    let mut stage = Stage::new(Cog::new("T").command(sure));
    let id = stage.say(ALICE, "!sure");
    stage.tape.wait(1).await;
    stage.press(ALICE, &format!("{id}:yes"));
    assert_eq!(text(&stage.tape.wait(2).await), "It is done.");
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(10));
    let mut gone = Vec::new();
    for at in [3, 4] {
        let Call::Delete { at } = stage.tape.wait(at).await else { panic!("{:#?}", stage.tape.calls()) };
        gone.push(at.message.get());
    }
    assert_eq!(gone, [800_000_000_000_000_001, id], "the question's message and what called");
    stage.slash(ALICE, "sure", json!([]));
    stage.tape.wait(5).await;
    stage.settle().await;
    assert_eq!(stage.tape.calls().iter().filter(|call| matches!(call, Call::Delete { .. })).count(), 2);
}

#[tokio::test]
async fn what_is_to_stay_stays() {
    for (success, invocation, gone) in [(0, true, 0), (10, false, 1)] {
        let keep = AutoDelete { success: Duration::from_secs(success), invocation, ..AutoDelete::default() };
        let mut stage =
            Stage::with_parts(Cog::new("T").command(show), |parts| parts.settings.auto_delete = keep);
        stage.say(ALICE, "!show 1");
        stage.tape.wait(1).await;
        stage.clock.sleepers(gone).await;
        stage.clock.advance(Duration::from_secs(success));
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        let calls = stage.tape.calls();
        assert_eq!(calls.len(), 1 + gone, "{calls:#?}");
        let answer =
            |call: &Call| matches!(call, Call::Delete { at } if at.message.get() == 800_000_000_000_000_001);
        assert!(calls[1..].iter().all(answer), "the answer goes, the call stays: {calls:#?}");
    }
}

#[tokio::test]
async fn a_form_opens_at_once_or_by_a_button() {
    let mut stage = Stage::new(cog());
    let id = stage.slash(ALICE, "form", json!([]));
    let call = stage.tape.wait(1).await;
    assert!(
        matches!(&call, Call::Answer { answer: Answer::Modal(modal), .. } if modal.id == format!("{id}:sent"))
    );
    stage.submit(ALICE, &format!("{id}:sent"), "name", "Al");
    assert_eq!(text(&stage.tape.wait(2).await), "Hello Al.");
    let id = stage.say(ALICE, "!form");
    assert_eq!(text(&stage.tape.wait(3).await), "Please fill this in.");
    stage.press(ALICE, &format!("{id}:open form"));
    let call = stage.tape.wait(4).await;
    assert!(matches!(&call, Call::Answer { answer: Answer::Modal(_), .. }), "{call:?}");
    stage.submit(ALICE, &format!("{id}:sent"), "name", "Bo");
    assert_eq!(text(&stage.tape.wait(5).await), "Hello Bo.");
}

#[tokio::test]
async fn persistent_components_need_no_memory() {
    let mut stage = Stage::new(cog());
    stage.press(BOB, &persistent_id("vote", "yes").unwrap());
    let call = stage.tape.wait(1).await;
    assert!(is_ephemeral(&call) && text(&call) == "bob voted yes", "{call:?}");
    stage.press(BOB, &persistent_id("vote", "quiet").unwrap());
    let call = stage.tape.wait(2).await;
    assert!(matches!(call, Call::Answer { answer: Answer::DeferUpdate, .. }), "{call:?}");
    stage.press(BOB, &persistent_id("vote", "maybe").unwrap());
    assert!(text(&stage.tape.wait(3).await).contains("older version"));
    stage.press(BOB, &persistent_id("vote", "panic").unwrap());
    assert!(text(&stage.tape.wait(4).await).contains("noted as"));
    stage.press(BOB, &persistent_id("gone", "x").unwrap());
    assert!(text(&stage.tape.wait(5).await).contains("closed"));
}

#[tokio::test]
async fn a_component_of_a_command_passes_its_checks() {
    let owner = |parts: &mut crate::Parts| parts.policy.owners = owned_by(BOB);
    let mut stage = Stage::with_parts(court(), owner);
    let id = |kind: &str| persistent_id(kind, "x").unwrap();
    let permitted = json!({"member": {"user": crate::testing::person(ALICE), "roles": [], "deaf": false, "mute": false,
        "flags": 0, "permissions": "2", "joined_at": null, "nick": null}, "message": crate::testing::view_message()});
    let press = stage.press(ALICE, &id("verdict"));
    let call = stage.tape.wait(1).await;
    assert!(is_ephemeral(&call) && text(&call).contains("You need **Kick Members**"), "{call:?}");
    let found = stage.dispatcher.decisions().find(&press.to_string()).expect("it left a decision");
    assert_eq!((&*found.command, found.trigger), ("judge", Trigger::Component));
    let last = found.steps.last().expect("was checked");
    assert_eq!((last.check, last.passed), ("user permissions", false));
    for count in [2, 3] {
        let data = json!({"component_type": 2, "custom_id": id("verdict")});
        stage.interact(ALICE, 3, data, permitted.clone());
        assert_eq!(text(&stage.tape.wait(count).await), "x done", "and again: it takes no cooldown");
    }
    stage.press(ALICE, &id("secret"));
    assert!(text(&stage.tape.wait(4).await).contains("Only the owners of the bot"));
    stage.press(BOB, &id("secret"));
    assert_eq!(text(&stage.tape.wait(5).await), "x done");
    let disabled = ["secret".to_owned(), "vote".to_owned()].into();
    stage.dispatcher.apply_settings(CommandSettings { disabled, ..CommandSettings::default() });
    stage.press(BOB, &id("secret"));
    assert!(text(&stage.tape.wait(6).await).contains("switched off"));
    let direct = json!({"guild_id": "absent", "member": "absent", "user": crate::testing::person(BOB),
        "message": crate::testing::view_message()});
    stage.interact(BOB, 3, json!({"component_type": 2, "custom_id": id("verdict")}), direct);
    assert!(text(&stage.tape.wait(7).await).contains("only works in a server"));
    stage.press(ALICE, &persistent_id("vote", "yes").unwrap());
    let call = stage.tape.wait(8).await;
    assert_eq!(text(&call), "alice voted yes", "one of no command is not meant, whatever it is called");
}

#[tokio::test]
async fn presses_take_turns_and_do_not_wait_for_ever() {
    let limits = Limits { total: 9, per_guild: 9, per_person: 1, queued_per_guild: 3, queued: 9 };
    let mut stage = Stage::with_limits(Cog::new("T").persistent("verdict", verdict), limits);
    stage.press(ALICE, &persistent_id("verdict", "hold").unwrap());
    stage.press(ALICE, &persistent_id("verdict", "second").unwrap());
    stage.press(BOB, &persistent_id("verdict", "first").unwrap());
    assert_eq!(text(&stage.tape.wait(1).await), "first done", "others do not wait for Alice");
    stage.press(BOB, &persistent_id("verdict", "third").unwrap());
    assert_eq!(text(&stage.tape.wait(2).await), "third done");
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(2));
    let call = stage.tape.wait(3).await;
    assert!(is_ephemeral(&call) && text(&call).contains("Too much is going on"), "{call:?}");
}

#[test]
fn a_component_of_no_command_is_a_mistake() {
    let build = |cog| crate::Catalog::build([Cog::new("A").command(judge), cog]);
    let problems =
        build(Cog::new("B").persistent_of("judge", "verdict", verdict)).expect_err("is of another cog");
    assert_eq!(
        problems[0].problem,
        "components of the kind `verdict` are of `judge`, which is no command here"
    );
    let twice = Cog::new("B").persistent("vote", vote).persistent("vote", vote);
    assert!(build(twice).is_err() && build(Cog::new("B").persistent("No", vote)).is_err());
}

/// Says it.
#[command]
async fn say(ctx: Ctx, #[option(rest)] what: String) -> CommandResult {
    ctx.reply(what).await?;
    ctx.follow_up("and more").await
}

/// A message as it is after an update.
pub(super) fn updated(id: u64, text: &str, edited: bool) -> Message {
    let message = json!({
        "id": id.to_string(), "type": 0, "channel_id": crate::testing::CHANNEL.to_string(),
        "guild_id": crate::testing::GUILD.to_string(), "content": text,
        "timestamp": "2023-11-14T22:13:20.000000+00:00",
        "edited_timestamp": edited.then_some("2023-11-14T22:13:30.000000+00:00"), "tts": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
        "pinned": false, "author": crate::testing::person(ALICE)
    });
    serde_json::from_value(message).unwrap()
}

pub(super) fn edit(stage: &Stage, id: u64, text: &str, edited: bool) {
    let message = MessageUpdate(updated(id, text, edited));
    stage.dispatcher.handle(&Event::MessageUpdate(Box::new(message)));
}

/// Needs a number, and lays it out as it is told.
#[command]
pub(super) async fn show(ctx: Ctx, number: u8, layout: Option<bool>) -> CommandResult {
    let text = number.to_string();
    if layout == Some(true) {
        return ctx.reply(Reply::layout([ui::text(text).into()])).await;
    }
    ctx.success("Shown", &text).await
}

pub(super) fn tracking(cog: Cog) -> Stage {
    Stage::with_parts(cog, |parts| parts.settings.edit_window = Duration::from_secs(60))
}

#[tokio::test]
async fn a_corrected_answer_is_not_deleted_with_the_error_it_replaces() {
    let mut stage = tracking(Cog::new("T").command(show));
    let id = stage.say(ALICE, "!show x");
    stage.tape.wait(1).await;
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(9));
    edit(&stage, id, "!show 3", true);
    assert!(text(&stage.tape.wait(2).await).contains('3'));
    stage.clock.sleepers(2).await;
    stage.clock.advance(Duration::from_secs(1));
    // The time of the error has come: nothing is deleted. That of the confirmation comes later.
    stage.clock.sleepers(1).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.tape.calls().len(), 2, "{:#?}", stage.tape.calls());
    stage.clock.advance(Duration::from_secs(9));
    let gone = [stage.tape.wait(3).await, stage.tape.wait(4).await];
    assert!(
        gone.iter().all(|call| matches!(call, Call::Delete { .. })),
        "the answer and what called: {gone:#?}"
    );
    // Now that it is gone, an edit makes a new one; a wrong one is told although it was told a moment ago.
    edit(&stage, id, "!show x", true);
    let call = stage.tape.wait(5).await;
    assert!(matches!(&call, Call::Send { nonce, .. } if *nonce == format!("{id}e2")), "{call:?}");
    edit(&stage, id, "!show y", true);
    let call = stage.tape.wait(6).await;
    assert!(matches!(&call, Call::Edit { .. }), "{call:?}");
}

#[tokio::test]
async fn an_answer_of_another_layout_is_a_new_message() {
    let mut stage = tracking(Cog::new("T").command(show));
    let id = stage.say(ALICE, "!show 1 yes");
    stage.tape.wait(1).await;
    for (at, line, before) in [(2, "!show 2 no", 1), (4, "!show 3 yes", 2)] {
        edit(&stage, id, line, true);
        let call = stage.tape.wait(at).await;
        assert!(matches!(&call, Call::Send { .. }), "{call:?}");
        let call = stage.tape.wait(at + 1).await;
        let Call::Delete { at } = &call else { panic!("{call:?}") };
        assert_eq!(at.message.get(), 800_000_000_000_000_000 + before, "the answer of before");
    }
    // One that was edited into something else since is replaced as well.
    stage.tape.fail(WireError::Refused { status: 400, code: 50_035, message: "Invalid Form Body".into() });
    edit(&stage, id, "!show 4 yes", true);
    assert!(matches!(stage.tape.wait(6).await, Call::Edit { .. }));
    assert!(matches!(stage.tape.wait(7).await, Call::Send { .. }));
    assert!(matches!(stage.tape.wait(8).await, Call::Delete { .. }));
}

#[tokio::test]
async fn an_edited_message_runs_again_in_its_time() {
    let mut stage = Stage::new(Cog::new("T").command(say));
    let id = stage.say(ALICE, "!say a");
    stage.tape.wait(2).await;
    edit(&stage, id, "!say b", true);
    let on = CommandSettings { edit_window: Duration::from_secs(60), ..CommandSettings::default() };
    stage.dispatcher.apply_settings(on);
    let id = stage.say(ALICE, "!say one");
    stage.tape.wait(4).await;
    edit(&stage, id, "!say one", true);
    edit(&stage, id, "!say other", false);
    edit(&stage, id, "!say two", true);
    let call = stage.tape.wait(5).await;
    let Call::Edit { place: Place::Channel(MessageRef { message, .. }), .. } = &call else {
        panic!("{call:?}")
    };
    assert_eq!(
        (text(&call), message.get()),
        ("two", 800_000_000_000_000_003),
        "off, the same, no edit: nothing came of those"
    );
    let call = stage.tape.wait(6).await;
    assert!(matches!(&call, Call::Send { nonce, .. } if *nonce == format!("{id}e1-2")), "{call:?}");
    stage.tape.fail(WireError::Refused { status: 404, code: 10_008, message: "Unknown Message".into() });
    edit(&stage, id, "!say three", true);
    let call = stage.tape.wait(8).await;
    assert!(
        matches!(&call, Call::Send { nonce, .. } if *nonce == format!("{id}e2")),
        "its answer was gone: {call:?}"
    );
    stage.tape.wait(9).await;
    // One that had no command becomes one; then its time is over.
    let id = stage.say(ALICE, "no command");
    edit(&stage, id, &format!("<@{BOT}> say four"), true);
    assert_eq!(text(&stage.tape.wait(10).await), "four");
    stage.tape.wait(11).await;
    stage.clock.advance(Duration::from_secs(61));
    edit(&stage, id, "!say five", true);
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 11);
}

/// Shows a menu to the caller alone, for an hour.
#[command]
async fn whisper(ctx: Ctx) -> CommandResult {
    let shown = Reply::text("psst").ephemeral().component(ui::row([ui::button("on", "On").into()]));
    let options = ViewOptions { idle: Duration::from_secs(60 * 60), ..ViewOptions::default() };
    let mut view = ctx.open_with(shown, options).await?;
    while let Some(press) = view.next().await {
        press.reply_ephemeral("working").await?;
        ctx.clock().sleep(Duration::from_secs(16 * 60)).await;
        view.edit("done").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_whisper_past_its_time_gives_up_in_silence_and_says_so_when_it_is_used() {
    let mut stage = Stage::new(Cog::new("T").command(whisper));
    let id = stage.slash(ALICE, "whisper", json!([]));
    stage.tape.wait(1).await;
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(60 * 60));
    while stage.clock.is_slept() {
        tokio::task::yield_now().await;
    }
    stage.press(ALICE, &format!("{id}:on"));
    let call = stage.tape.wait(2).await;
    let told = "This menu is closed. Run `/whisper` again to get a fresh one.";
    assert!(is_ephemeral(&call) && text(&call) == told, "not disabled, as it cannot be: {call:?}");
    // What was said to a press is no way to the menu, and after 16 minutes there is none to the person either.
    let id = stage.slash(ALICE, "whisper", json!([]));
    stage.tape.wait(3).await;
    stage.press(ALICE, &format!("{id}:on"));
    assert_eq!(text(&stage.tape.wait(4).await), "working");
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(16 * 60));
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 4, "{:#?}", stage.tape.calls());
}
