//! Messages that are edited while something of an earlier run is still under way.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::edits::Edits;
use super::tests::{is_ephemeral, text};
use super::view_tests::{edit, show, tracking, updated};
use crate::testing::{ALICE, Stage};
use crate::wire::{Answer, Call, Edit, WireError};
use crate::{Cog, CommandResult, Ctx, Failure, Reply, command, ui};

/// Says it in two steps.
#[command]
async fn slow(ctx: Ctx, what: String) -> CommandResult {
    ctx.reply(format!("{what}...")).await?;
    ctx.clock().sleep(Duration::from_secs(1)).await;
    ctx.edit(what).await
}

/// Shows a button that takes a second to do anything.
#[command]
async fn hold(ctx: Ctx, what: String) -> CommandResult {
    let shown = |text: String| Reply::text(text).component(ui::row([ui::button("on", "On").into()]));
    let mut view = ctx.open(shown(what)).await?;
    let Some(press) = view.next().await else { return Ok(()) };
    press.acknowledge().await?;
    ctx.clock().sleep(Duration::from_secs(1)).await;
    let by_press = press.update(shown("late".into())).await;
    by_press.and(view.edit(shown("late".into())).await)
}

#[tokio::test]
async fn an_earlier_run_edits_nothing_of_a_later_one() {
    let mut stage = tracking(Cog::new("T").command(slow));
    let id = stage.say(ALICE, "!slow one");
    assert_eq!(text(&stage.tape.wait(1).await), "one...");
    stage.clock.sleepers(1).await;
    edit(&stage, id, "!slow two", true);
    assert_eq!(text(&stage.tape.wait(2).await), "two...");
    stage.clock.sleepers(2).await;
    stage.clock.advance(Duration::from_secs(1));
    assert_eq!(text(&stage.tape.wait(3).await), "two");
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 3, "{:#?}", stage.tape.calls());
}

#[tokio::test]
async fn a_press_of_an_earlier_run_changes_nothing_of_a_later_one() {
    let mut stage = tracking(Cog::new("T").command(hold));
    let id = stage.say(ALICE, "!hold one");
    stage.tape.wait(1).await;
    stage.press(ALICE, &format!("{id}:on"));
    stage.tape.wait(2).await;
    stage.clock.sleepers(1).await;
    edit(&stage, id, "!hold two", true);
    assert_eq!(text(&stage.tape.wait(3).await), "two");
    stage.clock.sleepers(2).await;
    stage.clock.advance(Duration::from_secs(1));
    stage.settle().await;
    let late = |call: &&Call| matches!(call, Call::Edit { edit: Edit::Whole(_), .. }) && text(call) == "late";
    assert_eq!(stage.tape.calls().iter().filter(late).count(), 0, "{:#?}", stage.tape.calls());
}

#[tokio::test]
async fn a_menu_stays_open_until_the_new_text_calls_something() {
    let mut stage = tracking(Cog::new("T").command(hold));
    let id = stage.say(ALICE, "!hold one");
    stage.tape.wait(1).await;
    edit(&stage, id, "never mind", true);
    stage.press(ALICE, &format!("{id}:on"));
    let call = stage.tape.wait(2).await;
    assert!(matches!(&call, Call::Answer { answer: Answer::DeferUpdate, .. }), "{call:?}");
    edit(&stage, id, "!hold two", true);
    assert_eq!(text(&stage.tape.wait(3).await), "two");
    stage.press(ALICE, &format!("{id}:on"));
    let call = stage.tape.wait(4).await;
    assert!(text(&call).contains("no longer in use"), "{call:?}");
}

#[tokio::test]
async fn what_cannot_be_put_in_the_place_of_the_answer_is_told_there() {
    let mut stage = tracking(Cog::new("T").command(show));
    let id = stage.say(ALICE, "!show 1");
    stage.tape.wait(1).await;
    stage.tape.fail(WireError::Refused { status: 500, code: 0, message: "Internal Server Error".into() });
    edit(&stage, id, "!show 2", true);
    let calls = [stage.tape.wait(2).await, stage.tape.wait(3).await];
    assert!(calls.iter().all(|call| matches!(call, Call::Edit { .. })), "{calls:#?}");
    assert!(text(&calls[1]).contains("did not accept"), "{calls:#?}");
}

