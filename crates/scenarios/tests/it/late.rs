//! Answers that are out of reach: an ephemeral one whose tokens have expired, and a menu whose call was edited. Whoever
//! presses something is told, and nothing is asked of Discord in vain.

use std::sync::Arc;
use std::time::Duration;

use cogwright_command::{Audience, Cog, CommandResult, Ctx, Reply, ViewOptions, command, ui};
use cogwright_sim::Entry;
use cogwright_testkit::{Kit, Message, PATIENCE};
use serde_json::json;
use tokio::sync::watch;

use crate::helpers::{requests, status};
use crate::log::Log;

const MINUTE: Duration = Duration::from_secs(60);
/// How long the menus here wait for a press.
const IDLE: Duration = Duration::from_secs(60 * 60);

/// How far the menu of a test has come.
type Stages = Arc<watch::Sender<&'static str>>;

async fn reached(stages: &Stages, stage: &str) {
    let mut stages = stages.subscribe();
    tokio::time::timeout(PATIENCE, stages.wait_for(|now| *now == stage)).await.unwrap().unwrap();
}

/// Opens a menu that only the caller sees, or everybody, and changes it in the way that is pressed.
#[command]
async fn menu(ctx: Ctx, #[state] stages: Stages, public: Option<bool>) -> CommandResult {
    let buttons = ["edit", "change", "later", "nothing"].map(|id| ui::button(id, id).into());
    let shown = |text: &str| Reply::text(text).component(ui::row(buttons.clone()));
    let first = shown("as it was");
    let first = if public == Some(true) { first } else { first.ephemeral() };
    let options = ViewOptions { idle: IDLE, audience: Audience::Invoker };
    let mut view = ctx.open_with(first, options).await?;
    stages.send_replace("open");
    while let Some(press) = view.next().await {
        match press.id() {
            "edit" => ctx.edit("edited").await?,
            "change" => view.edit(shown("changed")).await?,
            "later" => {
                press.acknowledge().await?;
                stages.send_replace("waiting");
                ctx.clock().sleep(MINUTE * 10).await;
                view.edit(shown("changed later")).await?;
                stages.send_replace("done");
            }
            _ => {}
        }
    }
    stages.send_replace("over");
    Ok(())
}

struct Stand {
    kit: Kit,
    stages: Stages,
    menu: Message,
}

impl Stand {
    /// A bot whose owner has just called the menu.
    async fn open(public: bool) -> Self {
        let stages: Stages = Arc::new(watch::Sender::new(""));
        let cog = Cog::new("Late").command(menu(Arc::clone(&stages)));
        let kit = Kit::builder().cog(cog).frozen().start().await.unwrap();
        let shown = kit.owner().slash("menu", json!({ "public": public })).await.unwrap();
        assert_eq!(shown.ephemeral, !public);
        reached(&stages, "open").await;
        Self { kit, stages, menu: Message(shown.message.unwrap()) }
    }

    /// Presses a button; the person is told in a message for nobody else.
    async fn told(&self, button: &str) -> String {
        let told = self.kit.owner().clicks(&self.menu, button).await.unwrap();
        assert_eq!((told.kind, told.ephemeral), (Some("message"), true), "{told:?}");
        Message(told.message.unwrap()).content().to_owned()
    }

    /// Every request since then to change an answer, by operation and status.
    fn edits(&self, since: u64) -> Vec<(&'static str, u64)> {
        let of = |operation: &'static str| {
            requests(&self.kit, operation, since).into_iter().map(move |entry| (operation, status(&entry)))
        };
        ["update_original_webhook_message", "update_webhook_message", "update_message"]
            .into_iter()
            .flat_map(of)
            .collect()
    }

    fn text(&self) -> String {
        self.kit.look(&self.menu).unwrap().content().to_owned()
    }

    /// Nothing that the bot asked was refused.
    fn nothing_in_vain(&self) {
        let refused =
            |entry: &Entry| entry.field("status").is_some_and(|status| status.as_u64() >= Some(400));
        let (refused, ..) = self.kit.sim().journal().query(0, usize::MAX, refused);
        assert!(refused.is_empty(), "{refused:?}");
    }
}

#[tokio::test]
async fn an_ephemeral_answer_past_its_15_minutes_is_refused_to_whoever_presses() {
    let stand = Stand::open(false).await;
    // The local Discord forgets a whisper that nobody uses; a person's client does not.
    stand.kit.advance(MINUTE * 14);
    let nothing = stand.kit.owner().clicks(&stand.menu, "nothing").await.unwrap();
    assert_eq!(nothing.kind, Some("deferred_update"));
    stand.kit.advance(MINUTE * 2);
    let since = stand.kit.sim().journal().last();
    let told = stand.told("edit").await;
    assert!(told.contains("more than 15 minutes old") && told.contains("Run `/menu` again."), "{told}");
    // The command has ended with that. What it showed stays but for its buttons: the press before is a way to it.
    let disabled = |menu: &Message| menu.controls().iter().all(|button| button["disabled"] == json!(true));
    let ended = stand.kit.until(&stand.menu, "the end of the menu", disabled).await.unwrap();
    assert_eq!(ended.content(), "as it was");
    assert_eq!(stand.edits(since), [("update_original_webhook_message", 200)]);
    stand.nothing_in_vain();
    stand.kit.stop().await.unwrap();
}

