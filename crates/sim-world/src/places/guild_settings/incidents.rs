//! Pausing invites and direct messages of a guild.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::change;
use crate::{
    Action, Actor, ApiError, GuildId, Timestamp, Tx,
    body::{self, Form},
    permissions::MANAGE_GUILD,
    wire,
};

/// How long something can be paused.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// PUT /guilds/{guild}/incident-actions: `{invites_disabled_until?, dms_disabled_until?}`, up to a day ahead; null
/// ends the pause. GUILD_UPDATE if anything changed.
///
/// See Discord docs: Guild / Modify Guild Incident Actions.
///
/// # Errors
/// 10004, 50001, 50013 (MANAGE_GUILD), 50035.
#[derive(Debug)]
pub struct SetIncidentActions {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for SetIncidentActions {
    /// The incidents data.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = tx.world.require_guild(self.actor, self.guild, MANAGE_GUILD, tx.now)?;
        let mut settings = guild.settings.clone();
        let now = tx.now;
        body::read(&self.body, |form| {
            for (key, slot) in [
                ("invites_disabled_until", &mut settings.invites_disabled_until),
                ("dms_disabled_until", &mut settings.dms_disabled_until),
            ] {
                if form.has(key) {
                    *slot = read(form, key, now);
                }
            }
        })?;
        let changed = settings != guild.settings;
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.settings = settings;
        }
        if changed {
            change::guild_updated(tx, self.guild);
        }
        Ok(match wire::incidents(tx.world.guild(self.guild)?) {
            Value::Null => json!({ "invites_disabled_until": null, "dms_disabled_until": null }),
            data => data,
        })
    }
}

fn read(form: Form<'_>, key: &str, now: Timestamp) -> Option<Timestamp> {
    let text = form.string(key, 0, 64)?;
    let Some(until) = Timestamp::parse_iso(text) else {
        form.error(key, "DATETIME_TYPE_PARSE", "Could not parse the value. Should be ISO8601.");
        return None;
    };
    if until > now.plus(LONGEST) {
        form.error(key, "DATETIME_TYPE_MAX", "Must be at most 24 hours in the future.");
    }
    Some(until).filter(|until| *until > now)
}
