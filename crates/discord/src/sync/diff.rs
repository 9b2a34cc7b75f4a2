//! What has to change between the registered commands and the wanted ones.

use std::collections::BTreeMap;

use serde_json::Value;

use super::canonical::{canonical, without_defaults_of};

/// What differs, by the commands' names; context menu commands have their kind behind the name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Not registered yet.
    pub created: Vec<String>,
    /// Registered differently.
    pub changed: Vec<String>,
    /// Registered, but not wanted any more.
    pub removed: Vec<String>,
}

impl Diff {
    /// Whether nothing has to be written.
    pub fn is_empty(&self) -> bool {
        self.created.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// Compares commands as Discord's JSON objects, whatever their order.
pub fn diff(wanted: &[Value], registered: &[Value]) -> Diff {
    let mut diff = Diff::default();
    for change in compare(wanted, registered).changes {
        match change.kind {
            ChangeKind::Create => diff.created.push(change.name),
            ChangeKind::Update => diff.changed.push(change.name),
            ChangeKind::Delete => diff.removed.push(change.name),
        }
    }
    diff
}

/// What a change does to what is registered, in the order in which changes are made: a slot must be free before it
/// is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It goes.
    Delete,
    /// It becomes another.
    Update,
    /// It is new.
    Create,
}

/// One command that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What is done.
    pub kind: ChangeKind,
    /// Its name; context menu commands have their kind behind it.
    pub name: String,
    /// What Discord knows it by, if it is registered.
    pub id: Option<String>,
    /// As it is registered, in canonical form.
    pub from: Option<Value>,
    /// As it is wanted, in canonical form.
    pub to: Option<Value>,
}

/// All differences, deletions first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// What differs.
    pub changes: Vec<Change>,
    /// Commands that are as they should be, as changes that write them once more.
    pub unchanged: Vec<Change>,
}

/// Compares commands as Discord's JSON objects, whatever their order. A registered entry point of an activity is
/// left alone: Discord makes it by itself.
pub fn compare(wanted: &[Value], registered: &[Value]) -> Comparison {
    let wanted = by_name(wanted);
    let mut registered = by_name(registered);
    let mut comparison = Comparison::default();
    let changes = &mut comparison.changes;
    for (key, (_, wanted)) in wanted {
        let name = label(&key);
        match registered.remove(&key) {
            None => {
                let kind = ChangeKind::Create;
                changes.push(Change { kind, name, id: None, from: None, to: Some(wanted) });
            }
            Some((id, mut registered)) => {
                without_defaults_of(&wanted, &mut registered);
                let list = if registered == wanted { &mut comparison.unchanged } else { &mut *changes };
                let (from, to) = (Some(registered), Some(wanted));
                list.push(Change { kind: ChangeKind::Update, name, id, from, to });
            }
        }
    }
    let gone = registered.into_iter().filter(|((_, kind), _)| *kind != ENTRY_POINT);
    changes.extend(gone.map(|(key, (id, registered))| Change {
        kind: ChangeKind::Delete,
        name: label(&key),
        id,
        from: Some(registered),
        to: None,
    }));
    changes.sort_by_key(|change| change.kind);
    comparison
}

/// See Discord docs: Application Commands / Entry Point Commands.
pub(super) const ENTRY_POINT: u64 = 4;

/// Names are unique per type only.
type Key = (String, u64);

/// Commands in canonical form with their ids.
fn by_name(commands: &[Value]) -> BTreeMap<Key, (Option<String>, Value)> {
    commands
        .iter()
        .map(|command| {
            let id = command["id"].as_str().map(str::to_owned);
            let command = canonical(command);
            let name = command["name"].as_str().unwrap_or_default().to_owned();
            let kind = command["type"].as_u64().unwrap_or(1);
            ((name, kind), (id, command))
        })
        .collect()
}