#[tokio::test]
async fn an_ephemeral_menu_that_times_out_past_its_15_minutes_gives_up_in_silence() {
    let log = Log::read();
    let stand = Stand::open(false).await;
    let since = stand.kit.sim().journal().last();
    stand.kit.advance(IDLE);
    reached(&stand.stages, "over").await;
    assert_eq!(stand.edits(since), [], "nobody can disable it");
    stand.nothing_in_vain();
    stand.kit.stop().await.unwrap();
    let complaints = log.text();
    let complaints = complaints.lines().filter(|line| line.contains("WARN") || line.contains("ERROR"));
    assert_eq!(complaints.collect::<Vec<_>>(), [""; 0]);
}

#[tokio::test]
async fn an_ephemeral_answer_is_edited_by_the_newest_press_and_a_public_one_by_the_bot() {
    for (public, by) in [(false, "update_original_webhook_message"), (true, "update_message")] {
        let stand = Stand::open(public).await;
        // Past the call's own token; of the public one the press's is over too when the time has come.
        stand.kit.advance(MINUTE * 14);
        stand.kit.owner().clicks(&stand.menu, "later").await.unwrap();
        reached(&stand.stages, "waiting").await;
        let since = stand.kit.sim().journal().last();
        if public {
            stand.kit.advance(MINUTE * 5);
        }
        stand.kit.advance(MINUTE * 10);
        reached(&stand.stages, "done").await;
        assert_eq!((stand.edits(since), stand.text()), (vec![(by, 200)], "changed later".to_owned()));
        stand.nothing_in_vain();
        stand.kit.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_press_that_is_being_answered_lets_its_old_menu_be_edited() {
    let stand = Stand::open(false).await;
    let owner = stand.kit.owner();
    for minutes in [14, 14, 14] {
        stand.kit.advance(MINUTE * minutes);
        assert_eq!(owner.clicks(&stand.menu, "nothing").await.unwrap().kind, Some("deferred_update"));
    }
    // The latest press's token is given up half a minute before its end.
    stand.kit.advance(MINUTE * 14 + Duration::from_secs(45));
    let changed = owner.clicks(&stand.menu, "change").await.unwrap();
    assert_eq!(changed.kind, Some("deferred_update"));
    stand.kit.until(&stand.menu, "the change", |menu| menu.content() == "changed").await.unwrap();
    stand.nothing_in_vain();
    stand.kit.stop().await.unwrap();
}

/// Shows a button that takes a while to do anything.
#[command]
async fn hold(ctx: Ctx, what: String, #[state] stages: Stages) -> CommandResult {
    let shown = Reply::text(&what).component(ui::row([ui::button("on", "On").into()]));
    let mut view = ctx.open(shown.clone()).await?;
    while let Some(press) = view.next().await {
        stages.send_replace("pressed");
        ctx.clock().sleep(Duration::from_secs(1)).await;
        press.update(shown.clone()).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_press_that_an_edit_makes_stale_is_told_so_instead_of_failing() {
    let stages: Stages = Arc::new(watch::Sender::new(""));
    let cog = Cog::new("Late").command(hold(Arc::clone(&stages)));
    let tracking = |settings: &mut cogwright_config::Settings| settings.commands.edit_tracking = true;
    let kit = Kit::builder().cog(cog).frozen().settings(tracking).start().await.unwrap();
    let owner = kit.owner();
    let asked = owner.says("!hold one").unwrap();
    let shown = kit.reply_to(&asked).await.unwrap();
    let press = owner.clicks(&shown, "On");
    let edit = async {
        reached(&stages, "pressed").await;
        owner.edits(&asked, "!hold two").unwrap();
        let edited = kit.until(&shown, "the new answer", |message| message.content() == "two").await.unwrap();
        kit.advance(Duration::from_secs(1));
        edited
    };
    let (told, edited) = tokio::join!(press, edit);
    let told = told.unwrap();
    assert_eq!((told.kind, told.ephemeral), (Some("message"), true), "{told:?}");
    let text = Message(told.message.unwrap()).content().to_owned();
    assert!(text.starts_with("This control is no longer in use") && text.contains("`!hold`"), "{text}");
    assert_eq!(kit.look(&shown).unwrap().content(), "two", "the later run's answer stays");
    // The old button, in a client that still shows it, is answered too; the new one works.
    let stale = owner.clicks(&shown, "On").await;
    assert!(stale.is_err(), "the local Discord shows what the message is now: {stale:?}");
    let by_new = owner.clicks(&edited, "On");
    let time = async {
        reached(&stages, "pressed").await;
        kit.advance(Duration::from_secs(1));
    };
    stages.send_replace("");
    let (by_new, ()) = tokio::join!(by_new, time);
    assert_eq!(by_new.unwrap().kind, Some("update"));
    kit.stop().await.unwrap();
}
