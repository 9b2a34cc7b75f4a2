//! Whole calls against the stand-ins: routing, answers in both forms, failures, views.

use std::time::Duration;

use serde_json::json;

use crate::testing::{ALICE, BOB, BOT, CHANNEL, Stage};
use crate::wire::{Answer, Call, Edit, MessageRef, Place, WireError};
use crate::{
    Audience, Choice, Cog, CommandResult, Completer, Ctx, Failure, Handler, Limits, Modal, OptionKind,
    OptionSpec, Reply, Spec, Suggest, Trigger, Triggers, ViewOptions, command, ui,
};

/// Adds one.
#[command(aliases("inc"))]
async fn next(ctx: Ctx, #[option(min = 1, max = 9)] number: u8) -> CommandResult {
    ctx.reply(format!("{}", number + 1)).await
}

/// Says how it was called.
#[command]
async fn how(ctx: Ctx) -> CommandResult {
    ctx.defer(true).await?;
    ctx.reply_ephemeral(format!("{:?} {}", ctx.trigger(), ctx.opening())).await?;
    ctx.follow_up("more").await?;
    ctx.edit("edited").await
}

/// Needs a permission.
#[command(permissions(KICK_MEMBERS), bot_permissions(MANAGE_ROLES))]
async fn kick(ctx: Ctx) -> CommandResult {
    ctx.reply("kicked").await
}

/// Fails in the way it is told.
#[command]
async fn fail(ctx: Ctx, how: String) -> CommandResult {
    match how.as_str() {
        "panic" => panic!("on purpose"),
        "parse" => ctx.reply("x".parse::<u8>()?.to_string()).await,
        "refuse" => Err(Failure::refused("no")),
        _ => ctx.reply("fine").await,
    }
}

/// Opens a menu.
#[command]
async fn menu(ctx: Ctx) -> CommandResult {
    let shown = |text: &str| {
        let buttons = [
            ui::button("more", "More").into(),
            ui::button("form", "Form").into(),
            ui::button("end", "End").into(),
        ];
        Reply::text(text).component(ui::row(buttons))
    };
    let mut view = ctx.open(shown("start")).await?;
    let mut count = 0;
    while let Some(press) = view.next().await {
        match press.id() {
            "more" => {
                count += 1;
                press.update(shown(&format!("{count}"))).await?;
            }
            "form" => {
                press.open_form(Modal::new("sent", "Form").field("Name", ui::short_input("name"))).await?;
            }
            "sent" => {
                let crate::PressKind::Form(fields) = press.kind() else { continue };
                press.reply_ephemeral(fields.text("name")).await?;
            }
            "end" => return press.finish("over").await,
            "silent" => {}
            other => return Err(Failure::internal(format!("no such button: {other}"))),
        }
    }
    Ok(())
}

fn cog() -> Cog {
    Cog::new("Test").command(next).command(how).command(kick).command(fail).command(menu)
}

fn stage() -> Stage {
    Stage::new(cog())
}

pub(super) fn text(call: &Call) -> &str {
    let reply = match call {
        Call::Send { reply, .. }
        | Call::FollowUp { reply, .. }
        | Call::Answer {
            answer: Answer::Message { reply, .. } | Answer::Update(Edit::Whole(reply)), ..
        }
        | Call::Edit { edit: Edit::Whole(reply), .. } => reply,
        other => panic!("says nothing: {other:?}"),
    };
    match reply.embeds().first() {
        Some(embed) => embed.description.as_deref().unwrap_or_default(),
        None => reply.content(),
    }
}

pub(super) fn is_ephemeral(call: &Call) -> bool {
    match call {
        Call::Answer { answer: Answer::Message { reply, .. }, .. } => reply.is_ephemeral(),
        _ => false,
    }
}

