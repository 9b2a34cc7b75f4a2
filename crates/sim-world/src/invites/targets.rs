//! Invites for some people only: the list is a CSV file. See Discord docs: Invite / Get Target Users.

use std::{cell::RefCell, collections::BTreeSet, fmt::Write as _};

use serde_json::{Value, json};

use super::find;
use crate::{
    Action, Actor, ApiError, FormErrors, Invite, InviteTargets, Timestamp, Tx, Upload, UserId, World,
    permissions::{MANAGE_GUILD, VIEW_AUDIT_LOG},
};

/// Users of one list. Discord names no limit; this one bounds what a world holds.
const MAX_USERS: usize = 100_000;
/// Lines that a refusal names; the file may be wrong from end to end.
const MAX_NAMED: usize = 100;
/// The field of the file.
const FIELD: &str = "target_users_file";
/// The line that may stand above the ids, and that Discord puts there.
const HEADER: &str = "user_id";
/// For a request that has the field, but no file in it.
pub(super) const MISSING_FILE: &str = "This field is a file of a multipart/form-data body.";

/// Reads a list: one id a line. Ids given twice count once.
///
/// # Errors
/// 50035 with the lines that hold no id, and for an empty list.
pub(super) fn read(file: &Upload, now: Timestamp) -> Result<InviteTargets, ApiError> {
    let text = String::from_utf8_lossy(&file.bytes);
    let errors = RefCell::new(FormErrors::default());
    let mut users = BTreeSet::new();
    let mut wrong = 0;
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let line = line.trim().trim_matches('"');
        if line.is_empty() || (number == 1 && line.eq_ignore_ascii_case(HEADER)) {
            continue;
        }
        match line.parse::<UserId>() {
            Ok(user) => drop(users.insert(user)),
            Err(_) if wrong < MAX_NAMED => {
                wrong += 1;
                let message = format!("Line {number}: invalid user ID - must be a valid Discord snowflake");
                errors.borrow_mut().add(FIELD, "INVALID_USER_ID", message);
            }
            Err(_) => {}
        }
    }
    let mut errors = errors.into_inner();
    if users.len() > MAX_USERS {
        errors.add(FIELD, "BASE_TYPE_MAX_LENGTH", format!("Must be {MAX_USERS} or fewer in length."));
    } else if users.is_empty() && errors.is_empty() {
        errors.add(FIELD, "BASE_TYPE_REQUIRED", "The file holds no user IDs.");
    }
    errors.finish()?;
    Ok(InviteTargets { users, uploaded: now })
}

/// The invite, if the actor made it or holds one of `bits` in its guild.
fn managed<'w>(
    world: &'w World,
    actor: Actor,
    code: &str,
    bits: u64,
    now: Timestamp,
) -> Result<&'w Invite, ApiError> {
    let invite = find(world, code, now)?;
    let held = world.guild_permissions(invite.guild, actor.user, now);
    if invite.inviter == actor.user || held & bits != 0 {
        Ok(invite)
    } else {
        Err(ApiError::missing_permissions())
    }
}

/// GET /invites/{code}/target-users: the list as CSV, with a header.
///
/// # Errors
/// 10006, 50013 (neither the inviter nor MANAGE_GUILD nor VIEW_AUDIT_LOG), 10129 (it is for everybody).
pub fn target_users(world: &World, actor: Actor, code: &str, now: Timestamp) -> Result<String, ApiError> {
    let invite = managed(world, actor, code, MANAGE_GUILD | VIEW_AUDIT_LOG, now)?;
    let unknown = || ApiError::new(404, 10129, "Unknown invite target users");
    let targets = invite.targets.as_ref().ok_or_else(unknown)?;
    let mut csv = format!("{HEADER}\n");
    for user in &targets.users {
        // Writing to a string cannot fail.
        let _ = writeln!(csv, "{user}");
    }
    Ok(csv)
}

/// GET /invites/{code}/target-users/job-status. Here the list is read at once: the job is always done.
///
/// # Errors
/// 10006, 50013 (as [`target_users`]), 10124 (it is for everybody).
pub fn target_users_job(world: &World, actor: Actor, code: &str, now: Timestamp) -> Result<Value, ApiError> {
    /// COMPLETED.
    const DONE: u8 = 2;
    let invite = managed(world, actor, code, MANAGE_GUILD | VIEW_AUDIT_LOG, now)?;
    let unknown = || ApiError::new(404, 10124, "Unknown invite target users job");
    let targets = invite.targets.as_ref().ok_or_else(unknown)?;
    Ok(json!({
        "status": DONE,
        "total_users": targets.users.len(),
        "processed_users": targets.users.len(),
        "created_at": targets.uploaded.iso(),
        "completed_at": targets.uploaded.iso(),
        "error_message": null,
    }))
}

/// PUT /invites/{code}/target-users: replaces the list.
///
/// # Errors
/// 10006, 50013 (neither the inviter nor MANAGE_GUILD), 50035.
#[derive(Debug)]
pub struct SetTargetUsers {
    /// Who.
    pub actor: Actor,
    /// Which invite.
    pub code: String,
    /// Files of the request.
    pub files: Vec<Upload>,
}

impl Action for SetTargetUsers {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        managed(tx.world, self.actor, &self.code, MANAGE_GUILD, tx.now)?;
        let missing = || ApiError::form(FIELD, "BASE_TYPE_REQUIRED", MISSING_FILE);
        let targets = read(self.files.first().ok_or_else(missing)?, tx.now)?;
        if let Some(invite) = tx.world.invites.get_mut(&self.code) {
            invite.targets = Some(targets);
        }
        Ok(())
    }
}
