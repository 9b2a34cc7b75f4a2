//! Looking for messages. See Discord docs: Message / Search Guild Messages.

use std::str::FromStr;

use cogwright_sim_world::{ApiError, messages};

use super::{Reply, Request, Routes, read};
use crate::{Sim, rest::query::Query};

pub(super) const ROUTES: Routes = &[("guild_search", search)];

/// What cannot be looked for here. Better refused than passed over in silence.
const UNKNOWN: [&str; 6] =
    ["slop", "mentions_role_id", "replied_to_user_id", "link_hostname", "embed_provider", "embed_type"];
/// Values of one key. See Discord's OpenAPI document.
const MAX_VALUES: usize = 500;

fn search(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    let query = &request.query;
    if let Some(key) = UNKNOWN.into_iter().find(|key| query.get(key).is_some()) {
        let message = "The local Discord does not search by this.";
        return Err(ApiError::form(key, "NOT_SIMULATED", message));
    }
    let flag = |key: &str| query.get(key).map(|_| query.flag(key)).transpose();
    let choice = |key: &str, choices: [&str; 2]| match query.get(key) {
        Some(given) if !choices.contains(&given) => {
            let message = format!("Value must be one of {choices:?}.");
            Err(ApiError::form(key, "BASE_TYPE_CHOICES", message))
        }
        given => Ok(given == Some(choices[1])),
    };
    choice("sort_by", ["timestamp", "relevance"])?;
    let wanted = messages::Search {
        content: query.get("content").map(str::to_owned),
        author_id: all(query, "author_id")?,
        author_type: all(query, "author_type")?,
        mentions: all(query, "mentions")?,
        mention_everyone: flag("mention_everyone")?,
        has: all(query, "has")?,
        channel_id: all(query, "channel_id")?,
        replied_to_message_id: all(query, "replied_to_message_id")?,
        attachment_filename: all(query, "attachment_filename")?,
        attachment_extension: all(query, "attachment_extension")?,
        pinned: flag("pinned")?,
        min_id: query.id("min_id")?,
        max_id: query.id("max_id")?,
        include_nsfw: query.flag("include_nsfw")?,
        ascending: choice("sort_order", ["desc", "asc"])?,
        limit: query.number("limit")?,
        offset: query.number("offset")?,
    };
    read(sim, |world, now| messages::search(world, actor, guild, &wanted, now))
}

/// All values of a repeated key.
fn all<T: FromStr>(query: &Query, key: &str) -> Result<Vec<T>, ApiError> {
    let given: Vec<String> =
        query.clone().pairs().filter(|(k, v)| k == key && !v.is_empty()).map(|(_, v)| v).collect();
    if given.len() > MAX_VALUES {
        return Err(ApiError::form(
            key,
            "BASE_TYPE_MAX_LENGTH",
            format!("Must be {MAX_VALUES} or fewer in length."),
        ));
    }
    let bad = |_| ApiError::form(key, "NUMBER_TYPE_COERCE", "Value is not snowflake.");
    given.iter().map(|value| value.parse().map_err(bad)).collect()
}
