//! What the audit log says of channels, threads, overwrites and members that somebody changed.
//! See Discord docs: Audit Log / Audit Log Events.

use serde_json::{Value, json};

use crate::{Actor, Audit, AuditAction, Guild, GuildId, Member, RoleId, Tx, UserId, wire};

/// Keys of a channel object that are no settings: ids, what follows from its messages, and the object whose keys
/// are put beside the others.
const NO_SETTINGS: [&str; 9] = [
    "id",
    "guild_id",
    "owner_id",
    "last_message_id",
    "last_pin_timestamp",
    "message_count",
    "member_count",
    "total_message_sent",
    "thread_metadata",
];

/// The settings in `thread_metadata`.
const OF_THREADS: [&str; 4] = ["archived", "auto_archive_duration", "locked", "invitable"];

/// What of a member is told under [`AuditAction::MemberUpdate`].
const OF_MEMBERS: [&str; 4] = ["nick", "communication_disabled_until", "mute", "deaf"];

const NOTHING: Value = Value::Null;

/// A channel or thread was made, changed or removed: as REST showed it before, and shows it now; `Null` where
/// it was or is not there. Changed overwrites have entries of their own.
pub(super) fn channel(tx: &mut Tx<'_>, actor: Actor, old: &Value, new: &Value) {
    let whole = if new.is_null() { old } else { new };
    let (Some(id), Some(guild)) = (number(&whole["id"]), number(&whole["guild_id"]).map(GuildId::new)) else {
        return;
    };
    let is_thread = whole["thread_metadata"].is_object();
    let changed = !old.is_null() && !new.is_null();
    let action = match (is_thread, old.is_null(), new.is_null()) {
        (false, true, _) => AuditAction::ChannelCreate,
        (false, _, true) => AuditAction::ChannelDelete,
        (false, ..) => AuditAction::ChannelUpdate,
        (true, true, _) => AuditAction::ThreadCreate,
        (true, _, true) => AuditAction::ThreadDelete,
        (true, ..) => AuditAction::ThreadUpdate,
    };
    let except: Vec<&str> =
        NO_SETTINGS.into_iter().chain(changed.then_some("permission_overwrites")).collect();
    let audit = Audit::new(actor.user, action).target(id).diff_except(old, new, &except).diff(
        &old["thread_metadata"],
        &new["thread_metadata"],
        &OF_THREADS,
    );
    if !changed || audit.has_changes() {
        tx.audit(guild, audit);
    }
    if changed {
        overwrites(tx, actor, guild, id, old, new);
    }
}

/// One entry for each overwrite that was added, changed or removed.
fn overwrites(tx: &mut Tx<'_>, actor: Actor, guild: GuildId, channel: u64, old: &Value, new: &Value) {
    let list = |object: &Value| object["permission_overwrites"].as_array().cloned().unwrap_or_default();
    let (old, new) = (list(old), list(new));
    let find = |list: &[Value], id: &Value| list.iter().find(|o| o["id"] == *id).cloned().unwrap_or(NOTHING);
    let gone = old.iter().filter(|o| find(&new, &o["id"]).is_null()).map(|o| (o.clone(), NOTHING));
    let now = new.iter().map(|o| (find(&old, &o["id"]), o.clone()));
    for (before, after) in gone.chain(now) {
        let (action, whole) = match (before.is_null(), after.is_null()) {
            (true, _) => (AuditAction::ChannelOverwriteCreate, &after),
            (_, true) => (AuditAction::ChannelOverwriteDelete, &before),
            _ => (AuditAction::ChannelOverwriteUpdate, &after),
        };
        let audit = Audit::new(actor.user, action).target(channel).diff(
            &before,
            &after,
            &["id", "type", "allow", "deny"],
        );
        if !audit.has_changes() {
            continue;
        }
        let Some(id) = number(&whole["id"]) else { continue };
        let role = tx.world.guilds.get(&guild).and_then(|g| g.roles.get(&RoleId::new(id)));
        let audit = match role.filter(|_| whole["type"] == 0) {
            Some(role) => audit.option("role_name", &role.name),
            None => audit,
        };
        tx.audit(guild, audit.option("id", id).option("type", &whole["type"]));
    }
}

fn number(id: &Value) -> Option<u64> {
    id.as_str()?.parse().ok()
}

/// A member was changed: their settings in one entry, their roles in another.
pub(super) fn member(tx: &mut Tx<'_>, actor: Actor, guild: GuildId, before: &Member, after: &Member) {
    let target = after.user.get();
    let (old, new) = (wire::member_partial(before), wire::member_partial(after));
    let settings = Audit::new(actor.user, AuditAction::MemberUpdate).target(target);
    let settings = settings.diff(&old, &new, &OF_MEMBERS);
    let Some(found) = tx.world.guilds.get(&guild) else { return };
    let roles = Audit::new(actor.user, AuditAction::MemberRoleUpdate)
        .target(target)
        .change("$add", NOTHING, difference(found, after, before))
        .change("$remove", NOTHING, difference(found, before, after));
    for audit in [settings, roles] {
        if audit.has_changes() {
            tx.audit(guild, audit);
        }
    }
}

/// `[{id, name}]` of the roles that one state of a member has and another has not; `Null` for none.
fn difference(guild: &Guild, of: &Member, other: &Member) -> Value {
    let only = of.roles.iter().filter(|role| !other.roles.contains(role));
    let named = only.filter_map(|role| guild.roles.get(role));
    let list: Vec<Value> = named.map(|role| json!({ "id": role.id, "name": role.name })).collect();
    if list.is_empty() { NOTHING } else { list.into() }
}

/// An application came to a guild, or left it.
pub(super) fn integration(tx: &mut Tx<'_>, user: UserId, guild: GuildId, action: AuditAction, id: u64) {
    let name = tx.world.applications.get(&UserId::new(id).into()).map(|a| json!(a.name)).unwrap_or_default();
    let audit = Audit::new(user, action).target(id);
    let audit = match action {
        AuditAction::IntegrationDelete => {
            audit.change("name", name, NOTHING).change("type", json!("discord"), NOTHING)
        }
        _ => audit.change("name", NOTHING, name).change("type", NOTHING, json!("discord")),
    };
    tx.audit(guild, audit);
}
