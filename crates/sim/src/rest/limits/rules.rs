//! The table of buckets: which operations share one, how many requests it holds, how fast it refills.

use std::time::Duration;

use cogwright_sim_world::{MessageId, Timestamp};

/// A bucket's size and who shares it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// Operations of the same group share a bucket.
    pub(crate) group: &'static str,
    /// Requests per window.
    pub(crate) limit: u32,
    /// Length of a window, from its first request on.
    pub(crate) per: Duration,
    /// Whether it also counts against the global limit. Interaction and webhook routes do not.
    pub(crate) global: bool,
}

/// How old a message to be deleted is; Discord keeps a bucket for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// Under 10 seconds, or not there at all.
    Young,
    /// In between.
    Settled,
    /// Over two weeks.
    Ancient,
}

impl Age {
    /// The age of a message that exists.
    pub(crate) fn of(message: MessageId, now: Timestamp) -> Self {
        match now.since(message.created()).as_secs() {
            0..10 => Self::Young,
            10..=1_209_600 => Self::Settled,
            _ => Self::Ancient,
        }
    }
}

/// Group, requests, milliseconds.
type Row = (&'static str, u32, u64);

const REACTIONS: Row = ("reactions", 1, 250);
const EXECUTE_WEBHOOK: Row = ("execute_webhook", 5, 2_000);
const DELETE_YOUNG: Row = ("delete_message:young", 5, 1_000);
const DELETE_SETTLED: Row = ("delete_message:settled", 3, 333);
const DELETE_ANCIENT: Row = ("delete_message:ancient", 30, 4_000);

/// Operations with a bucket of a size known or believed to be Discord's.
const ROWS: [(&str, Row); 17] = [
    ("create_message", ("create_message", 5, 5_000)),
    ("update_message", ("update_message", 5, 5_000)),
    ("bulk_delete_messages", ("bulk_delete_messages", 1, 1_000)),
    ("add_my_message_reaction", REACTIONS),
    ("delete_my_message_reaction", REACTIONS),
    ("delete_user_message_reaction", REACTIONS),
    ("update_channel", ("update_channel", 5, 15_000)),
    ("update_guild_member", ("update_guild_member", 10, 10_000)),
    ("update_my_guild_member", ("update_my_guild_member", 10, 10_000)),
    ("trigger_typing_indicator", ("trigger_typing_indicator", 5, 5_000)),
    ("crosspost_message", ("crosspost_message", 10, 3_600_000)),
    ("execute_webhook", EXECUTE_WEBHOOK),
    ("execute_slack_compatible_webhook", EXECUTE_WEBHOOK),
    ("execute_github_compatible_webhook", EXECUTE_WEBHOOK),
    ("update_original_webhook_message", ("update_webhook_message", 5, 2_000)),
    ("update_webhook_message", ("update_webhook_message", 5, 2_000)),
    ("create_interaction_response", ("create_interaction_response", 5, 2_000)),
];

/// Everything else, per route: reading is cheap, writing is not.
const READS: (u32, u64) = (50, 5_000);
const WRITES: (u32, u64) = (10, 5_000);

/// The bucket of an operation; for a message to be deleted with its age.
pub(crate) fn rule(operation: &'static str, method: &str, age: Option<Age>) -> Rule {
    let row = match (operation, age) {
        ("delete_message", Some(Age::Settled)) => DELETE_SETTLED,
        ("delete_message", Some(Age::Ancient)) => DELETE_ANCIENT,
        ("delete_message", _) => DELETE_YOUNG,
        _ => ROWS.iter().find(|(id, _)| *id == operation).map_or_else(
            || {
                let (limit, ms) = if method == "GET" { READS } else { WRITES };
                (operation, limit, ms)
            },
            |(_, row)| *row,
        ),
    };
    let exempt = operation == "create_interaction_response" || is_by_webhook_token(operation);
    Rule { group: row.0, limit: row.1, per: Duration::from_millis(row.2), global: !exempt }
}

/// Routes below `/webhooks/{id}/{token}`; making and managing webhooks with a bot's token counts like all else.
fn is_by_webhook_token(operation: &str) -> bool {
    let webhook = operation.contains("webhook");
    webhook
        && (operation.starts_with("execute_")
            || operation.ends_with("_by_token")
            || operation.ends_with("_message"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::table::TABLE;

    #[test]
    fn every_row_names_an_operation() {
        for (id, _) in ROWS {
            assert!(TABLE.operations().iter().any(|o| o.id == id), "{id}");
        }
    }

    #[test]
    fn what_a_webhook_s_token_opens_is_exempt_from_the_global_limit() {
        for operation in TABLE.operations() {
            let by_token = operation.path.starts_with("/webhooks/{webhook_id}/{webhook_token}");
            let exempt = by_token || operation.id == "create_interaction_response";
            assert_eq!(rule(operation.id, operation.method, None).global, !exempt, "{}", operation.id);
        }
    }

    #[test]
    fn ages() {
        let sent = Timestamp::from_ms(1_792_000_000_000);
        let message = MessageId::new((sent.ms() - cogwright_sim_world::DISCORD_EPOCH_MS) << 22);
        let after = |s| Age::of(message, sent.plus(Duration::from_secs(s)));
        assert_eq!(
            [after(0), after(9), after(10), after(1_209_600), after(1_209_601)],
            [Age::Young, Age::Young, Age::Settled, Age::Settled, Age::Ancient]
        );
    }
}