#[tokio::test]
async fn the_prefix_form_replies_with_reference_and_nonce() {
    let mut stage = stage();
    let id = stage.say(ALICE, "!NEXT 3");
    let call = stage.tape.wait(1).await;
    let Call::Send { channel, reference, nonce, .. } = &call else { panic!("{call:?}") };
    assert_eq!((channel.get(), reference.map(twilight_model::id::Id::get)), (CHANNEL, Some(id)));
    assert_eq!((nonce.as_str(), text(&call)), (id.to_string().as_str(), "4"));
}

#[tokio::test]
async fn all_forms_reach_the_same_body() {
    let mut stage = stage();
    stage.say(ALICE, &format!("<@{BOT}>  inc 4"));
    assert_eq!(text(&stage.tape.wait(1).await), "5");
    stage.say(ALICE, &format!("<@!{BOT}> next number:5"));
    assert_eq!(text(&stage.tape.wait(2).await), "6");
    stage.slash(ALICE, "next", json!([{"name": "number", "type": 4, "value": 6}]));
    assert_eq!(text(&stage.tape.wait(3).await), "7");
}

#[tokio::test]
async fn what_is_no_call_is_left_alone() {
    let mut stage = stage();
    stage.say(ALICE, "!nothing");
    stage.say(ALICE, "! next 3");
    stage.say(ALICE, "next 3");
    stage.say(ALICE, "!");
    stage.say(BOT, "!next 3");
    stage.say(ALICE, &format!("<@{BOB}> next 3"));
    stage.say_with(ALICE, "!next 3", json!({"webhook_id": "5"}));
    stage.settle().await;
    assert_eq!(stage.tape.calls(), []);
}

#[tokio::test]
async fn a_mention_alone_is_answered_with_the_prefix() {
    let mut stage = stage();
    stage.say(ALICE, &format!("<@{BOT}> "));
    assert_eq!(text(&stage.tape.wait(1).await), "My prefix here is `!`.");
}

#[tokio::test]
async fn defer_reply_follow_up_and_edit_in_both_forms() {
    let mut stage = stage();
    let id = stage.say(ALICE, "!how");
    stage.tape.wait(4).await;
    let calls = stage.tape.calls();
    assert!(matches!(calls[0], Call::Typing { .. }));
    assert_eq!((text(&calls[1]), text(&calls[2]), text(&calls[3])), ("Prefix !", "more", "edited"));
    assert!(matches!(&calls[1], Call::Send { reply, .. } if !reply.is_ephemeral()), "everybody sees it here");
    assert!(matches!(&calls[2], Call::Send { nonce, .. } if *nonce == format!("{id}-2")));
    assert!(matches!(&calls[3], Call::Edit { place: Place::Channel(at), .. } if at.message.get() % 10 == 3));

    stage.slash(ALICE, "how", json!([]));
    stage.tape.wait(8).await;
    let calls = stage.tape.calls();
    assert!(matches!(calls[4], Call::Answer { answer: Answer::Defer { ephemeral: true }, .. }));
    assert!(matches!(&calls[5], Call::Edit { place: Place::Original(_), .. }));
    assert!(matches!(&calls[6], Call::FollowUp { .. }));
    assert!(matches!(&calls[7], Call::Edit { place: Place::FollowUp(..), .. }));
    assert_eq!((text(&calls[5]), text(&calls[7])), ("Slash /", "edited"));
}

#[tokio::test]
async fn bad_arguments_are_answered_with_usage_and_example() {
    let mut stage = stage();
    stage.say(ALICE, "!next 10");
    let answer = stage.tape.wait(1).await;
    let expected =
        "`number`: this must lie between 1 and 9.\nUsage: `!next <number: 1-9>`\nExample: `!next 3`";
    assert_eq!(text(&answer), expected);
    stage.say(ALICE, "!next");
    assert!(text(&stage.tape.wait(2).await).starts_with("`number` is missing"));
    stage.slash(ALICE, "next", json!([{"name": "number", "type": 4, "value": 10}]));
    let answer = stage.tape.wait(3).await;
    assert!(is_ephemeral(&answer) && text(&answer).contains("between 1 and 9"));
}

