//! Putting validated commands into the world: limits, ids, versions, telling people's clients.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Map, Value, json};

use super::{MAX_DAILY_CREATES, Scope, definition::Definition, permissions};
use crate::{ApiError, Audience, Command, CommandId, CommandKind, EventKind, GuildId, Timestamp, Tx, World};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How many commands of a kind a scope may hold. See Discord docs: Application Commands / Registering a Command.
const fn limit(kind: CommandKind) -> usize {
    match kind {
        CommandKind::ChatInput => 100,
        CommandKind::User | CommandKind::Message => 15,
    }
}

/// The commands of a scope.
pub(super) fn of(world: &World, scope: Scope) -> impl Iterator<Item = &Command> {
    world.commands.values().filter(move |c| c.application == scope.application && c.guild == scope.guild)
}

/// A command of a scope, or 10063.
pub(super) fn get(world: &World, scope: Scope, id: CommandId) -> Result<&Command, ApiError> {
    of(world, scope).find(|c| c.id == id).ok_or_else(ApiError::unknown_command)
}

/// The command of that kind and name.
pub(super) fn named<'w>(
    world: &'w World,
    scope: Scope,
    kind: CommandKind,
    name: &str,
) -> Option<&'w Command> {
    of(world, scope).find(|c| c.kind == kind && c.name == name)
}

/// 30032 if there would be more commands of a kind than allowed.
pub(super) fn check_counts(kinds: impl Iterator<Item = CommandKind>) -> Result<(), ApiError> {
    let mut counts: BTreeMap<CommandKind, usize> = BTreeMap::new();
    for kind in kinds {
        let count = counts.entry(kind).or_default();
        *count += 1;
        if *count > limit(kind) {
            let message = format!("Maximum number of application commands reached ({}).", limit(kind));
            return Err(ApiError::new(400, 30032, message));
        }
    }
    Ok(())
}

/// Counts `new` creations, or 30034 if a day's limit would be passed. Nothing is counted on an error.
pub(super) fn count_creates(tx: &mut Tx<'_>, scope: Scope, new: usize) -> Result<(), ApiError> {
    let now = tx.now;
    let creates = &mut tx.world.command_creates;
    creates.retain(|(at, ..)| now.since(*at) < DAY);
    let mine = |c: &&(Timestamp, _, _)| c.1 == scope.application && c.2 == scope.guild;
    let used = creates.iter().filter(mine).count();
    if new > 0 && used + new > MAX_DAILY_CREATES {
        let oldest = creates.iter().find(mine).map_or(now, |c| c.0);
        let message =
            format!("Max number of daily application command creates has been reached ({MAX_DAILY_CREATES})");
        let mut error = ApiError::new(400, 30034, message);
        error.retry_after = Some(DAY.saturating_sub(now.since(oldest)).as_secs_f64());
        return Err(error);
    }
    creates.extend(std::iter::repeat_n((now, scope.application, scope.guild), new));
    Ok(())
}

/// Stores a definition under `id`, or under a new id, and answers it. An unchanged command keeps its version.
pub(super) fn put(tx: &mut Tx<'_>, scope: Scope, id: Option<CommandId>, definition: Definition) -> Value {
    let id = id.unwrap_or_else(|| CommandId::new(tx.mint()));
    let render = |version: u64| {
        let mut body = Map::new();
        body.insert("id".into(), json!(id));
        body.insert("application_id".into(), json!(scope.application));
        body.insert("version".into(), json!(version.to_string()));
        body.extend(definition.body.clone());
        if let Some(guild) = scope.guild {
            body.insert("guild_id".into(), json!(guild));
        }
        Value::Object(body)
    };
    let unchanged = tx.world.commands.get(&id).map(|old| (old.version, render(old.version) == old.body));
    let version = match unchanged {
        Some((version, true)) => version,
        _ => tx.mint(),
    };
    let body = render(version);
    let Definition { kind, name, .. } = definition;
    if tx.world.commands.get(&id).is_some_and(|old| old.name != name) {
        permissions::forget_permissions(tx.world, id);
    }
    let command = Command {
        id,
        application: scope.application,
        guild: scope.guild,
        kind,
        name,
        version,
        body: body.clone(),
    };
    tx.world.commands.insert(id, command);
    body
}

/// Tells people's clients that the commands they may use have changed.
pub(super) fn announce(tx: &mut Tx<'_>, scope: Scope) {
    let guilds: Vec<GuildId> = match scope.guild {
        Some(guild) => vec![guild],
        None => tx.world.guilds_of(scope.application.into()).map(|g| g.id).collect(),
    };
    for guild in guilds {
        tx.emit(EventKind::PersonViewChanged, Audience::Guild(guild), json!({}));
    }
}
