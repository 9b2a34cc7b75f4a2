//! The operator makes, changes and removes guilds.

use serde_json::{Value, json};

use super::known;
use crate::{
    Action, ApiError, ApplicationId, Audience, Channel, ChannelId, ChannelKind, EventKind, Guild, GuildId,
    Member, Tx, UserId, World,
    body::{self, Form},
    monetization,
    places::{change, expressions, guild_settings},
    wire,
};

/// A guild with its channels, active and archived threads, members, and the ids of the applications in it.
pub fn guild_view(world: &World, guild: &Guild) -> Value {
    let mut value = wire::guild(world, guild, true);
    let channels = || guild.channels.iter().filter_map(|c| world.channels.get(c));
    let list = |threads: bool| -> Value {
        channels().filter(|c| c.kind.is_thread() == threads).map(|c| wire::channel(world, c)).collect()
    };
    value["unavailable"] = json!(guild.unavailable);
    value["voice_states"] = guild.voice.states.values().map(|s| wire::voice_state(world, guild, s)).collect();
    value["channels"] = list(false);
    value["threads"] = list(true);
    let in_it = |id: ApplicationId| {
        guild.members.contains_key(&id.into()) || world.guild_installs.contains(&(guild.id, id))
    };
    value["applications"] = world.applications.keys().filter(|id| in_it(**id)).map(|id| json!(id)).collect();
    value["members"] = guild.members.values().map(|m| wire::member(world, guild, m)).collect();
    value
}

/// Makes a guild with the owner as its only member and one text channel, `#general`, for join messages:
/// `{name, owner, description?, icon?, large?}`.
#[derive(Debug)]
pub struct CreateGuild {
    /// The body.
    pub body: Value,
}

impl Action for CreateGuild {
    /// The guild with its channels and members.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let mut guild = Guild::new(GuildId::new(0), "", UserId::new(0));
        body::read(&self.body, |form| {
            known(form, &["name", "owner", "description", "icon", "large"]);
            for key in ["name", "owner"] {
                if form.get(key).is_none() {
                    form.missing(key);
                }
            }
            guild_settings::read(form, tx.world, &mut guild);
            read(form, &mut guild);
            if form.get("owner").is_some() && !tx.world.users.contains_key(&guild.owner) {
                form.error("owner", "UNKNOWN_USER", "No such user.");
            }
        })?;
        let id = GuildId::new(tx.mint());
        let mut guild = Guild { id, ..guild };
        guild.roles = Guild::new(id, "", guild.owner).roles;
        let general = Channel::new(ChannelId::new(tx.mint()), ChannelKind::Text, Some(id), "general");
        guild.channels.push(general.id);
        guild.system_channel = Some(general.id);
        guild.members.insert(guild.owner, Member::new(guild.owner, tx.now));
        let owner = guild.owner;
        tx.world.channels.insert(general.id, general);
        tx.world.guilds.insert(id, guild);
        tx.emit(EventKind::GuildCreate, Audience::Guild(id), Value::Null);
        change::view_changed(tx, [owner]);
        Ok(guild_view(tx.world, tx.world.guild(id)?))
    }
}

/// What only the operator sets.
fn read(form: Form<'_>, guild: &mut Guild) {
    if let Some(owner) = form.id("owner") {
        guild.owner = owner;
    }
    if let Some(large) = form.boolean("large") {
        guild.large = large;
    }
    if let Some(unavailable) = form.boolean("unavailable") {
        guild.unavailable = unavailable;
    }
}

/// Changes a guild: the keys of PATCH /guilds/{guild} as Discord documents them, any `features`, `premium_tier` (0
/// to 3, for what boosts unlock), `owner`, `large` and `unavailable`. Switching `unavailable` is an outage:
/// GUILD_DELETE with `unavailable`, and GUILD_CREATE when it ends.
#[derive(Debug)]
pub struct PatchGuild {
    /// Which.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for PatchGuild {
    /// The guild with its channels and members.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let id = self.guild;
        let before = tx.world.guild(id)?.clone();
        let mut guild = before.clone();
        body::read(&self.body, |form| {
            let own = ["owner", "large", "unavailable", "premium_tier"];
            known(form, &[&guild_settings::KEYS[..], &own].concat());
            guild_settings::read(form, tx.world, &mut guild);
            read(form, &mut guild);
            if let Some(tier) = form.integer("premium_tier", 0, 3) {
                guild.settings.premium_tier = u8::try_from(tier).unwrap_or(0);
            }
            if let Some(features) = guild_settings::read_features(form) {
                guild.features = features;
            }
            if !guild.members.contains_key(&guild.owner) {
                form.error("owner", "UNKNOWN_MEMBER", "The owner must be a member of the guild.");
            }
        })?;
        let outage = (before.unavailable, guild.unavailable);
        let mut quiet = guild.clone();
        quiet.unavailable = before.unavailable;
        let changed = wire::guild(tx.world, &quiet, false) != wire::guild(tx.world, &before, false);
        let owner_changed = guild.owner != before.owner;
        tx.world.guilds.insert(id, guild);
        if outage == (true, false) {
            let data = json!({ "id": id, "unavailable": false });
            tx.emit(EventKind::GuildCreate, Audience::Guild(id), data);
        } else if changed && !before.unavailable {
            change::guild_updated(tx, id);
        }
        if outage == (false, true) {
            let data = json!({ "id": id, "unavailable": true });
            tx.emit(EventKind::GuildDelete, Audience::Guild(id), data);
        }
        if owner_changed || outage.0 != outage.1 {
            change::guild_view_changed(tx, id);
        }
        Ok(guild_view(tx.world, tx.world.guild(id)?))
    }
}

/// Removes a guild with its channels, messages and commands.
#[derive(Debug)]
pub struct DeleteGuild {
    /// Which.
    pub guild: GuildId,
}

impl Action for DeleteGuild {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let id = self.guild;
        let guild = tx.world.guild(id)?;
        let members: Vec<UserId> = guild.members.keys().copied().collect();
        for channel in guild.channels.clone() {
            change::forget_channel(tx.world, channel);
        }
        expressions::forget(tx.world, id);
        tx.world.guilds.remove(&id);
        monetization::forget(tx.world);
        tx.world.commands.retain(|_, c| c.guild != Some(id));
        tx.world.command_creates.retain(|(_, _, g)| *g != Some(id));
        tx.world.interactions.retain(|_, i| i.guild != Some(id));
        tx.world.guild_installs.retain(|(g, _)| *g != id);
        tx.world.command_permissions.retain(|p| p.guild != id);
        tx.emit(EventKind::GuildDelete, Audience::Users(Some(id), members.clone()), json!({ "id": id }));
        change::view_changed(tx, members);
        Ok(())
    }
}