#[tokio::test]
async fn permissions_are_checked_in_both_forms() {
    let mut stage = stage();
    stage.say(ALICE, "!kick");
    assert!(text(&stage.tape.wait(1).await).contains("You need **Kick Members**"));
    // The invoker may, but the bot may not.
    let member = json!({"roles": [crate::testing::Town::BAKERS.to_string()], "deaf": false, "mute": false, "flags": 0,
                        "joined_at": null, "nick": null});
    stage.say_with(ALICE, "!kick", json!({"member": member}));
    assert!(text(&stage.tape.wait(2).await).contains("I need **Manage Roles**"));
    stage.slash(ALICE, "kick", json!([]));
    assert!(
        text(&stage.tape.wait(3).await).contains("You need **Kick Members**"),
        "Discord said what Alice may do"
    );
    stage.say_with(ALICE, "!kick", json!({"guild_id": "absent", "member": "absent"}));
    assert!(text(&stage.tape.wait(4).await).contains("only works in a server"));
}

#[tokio::test]
async fn faults_show_an_id_and_hide_the_cause() {
    let mut stage = stage();
    for (at, how) in ["panic", "parse"].into_iter().enumerate() {
        let id = stage.say(ALICE, &format!("!fail {how}"));
        let answer = stage.tape.wait(at + 1).await;
        assert!(text(&answer).contains("has been noted as"), "{answer:?}");
        assert!(
            !text(&answer).contains("on purpose") && !text(&answer).contains("digit"),
            "{id}: {answer:?}"
        );
    }
    stage.say(ALICE, "!fail refuse");
    assert_eq!(text(&stage.tape.wait(3).await), "no");
    stage.tape.fail(WireError::Refused { status: 403, code: 50_013, message: "Missing Permissions".into() });
    stage.say(ALICE, "!fail not");
    stage.tape.wait(5).await;
    assert!(text(&stage.tape.calls()[4]).contains("lack a permission"));
}

#[tokio::test]
async fn an_interaction_answered_before_counts_as_answered_and_a_late_one_is_silent() {
    let mut stage = stage();
    stage.tape.fail(WireError::Refused { status: 400, code: 40_060, message: "already".into() });
    stage.slash(ALICE, "fail", json!([{"name": "how", "type": 3, "value": "not"}]));
    stage.tape.wait(1).await;
    stage.tape.fail(WireError::Refused { status: 404, code: 10_062, message: "unknown".into() });
    stage.slash(ALICE, "fail", json!([{"name": "how", "type": 3, "value": "not"}]));
    stage.tape.wait(2).await;
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 2, "{:#?}", stage.tape.calls());
}

#[tokio::test]
async fn a_registration_without_command_is_told() {
    let mut stage = stage();
    stage.slash(ALICE, "gone", json!([]));
    assert!(text(&stage.tape.wait(1).await).contains("does not exist any more"));
}

#[tokio::test]
async fn triggers_are_kept() {
    let spec = |name: &str, triggers| {
        Spec::new(
            name,
            "x",
            Handler::new(|ctx: Ctx, _| async move { ctx.reply(format!("{:?}", ctx.trigger())).await }),
        )
        .triggers(triggers)
    };
    let cog = Cog::new("T").command(spec("slash", Triggers::SLASH)).command(spec("text", Triggers::TEXT));
    let mut stage = Stage::new(cog);
    stage.say(ALICE, "!slash");
    stage.say(ALICE, "!text");
    assert_eq!(text(&stage.tape.wait(1).await), format!("{:?}", Trigger::Prefix));
    let names: Vec<_> = stage.dispatcher.registrations().into_iter().map(|command| command.name).collect();
    assert_eq!(names, ["slash"]);
}

