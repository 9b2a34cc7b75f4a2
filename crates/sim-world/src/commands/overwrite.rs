//! `PUT /applications/{a}/commands` and the same below a guild: replaces all commands, of every kind.

use std::{cell::RefCell, collections::BTreeSet};

use serde_json::Value;

use super::{Scope, definition, definition::Definition, permissions, store};
use crate::{Action, Actor, ApiError, CommandId, FormErrors, Tx, World, body::Form};

/// More than all limits together; a longer list is refused by its counts, so that reading on is of no use.
const MAX_LIST: usize = 131;

/// Bulk overwrite: what is not in the list is removed, what has the same kind and name keeps its id.
#[derive(Clone, Debug)]
pub struct OverwriteCommands {
    /// The application.
    pub actor: Actor,
    /// Where.
    pub scope: Scope,
    /// The request body, a list.
    pub body: Value,
}

impl Action for OverwriteCommands {
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        self.scope.check(tx.world, self.actor)?;
        let definitions = read(&self.body, self.scope, tx.world)?;
        store::check_counts(definitions.iter().map(|d| d.kind))?;

        let mut kept = BTreeSet::new();
        let ids: Vec<Option<CommandId>> = definitions
            .iter()
            .map(|d| {
                let by_name = store::named(tx.world, self.scope, d.kind, &d.name);
                let by_id =
                    || store::of(tx.world, self.scope).find(|c| Some(c.id) == d.id && c.kind == d.kind);
                by_name.or_else(by_id).map(|c| c.id).filter(|id| kept.insert(*id))
            })
            .collect();
        store::count_creates(tx, self.scope, ids.iter().filter(|id| id.is_none()).count())?;

        let gone: Vec<_> =
            store::of(tx.world, self.scope).map(|c| c.id).filter(|id| !kept.contains(id)).collect();
        for id in gone {
            tx.world.commands.remove(&id);
            permissions::forget_permissions(tx.world, id);
        }
        let pairs = ids.into_iter().zip(definitions);
        let commands = pairs.map(|(id, definition)| store::put(tx, self.scope, id, definition)).collect();
        store::announce(tx, self.scope);
        Ok(Value::Array(commands))
    }
}

fn read(body: &Value, scope: Scope, world: &World) -> Result<Vec<Definition>, ApiError> {
    let Some(list) = body.as_array() else {
        return Err(ApiError::form("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"));
    };
    let errors = RefCell::new(FormErrors::default());
    let mut names = BTreeSet::new();
    let mut definitions = Vec::new();
    for (i, item) in list.iter().enumerate().take(MAX_LIST) {
        let path = i.to_string();
        let Some(form) = Form::new(item, &path, &errors) else { continue };
        let definition = definition::read(form, None, scope, world);
        if !names.insert((definition.kind, definition.name.clone())) {
            let message = "Application command names must be unique";
            form.error("", "APPLICATION_COMMANDS_DUPLICATE_NAME", message);
        }
        definitions.push(definition);
    }
    errors.into_inner().finish()?;
    Ok(definitions)
}
