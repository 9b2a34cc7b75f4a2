//! Says what it is told.

use cogwright_command::{Choice, CommandResult, Ctx, Failure, Suggest, User, command};

use crate::service::{PHRASES, Style, echoed};
use crate::view;

/// Repeats what you say.
#[command(aliases("say"), arguments = something, example = "echo times:2 style:loud Hello there")]
pub(crate) async fn echo(
    ctx: Ctx,
    #[option(rest, min_length = 1, max_length = 300, autocomplete = phrases, description = "What to say")]
    text: String,
    #[option(min = 1, max = 5, description = "How many times, 1 if left out")] times: Option<u8>,
    #[option(description = "How to say it")] style: Option<Style>,
    #[option(description = "Whom to say it to; they are not notified")] to: Option<User>,
    #[option(description = "Whether only you see it (slash form)")] quiet: Option<bool>,
) -> CommandResult {
    let text = echoed(&text, times.unwrap_or(1), style.unwrap_or_default());
    let reply = view::echo(&text, to.as_ref());
    if quiet.unwrap_or_default() { ctx.reply_ephemeral(reply).await } else { ctx.reply(reply).await }
}

#[expect(clippy::unused_async, reason = "a check of arguments may wait")]
async fn something(
    _ctx: Ctx,
    text: String,
    _times: Option<u8>,
    _style: Option<Style>,
    _to: Option<User>,
    _quiet: Option<bool>,
) -> CommandResult {
    if text.trim().is_empty() {
        return Err(Failure::bad_argument("text", "There is nothing to say."));
    }
    Ok(())
}

async fn phrases(about: Suggest) -> Vec<Choice> {
    about.matching(PHRASES)
}