#[tokio::test]
async fn a_flood_is_bounded() {
    let wait = Handler::new(|_, _| async { std::future::pending().await });
    let limits = Limits { total: 1, per_guild: 1, per_person: 1, queued_per_guild: 2, queued: 10 };
    let mut stage = Stage::with_limits(Cog::new("T").command(Spec::new("wait", "x", wait)), limits);
    stage.slash(ALICE, "wait", json!([]));
    stage.clock.sleepers(0).await;
    stage.slash(ALICE, "wait", json!([]));
    stage.slash(ALICE, "wait", json!([]));
    assert!(text(&stage.tape.wait(1).await).contains("Too much is going on"), "the queue holds two");
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(2));
    assert!(
        text(&stage.tape.wait(2).await).contains("Too much is going on"),
        "the second waited for its turn in vain"
    );
}

#[tokio::test]
async fn suggestions_are_shown_unless_they_come_too_late() {
    let slow = |about: Suggest| async move {
        if about.text == "slow" {
            std::future::pending::<()>().await;
        }
        assert_ne!(about.text, "panic");
        about.matching(["alpha", "beta"])
    };
    let option = OptionSpec::new(OptionKind::String, "what", "x").autocomplete(Completer::new(slow));
    let spec = Spec::new("pick", "x", Handler::new(|_, _| async { Ok(()) })).option(option);
    let mut stage = Stage::new(Cog::new("T").command(spec));
    let focus = |text: &str| json!([{"name": "what", "type": 3, "value": text, "focused": true}]);
    stage.type_in(ALICE, "pick", focus("slow"));
    stage.type_in(BOB, "pick", focus("panic"));
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(3));
    stage.type_in(ALICE, "pick", focus("b"));
    let call = stage.tape.wait(1).await;
    assert!(
        matches!(&call, Call::Answer { answer: Answer::Choices(all), .. } if *all == [Choice::same("beta")]),
        "{call:?}"
    );
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 1);
}

#[tokio::test]
async fn presses_reach_their_view_and_only_the_invoker_may() {
    let mut stage = stage();
    let id = stage.say(ALICE, "!menu");
    let opened = stage.tape.wait(1).await;
    let Call::Send { reply, .. } = &opened else { panic!("{opened:?}") };
    let shown = serde_json::to_value(&**reply).unwrap();
    assert_eq!(shown["components"][0]["components"][0]["custom_id"], json!(format!("{id}:more")));

    stage.press(ALICE, &format!("{id}:more"));
    let call = stage.tape.wait(2).await;
    assert!(matches!(&call, Call::Answer { answer: Answer::Update(_), .. }), "{call:?}");
    assert_eq!(text(&call), "1");

    stage.press(BOB, &format!("{id}:more"));
    let call = stage.tape.wait(3).await;
    assert!(is_ephemeral(&call) && text(&call).contains("belongs to somebody else"));

    stage.press(ALICE, &format!("{id}:form"));
    let call = stage.tape.wait(4).await;
    let Call::Answer { answer: Answer::Modal(modal), .. } = &call else { panic!("{call:?}") };
    assert_eq!(modal.id, format!("{id}:sent"));
    stage.submit(ALICE, &format!("{id}:sent"), "name", "Al");
    assert_eq!(text(&stage.tape.wait(5).await), "Al");

    stage.press(ALICE, &format!("{id}:end"));
    assert_eq!(text(&stage.tape.wait(6).await), "over");
    stage.press(ALICE, &format!("{id}:more"));
    let call = stage.tape.wait(7).await;
    assert!(is_ephemeral(&call) && text(&call).contains("closed"), "{call:?}");
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 7, "a finished view is not disabled again");
}

#[tokio::test]
async fn a_press_without_answer_is_acknowledged() {
    let mut stage = stage();
    let id = stage.say(ALICE, "!menu");
    stage.tape.wait(1).await;
    stage.press(ALICE, &format!("{id}:silent"));
    let call = stage.tape.wait(2).await;
    assert!(matches!(call, Call::Answer { answer: Answer::DeferUpdate, .. }), "{call:?}");
}