#[tokio::test]
async fn an_edited_message_without_an_answer_is_refused_no_more_often_than_others() {
    let mut stage: Stage = tracking(Cog::new("T").command(show));
    for _ in 0..3 {
        let id = stage.say(ALICE, "no call");
        edit(&stage, id, "!show x", true);
        stage.tape.wait(1).await;
    }
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 1, "{:#?}", stage.tape.calls());
}

#[tokio::test]
async fn a_message_that_was_edited_before_it_was_read_is_an_earlier_run() {
    let edits = Edits::default();
    let (before, after) = (updated(5, "!show 1", false), updated(5, "!show 2", true));
    assert!(edits.is_due(&after, Duration::MAX, std::time::SystemTime::now()));
    let later = edits.track(&after);
    let earlier = edits.track(&before);
    assert_eq!((earlier.run, later.run), (0, 1));
    later.begin();
    earlier.begin();
    assert!(matches!(earlier.turn().await, Err(Failure::Superseded)) && later.turn().await.is_ok());
}

/// Shows a button, is busy before it looks at who has pressed and after it, and answers nobody.
#[command]
async fn busy(ctx: Ctx, what: String, #[state] pressed: Arc<Notify>) -> CommandResult {
    let shown = Reply::text(what).component(ui::row([ui::button("on", "On").into()]));
    let mut view = ctx.open(shown).await?;
    ctx.clock().sleep(Duration::from_secs(1)).await;
    let Some(_press) = view.next().await else { return Ok(()) };
    pressed.notify_one();
    ctx.clock().sleep(Duration::from_secs(1)).await;
    Ok(())
}

/// Changes what it shows a second after each press.
#[command]
async fn change(ctx: Ctx, what: String) -> CommandResult {
    let shown = |text: &str| Reply::text(text).component(ui::row([ui::button("on", "On").into()]));
    let mut view = ctx.open(shown(&what)).await?;
    while let Some(press) = view.next().await {
        ctx.clock().sleep(Duration::from_secs(1)).await;
        press.update(shown("late")).await?;
    }
    Ok(())
}

/// Whoever made these interactions was told, once and alone, that what they used is out of use, and how to go on.
fn told_once(stage: &Stage, presses: &[u64], again: &str) {
    let calls = stage.tape.calls();
    for press in presses {
        let of_press = calls
            .iter()
            .filter(|call| matches!(call, Call::Answer { interaction, .. } if interaction.get() == *press));
        let [told] = of_press.collect::<Vec<_>>()[..] else { panic!("{press} once: {calls:#?}") };
        assert!(is_ephemeral(told), "{told:?}");
        assert!(
            text(told).starts_with("This control is no longer in use") && text(told).contains(again),
            "{told:?}"
        );
    }
    let followed = calls.iter().filter(|call| matches!(call, Call::FollowUp { .. })).count();
    assert_eq!(followed, 0, "nobody is told twice: {calls:#?}");
}

#[tokio::test]
async fn presses_that_an_edit_makes_stale_are_answered() {
    let pressed = Arc::new(Notify::new());
    let mut stage = tracking(Cog::new("T").command(busy(Arc::clone(&pressed))));
    let id = stage.say(ALICE, "!busy one");
    stage.tape.wait(1).await;
    stage.clock.sleepers(1).await;
    // The first will be handed out, the second not.
    let presses = [1, 2].map(|_| stage.press(ALICE, &format!("{id}:on")));
    stage.clock.advance(Duration::from_secs(1));
    pressed.notified().await;
    edit(&stage, id, "!busy two", true);
    assert_eq!(text(&stage.tape.wait(2).await), "two");
    stage.clock.sleepers(2).await;
    stage.clock.advance(Duration::from_secs(1));
    stage.tape.wait(4).await;
    let after = stage.press(ALICE, &format!("{id}:on"));
    stage.tape.wait(5).await;
    stage.settle().await;
    told_once(&stage, &[presses[0], presses[1], after], "`!busy`");
}

#[tokio::test]
async fn a_press_whose_answer_an_edit_makes_stale_is_answered() {
    let mut stage = tracking(Cog::new("T").command(change));
    let id = stage.say(ALICE, "!change one");
    stage.tape.wait(1).await;
    let press = stage.press(ALICE, &format!("{id}:on"));
    stage.clock.sleepers(1).await;
    edit(&stage, id, "!change two", true);
    assert_eq!(text(&stage.tape.wait(2).await), "two");
    stage.clock.advance(Duration::from_secs(1));
    stage.tape.wait(3).await;
    stage.settle().await;
    told_once(&stage, &[press], "`!change`");
}