fn label((name, kind): &Key) -> String {
    match kind {
        1 => name.clone(),
        2 => format!("{name} (user)"),
        3 => format!("{name} (message)"),
        other => format!("{name} (type {other})"),
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;
    use serde_json::json;

    fn same(wanted: Value, registered: Value) {
        let found = diff(from_ref(&wanted), from_ref(&registered));
        assert!(found.is_empty(), "{found:?}\n{wanted}\n{registered}");
    }

    fn differs(wanted: Value, registered: Value) {
        let found = diff(from_ref(&wanted), from_ref(&registered));
        assert_eq!(found.changed.len(), 1, "{wanted}\n{registered}");
    }

    /// A plain command with these further keys.
    fn with(extra: Value) -> Value {
        let mut command = json!({"name": "a", "description": "d"});
        let target = command.as_object_mut().expect("is an object");
        target.extend(extra.as_object().expect("is an object").clone());
        command
    }

    fn with_option(extra: Value) -> Value {
        let mut option = json!({"type": 3, "name": "o", "description": "d"});
        let target = option.as_object_mut().expect("is an object");
        target.extend(extra.as_object().expect("is an object").clone());
        with(json!({"options": [option]}))
    }

    #[test]
    fn what_discord_adds_makes_no_difference() {
        same(
            with(json!({})),
            with(json!({
                "id": "1", "application_id": "2", "version": "3", "guild_id": "4", "type": 1,
                "default_member_permissions": null, "dm_permission": true, "nsfw": false,
                "contexts": null, "integration_types": [0], "name_localizations": null,
                "description_localizations": null, "name_localized": "a",
                "description_localized": "d", "default_permission": true, "handler": null,
            })),
        );
    }

    #[test]
    fn what_libraries_write_out_makes_no_difference() {
        same(
            with(json!({"options": [], "name_localizations": {}, "version": "1", "nsfw": null})),
            with(json!({})),
        );
        same(
            with_option(json!({"required": false, "choices": [], "autocomplete": false,
                "channel_types": [], "min_value": null, "options": null})),
            with_option(json!({})),
        );
    }

    #[test]
    fn texts_and_order_of_options_count() {
        differs(with(json!({"description": "e"})), with(json!({})));
        let a = json!({"type": 3, "name": "a", "description": "d"});
        let b = json!({"type": 4, "name": "b", "description": "d"});
        differs(with(json!({"options": [a, b]})), with(json!({"options": [b, a]})));
        differs(with(json!({"options": [a]})), with(json!({})));
        differs(with(json!({})), with(json!({"options": [a]})));
    }

    #[test]
    fn every_property_of_an_option_counts() {
        for extra in [
            json!({"type": 4}),
            json!({"description": "e"}),
            json!({"required": true}),
            json!({"autocomplete": true}),
            json!({"min_value": 1}),
            json!({"max_value": 1.5}),
            json!({"min_length": 1}),
            json!({"max_length": 5}),
            json!({"channel_types": [0]}),
            json!({"file_types": ["png"]}),
            json!({"choices": [{"name": "x", "value": "y"}]}),
            json!({"choices": [{"name": "x", "value": "y", "name_localizations": {"de": "z"}}]}),
            json!({"name_localizations": {"de": "x"}}),
            json!({"options": [{"type": 3, "name": "n", "description": "d"}]}),
        ] {
            differs(with_option(extra.clone()), with_option(json!({})));
            differs(with_option(json!({})), with_option(extra.clone()));
            same(with_option(extra.clone()), with_option(extra));
        }
    }

    #[test]
    fn every_property_of_a_command_counts() {
        for extra in [
            json!({"nsfw": true}),
            json!({"default_member_permissions": "8"}),
            json!({"contexts": [0]}),
            json!({"dm_permission": false}),
            json!({"name_localizations": {"de": "x"}}),
            json!({"description_localizations": {"de": "x"}}),
        ] {
            differs(with(extra.clone()), with(json!({})));
            differs(with(json!({})), with(extra.clone()));
            same(with(extra.clone()), with(extra));
        }
    }

    #[test]
    fn localisation_maps_have_no_order_and_no_nulls() {
        same(
            with(json!({"name_localizations": {"de": "x", "fr": "y", "da": null}})),
            with(json!({"name_localizations": {"fr": "y", "de": "x"}})),
        );
        differs(
            with(json!({"name_localizations": {"de": "x"}})),
            with(json!({"name_localizations": {"de": "z"}})),
        );
    }

    #[test]
    fn lists_that_are_sets_have_no_order() {
        same(with(json!({"contexts": [2, 0]})), with(json!({"contexts": [0, 2]})));
        same(with_option(json!({"channel_types": [5, 0, 5]})), with_option(json!({"channel_types": [0, 5]})));
    }

    #[test]
    fn numbers_are_equal_by_value() {
        same(with_option(json!({"min_value": 1.0})), with_option(json!({"min_value": 1})));
        differs(with_option(json!({"min_value": 1.5})), with_option(json!({"min_value": 1})));
        let choice = |value: Value| with_option(json!({"choices": [{"name": "x", "value": value}]}));
        same(choice(json!(2.0)), choice(json!(2)));
        differs(choice(json!(2)), choice(json!("2")));
    }

    #[test]
    fn permissions_are_equal_as_text_and_number() {
        same(
            with(json!({"default_member_permissions": 8})),
            with(json!({"default_member_permissions": "8"})),
        );
        differs(
            with(json!({"default_member_permissions": "0"})),
            with(json!({"default_member_permissions": null})),
        );
    }

    #[test]
    fn what_is_left_to_discord_is_not_compared() {
        same(with(json!({})), with(json!({"integration_types": [0, 1], "contexts": [0, 1, 2]})));
        differs(with(json!({})), with(json!({"contexts": [0]})));
        differs(with(json!({"integration_types": [0]})), with(json!({"integration_types": [0, 1]})));
    }

    #[test]
    fn contexts_supersede_the_old_switch() {
        same(with(json!({"contexts": [0]})), with(json!({"contexts": [0], "dm_permission": false})));
    }

    #[test]
    fn types_have_names_of_their_own() {
        let slash = json!({"name": "x", "description": "d"});
        let user = json!({"name": "x", "type": 2});
        let message = json!({"name": "x", "type": 3, "description": ""});
        let found = diff(
            &[slash.clone(), user.clone()],
            &[json!({"name": "x", "type": 2, "description": ""}), message],
        );
        assert_eq!(found.created, ["x"]);
        assert_eq!(found.removed, ["x (message)"]);
        assert!(found.changed.is_empty());
        assert_eq!(diff(&[user], &[]).created, ["x (user)"]);
    }

    #[test]
    fn the_order_of_commands_makes_no_difference() {
        let a = json!({"name": "a", "description": "d"});
        let b = json!({"name": "b", "description": "d"});
        assert!(diff(&[a.clone(), b.clone()], &[b, a]).is_empty());
    }

    #[test]
    fn nothing_wanted_removes_everything() {
        let found = diff(&[], &[with(json!({}))]);
        assert_eq!(found.removed, ["a"]);
        assert!(diff(&[], &[]).is_empty());
    }

    #[test]
    fn nested_options_are_compared_to_the_bottom() {
        let tree = |text: &str| {
            with(json!({"options": [{"type": 2, "name": "g", "description": "d", "options": [
                {"type": 1, "name": "s", "description": "d", "options": [
                    {"type": 3, "name": "o", "description": text, "required": true}]}]}]}))
        };
        same(tree("x"), tree("x"));
        differs(tree("x"), tree("y"));
    }

    #[test]
    fn deletions_come_first_and_entry_points_stay() {
        let registered = [
            json!({"id": "1", "name": "a", "description": "old"}),
            json!({"id": "2", "name": "z", "description": "d"}),
            json!({"id": "3", "name": "launch", "type": 4, "handler": 2}),
            json!({"id": "4", "name": "same", "description": "d"}),
        ];
        let wanted = [
            json!({"name": "b", "description": "d"}),
            json!({"name": "a", "description": "new"}),
            json!({"name": "same", "description": "d"}),
        ];
        let found = compare(&wanted, &registered);
        let order: Vec<_> =
            found.changes.iter().map(|c| (c.kind, c.name.as_str(), c.id.as_deref())).collect();
        let expected = [
            (ChangeKind::Delete, "z", Some("2")),
            (ChangeKind::Update, "a", Some("1")),
            (ChangeKind::Create, "b", None),
        ];
        assert_eq!((order, found.unchanged.len()), (expected.to_vec(), 1));
    }

    #[test]
    fn what_is_no_object_is_not_taken_for_a_command() {
        let found = diff(&[], &[json!(7)]);
        assert_eq!(found.removed.len(), 1);
    }
}