#[tokio::test]
async fn a_repeated_message_is_answered_once_in_a_session() {
    let mut stage = stage();
    let same = || json!({"id": "600000000000000001"});
    stage.say_with(ALICE, "!next 3", same());
    stage.say_with(ALICE, "!next 3", same());
    stage.say(ALICE, "!next 4");
    stage.tape.wait(2).await;
    let ready = json!({
        "v": 10, "guilds": [], "session_id": "s", "resume_gateway_url": "ws://x",
        "application": {"id": "1", "flags": 0},
        "user": {"id": BOT.to_string(), "username": "bot", "discriminator": "0", "avatar": null, "mfa_enabled": false}
    });
    let ready = serde_json::from_value(ready).unwrap();
    stage.dispatcher.handle(&twilight_model::gateway::event::Event::Ready(ready));
    stage.say_with(ALICE, "!next 3", same());
    stage.tape.wait(3).await;
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 3);
}

fn late() -> WireError {
    WireError::Refused { status: 404, code: 10_062, message: "Unknown interaction".into() }
}

#[tokio::test]
async fn a_press_that_comes_too_late_changes_the_view_all_the_same() {
    let mut stage = stage();
    let id = stage.say(ALICE, "!menu");
    stage.tape.wait(1).await;
    stage.tape.fail(late());
    stage.press(ALICE, &format!("{id}:more"));
    let call = stage.tape.wait(3).await;
    assert!(matches!(&call, Call::Edit { place: Place::Channel(_), .. }), "{call:?}");
    assert_eq!(text(&call), "1");
    // The next one finds the view open.
    stage.press(ALICE, &format!("{id}:more"));
    let mut calls = 4;
    while !matches!(stage.tape.wait(calls).await, Call::Answer { answer: Answer::Update(_), .. }) {
        calls += 1;
    }
    assert_eq!(text(&stage.tape.wait(calls).await), "2");
}

#[tokio::test]
async fn an_answer_that_comes_too_late_does_not_end_the_view() {
    let mut stage = stage();
    let id = stage.say(ALICE, "!menu");
    stage.tape.wait(1).await;
    stage.tape.fail(late());
    stage.press(ALICE, &format!("{id}:form"));
    stage.tape.wait(2).await;
    stage.press(ALICE, &format!("{id}:end"));
    let mut calls = 3;
    while !matches!(stage.tape.wait(calls).await, Call::Answer { answer: Answer::Update(_), .. }) {
        calls += 1;
    }
    assert_eq!(text(&stage.tape.wait(calls).await), "over");
}

#[tokio::test]
async fn without_the_history_the_answer_comes_without_a_reference() {
    let mut stage = stage();
    stage.tape.fail(WireError::Refused { status: 400, code: 160_002, message: "Cannot reply".into() });
    let id = stage.say(ALICE, "!next 3");
    let call = stage.tape.wait(2).await;
    let Call::Send { reference: None, nonce, .. } = &call else { panic!("{call:?}") };
    assert_eq!((text(&call), nonce), ("4", &id.to_string()));
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 2);
}

#[tokio::test]
async fn where_the_bot_may_not_speak_it_tries_once_to_say_so() {
    let mut stage = stage();
    let denied = || WireError::Refused { status: 403, code: 50_013, message: "Missing".into() };
    stage.tape.fail(denied());
    stage.tape.fail(denied());
    stage.say(ALICE, "!next 3");
    stage.tape.wait(2).await;
    stage.settle().await;
    let calls = stage.tape.calls();
    assert_eq!((calls.len(), text(&calls[0])), (2, "4"));
    assert!(text(&calls[1]).contains("permission"), "{calls:#?}");
}

/// The buttons of a components-only edit, all of them disabled.
fn disabled(call: &Call) -> &Place {
    let Call::Edit { place, edit: Edit::Components(components) } = call else { panic!("{call:?}") };
    let json = serde_json::to_value(components).unwrap();
    let buttons = json[0]["components"].as_array().unwrap();
    assert!(!buttons.is_empty() && buttons.iter().all(|button| button["disabled"] == json!(true)), "{json}");
    place
}

