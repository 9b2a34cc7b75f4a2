//! Banning many users at once. See Discord docs: Guild / Bulk Guild Ban.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::ban::{delete_messages, is_new, place, read_deletion};
use crate::{
    Action, Actor, ApiError, GuildId, Tx, UserId,
    body::{self, Form, parse_id},
    permissions::{BAN_MEMBERS, MANAGE_GUILD},
};

/// Users of one request.
const MAX_USERS: usize = 200;

/// POST /guilds/{guild}/bulk-ban: `user_ids` (up to 200), `delete_message_seconds`. Who cannot be banned, or is banned
/// already, is told among `failed_users`.
///
/// # Errors
/// 10004, 50001, 50013 (BAN_MEMBERS and MANAGE_GUILD), 500000 if nobody could be banned, 50035.
#[derive(Debug)]
pub struct BulkBan {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for BulkBan {
    /// `{banned_users, failed_users}`.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        tx.world.require_guild(self.actor, self.guild, BAN_MEMBERS | MANAGE_GUILD, tx.now)?;
        let (users, delete) = body::read(&self.body, |form| (read_users(form), read_deletion(form)))?;
        let mut banned = BTreeSet::new();
        // One by one, since each non-member counts towards what the next ones may.
        for user in &users {
            if is_new(tx.world, self.actor, self.guild, *user, tx.now) == Ok(true) {
                place(tx, self.actor, self.guild, *user);
                banned.insert(*user);
            }
        }
        if banned.is_empty() {
            return Err(ApiError::new(400, 500_000, "Failed to ban users"));
        }
        delete_messages(tx, self.guild, &banned, delete);
        let (banned, failed): (Vec<_>, Vec<_>) = users.into_iter().partition(|user| banned.contains(user));
        Ok(json!({ "banned_users": banned, "failed_users": failed }))
    }
}

fn read_users(form: Form<'_>) -> Vec<UserId> {
    if form.get("user_ids").is_none() {
        form.missing("user_ids");
    }
    let list = form.list("user_ids", MAX_USERS).map_or(&[][..], Vec::as_slice);
    let (mut seen, mut users) = (BTreeSet::new(), Vec::new());
    for (index, value) in list.iter().enumerate().take(MAX_USERS) {
        let at = format_args!("user_ids.{index}");
        match parse_id::<UserId>(value) {
            Some(user) if seen.insert(user) => users.push(user),
            Some(_) => {
                form.error(at, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
            }
            None => form.error(at, "NUMBER_TYPE_COERCE", "Value is not snowflake."),
        }
    }
    users
}
