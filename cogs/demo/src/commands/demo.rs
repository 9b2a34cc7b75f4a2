//! A message with everything that can be pressed, chosen and filled in.

use std::time::Duration;

use cogwright_command::{CommandResult, Ctx, Press, PressKind, command};

use crate::service::{Board, chosen};
use crate::view;

/// How long the deferred answer takes: long enough to be seen thinking.
const PAUSE: Duration = Duration::from_secs(1);

/// Shows buttons, selects, a form and all kinds of answers.
#[command(cooldown = "default per user")]
pub(crate) async fn demo(ctx: Ctx) -> CommandResult {
    let mut board = Board::default();
    let mut open = ctx.open(view::board(&board)).await?;
    while let Some(press) = open.next().await {
        match press.kind() {
            PressKind::Select(selected) => {
                board.last = chosen(press.id(), selected);
                press.update(view::board(&board)).await?;
            }
            PressKind::Form(fields) => {
                board.last = view::filled(fields);
                press.update(view::board(&board)).await?;
            }
            PressKind::Button if press.id() == view::CLOSE => {
                return press.finish(view::closed(&board)).await;
            }
            PressKind::Button => button(&ctx, &press, &mut board).await?,
        }
    }
    Ok(())
}

async fn button(ctx: &Ctx, press: &Press, board: &mut Board) -> CommandResult {
    match press.id() {
        view::COUNT => {
            board.count += 1;
            press.update(view::board(board)).await
        }
        view::WHISPER => press.reply_ephemeral(view::whisper(&press.invoker().display_name)).await,
        view::THINK => {
            press.defer(false).await?;
            ctx.clock().sleep(PAUSE).await;
            press.reply(view::thought()).await
        }
        view::FORM => press.open_form(view::form()).await,
        view::FILE => press.reply(view::file(board)).await,
        // Whatever else is pressed is acknowledged without an answer.
        _ => Ok(()),
    }
}