#[tokio::test]
async fn an_idle_view_disables_itself_by_the_newest_token_that_lives() {
    let mut stage = stage();
    let id = stage.say(ALICE, "!menu");
    stage.tape.wait(1).await;
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(179));
    let press = stage.press(ALICE, &format!("{id}:more"));
    stage.tape.wait(2).await;
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(179));
    assert_eq!(stage.tape.calls().len(), 2, "a press starts the time anew");
    stage.clock.advance(Duration::from_secs(1));
    let call = stage.tape.wait(3).await;
    let Place::Original(token) = disabled(&call) else { panic!("{call:?}") };
    assert_eq!(token.as_str(), format!("token-{press}"));
}

#[tokio::test]
async fn past_its_token_a_view_is_disabled_as_the_bot() {
    let mut stage = stage();
    stage.slash(ALICE, "menu", json!([]));
    let call = stage.tape.wait(1).await;
    assert!(
        matches!(call, Call::Answer { answer: Answer::Message { locate: true, .. }, .. }),
        "it must be found later"
    );
    stage.clock.sleepers(1).await;
    stage.clock.advance(Duration::from_secs(15 * 60));
    let call = stage.tape.wait(2).await;
    assert!(matches!(disabled(&call), Place::Channel(MessageRef { .. })), "{call:?}");
}

#[tokio::test]
async fn views_end_with_the_process_and_with_a_failure() {
    let mut stage = stage();
    let id = stage.say(ALICE, "!menu");
    stage.tape.wait(1).await;
    stage.press(ALICE, &format!("{id}:unknown"));
    stage.tape.wait(3).await;
    let calls = stage.tape.calls();
    assert!(
        calls.iter().any(|call| matches!(call, Call::Answer { answer: Answer::Message { .. }, .. })),
        "{calls:#?}"
    );
    let edit = calls.iter().find(|call| matches!(call, Call::Edit { .. })).expect("it is disabled");
    disabled(edit);

    stage.say(BOB, "!menu");
    stage.tape.wait(4).await;
    stage.settle().await;
    disabled(&stage.tape.wait(5).await);
}

#[tokio::test]
async fn too_many_views_of_one_person_close_the_oldest() {
    let mut stage = stage();
    for number in 1..=11 {
        stage.say(ALICE, "!menu");
        stage.tape.wait(number).await;
    }
    disabled(&stage.tape.wait(12).await);
    assert_eq!(stage.dispatcher.core.services.waiters.len(), 10);
    stage.settle().await;
    assert_eq!(stage.dispatcher.core.services.waiters.len(), 0);
}

#[tokio::test]
async fn waiting_views_do_not_hold_up_commands() {
    let limits = Limits { total: 1, per_guild: 1, per_person: 1, queued_per_guild: 2, queued: 2 };
    let mut stage = Stage::with_limits(cog(), limits);
    stage.say(ALICE, "!menu");
    stage.tape.wait(1).await;
    stage.say(BOB, "!next 1");
    assert_eq!(text(&stage.tape.wait(2).await), "2");
}

/// Opens a button for all.
#[command]
async fn vote(ctx: Ctx) -> CommandResult {
    let shown = Reply::text("vote").component(ui::row([ui::button("yes", "Yes").into()]));
    let options = ViewOptions { audience: Audience::Everybody, ..ViewOptions::default() };
    let mut view = ctx.open_with(shown, options).await?;
    while let Some(press) = view.next().await {
        press.reply(format!("{} voted {}", press.invoker().name, press.id())).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_view_can_be_for_everybody() {
    let mut stage = Stage::new(Cog::new("T").command(vote));
    let id = stage.say(ALICE, "!vote");
    stage.tape.wait(1).await;
    stage.press(BOB, &format!("{id}:yes"));
    assert_eq!(text(&stage.tape.wait(2).await), "bob voted yes");
}
