//! What commands have to say about their arguments: told ahead of cooldowns, with usage and example.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;

use super::tests::text;
use crate::testing::{ALICE, Stage};
use crate::{BadArgument, Cog, CommandResult, Ctx, Failure, FromOption, OptionKind, Outcome, Value, command};

/// A number that is even: a type of its own.
struct Even(i64);

impl FromOption for Even {
    const KIND: OptionKind = OptionKind::Integer;

    fn from_value(value: Value) -> Result<Self, BadArgument> {
        match value {
            Value::Integer(number) if number % 2 == 0 => Ok(Self(number)),
            Value::Integer(_) => Err(BadArgument::Refused("Only even numbers are sold.".into())),
            _ => Err(BadArgument::WrongKind(Self::KIND)),
        }
    }
}

/// Sells what is there.
#[command(cooldown = "1 per 1h per user", arguments = in_stock, example = "sell 2 tea")]
async fn sell(
    ctx: Ctx,
    #[state] stock: Arc<AtomicU32>,
    count: Even,
    what: Option<String>,
    gift: Option<bool>,
) -> CommandResult {
    let left = stock.fetch_sub(1, Ordering::SeqCst) - 1;
    let gift = gift == Some(true);
    ctx.reply(format!("{} {}, {gift}, {left} left", count.0, what.unwrap_or_default())).await
}

#[expect(clippy::unused_async, reason = "a check of arguments may wait")]
async fn in_stock(
    _ctx: Ctx,
    stock: Arc<AtomicU32>,
    count: Even,
    what: Option<String>,
    _gift: Option<bool>,
) -> CommandResult {
    if count.0 > i64::from(stock.load(Ordering::SeqCst)) {
        return Err(Failure::bad_argument("count", "There are not so many."));
    }
    match what.as_deref() {
        Some("coffee") => Err(Failure::not_known("what", "coffee")),
        _ => Ok(()),
    }
}

fn stage() -> Stage {
    Stage::new(Cog::new("T").command(sell(Arc::new(AtomicU32::new(4)))))
}

#[tokio::test]
async fn what_a_command_does_not_take_costs_nothing_and_is_told_like_other_bad_arguments() {
    let mut stage = stage();
    let usage = "Usage: `!sell <count> [what] [gift: yes|no]`\nExample: `!sell 2 tea`";
    for (at, line, told) in [
        (1, "!sell 3", "`count`: Only even numbers are sold."),
        (2, "!sell 8", "`count`: There are not so many."),
        (3, "!sell 2 coffee", "`what`: I do not know `coffee`."),
        (4, "!sell 2 tea count:4", "`count`: this was given before; each is given once."),
    ] {
        stage.say(ALICE, line);
        assert_eq!(text(&stage.tape.wait(at).await), format!("{told}\n{usage}"), "{line}");
    }
    let decision = stage.dispatcher.decisions().latest(4).pop().expect("the first is kept");
    let Outcome::Refused { text: why, .. } = &decision.outcome else { panic!("{decision:?}") };
    assert_eq!(why, "count, given as `3`: Only even numbers are sold.");
    assert_eq!(decision.steps.last().map(|step| (step.check, &*step.saw)), Some(("arguments", why.as_str())));

    stage.slash(ALICE, "sell", json!([{"name": "count", "type": 4, "value": 6}]));
    assert_eq!(
        text(&stage.tape.wait(5).await),
        "`count`: There are not so many.\nUsage: `/sell count:<whole number> [what:<text>] [gift:<yes|no>]`\n\
         Example: `/sell count:2 what:tea`"
    );
    stage.say(ALICE, "!sell 2 tea");
    assert_eq!(text(&stage.tape.wait(6).await), "2 tea, false, 3 left", "no cooldown was burnt");
    stage.say(ALICE, "!sell 2 tea");
    assert!(text(&stage.tape.wait(7).await).starts_with("Try again in"));
}
