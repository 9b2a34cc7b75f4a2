//! Channels where the bot may not speak, or not embed: what it says there, and that it spends no request to find out.

use serde_json::json;

use super::tests::text;
use crate::testing::{ALICE, Stage, Town};
use crate::wire::{Answer, Call, Edit};
use crate::{Cog, CommandResult, Ctx, Outcome, Reply, command, ui};

/// Says that it is done.
#[command(cooldown = "1 per 1h per user")]
async fn work(ctx: Ctx) -> CommandResult {
    ctx.success("Done", "It *is* done.").await
}

/// A menu.
#[command]
async fn menu(ctx: Ctx) -> CommandResult {
    let page = |text: &str| {
        let embed = crate::embed::EmbedBuilder::new().title("Menu").description(text).build();
        Reply::new().embed(embed).component(ui::row([ui::button("on", "On").into()]))
    };
    let mut view = ctx.open(page("first")).await?;
    let Some(press) = view.next().await else { return Ok(()) };
    press.update(page("second")).await?;
    view.edit(page("third")).await
}

fn content(call: &Call) -> &str {
    match call {
        Call::Send { reply, .. } | Call::Edit { edit: Edit::Whole(reply), .. } => {
            assert!(reply.embeds().is_empty(), "{reply:?}");
            reply.content()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn where_embeds_are_refused_answers_come_in_words() {
    let mut stage = Stage::new(Cog::new("T").command(work).command(menu));
    let hall = json!({"channel_id": Town::HALL.to_string()});
    stage.say_with(ALICE, "!work", hall.clone());
    assert_eq!(content(&stage.tape.wait(1).await), "**✅ Done**\nIt *is* done.");
    let id = stage.say_with(ALICE, "!menu", hall);
    let shown = stage.tape.wait(2).await;
    assert_eq!(content(&shown), "**Menu**\nfirst");
    assert!(matches!(&shown, Call::Send { reply, .. } if reply.components().len() == 1));
    // An interaction may embed whatever the bot may do in the channel.
    stage.press(ALICE, &format!("{id}:on"));
    let updated = stage.tape.wait(3).await;
    assert!(matches!(&updated, Call::Answer { answer: Answer::Update(_), .. }) && text(&updated) == "second");
}

#[tokio::test]
async fn where_the_bot_may_not_speak_nothing_is_posted_and_nothing_is_taken() {
    let mut stage = Stage::new(Cog::new("T").command(work));
    let cellar = json!({"channel_id": Town::CELLAR.to_string()});
    stage.say_with(ALICE, "!work", cellar.clone());
    stage.say_with(ALICE, "!work nonsense", cellar.clone());
    stage.say_with(ALICE, &format!("<@{}>", crate::testing::BOT), cellar);
    stage.say(ALICE, "!work");
    let call = stage.tape.wait(1).await;
    assert_eq!(text(&call), "It *is* done.", "no cooldown was burnt");
    stage.settle().await;
    assert_eq!(stage.tape.calls().len(), 1, "{:#?}", stage.tape.calls());
    let decision = stage.dispatcher.decisions().latest(1).pop().expect("the refusals are kept");
    let Outcome::Refused { label, text } = &decision.outcome else { panic!("{decision:?}") };
    assert_eq!((*label, text.as_str()), ("bot_missing_permission", "the bot lacks Send Messages"));
    let last = decision.steps.last().expect("the checks are kept");
    assert_eq!(
        (last.check, &*last.saw),
        ("bot permissions", "an answer here needs Send Messages, which the bot lacks")
    );
}
