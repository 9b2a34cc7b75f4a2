//! Walks a tree of components: puts a view's key before the custom ids, disables what can be used.

use twilight_model::channel::message::Component;
use twilight_model::channel::message::component::{Button, SelectMenu};

use crate::persistent::MARK;

/// What a component tree holds that people can use.
enum Usable<'a> {
    Button(&'a mut Button),
    Select(&'a mut SelectMenu),
}

fn walk(components: &mut [Component], visit: &mut dyn FnMut(Usable<'_>)) {
    for component in components {
        match component {
            Component::Button(button) => visit(Usable::Button(button)),
            Component::SelectMenu(select) => visit(Usable::Select(select)),
            Component::ActionRow(row) => walk(&mut row.components, visit),
            Component::Container(container) => walk(&mut container.components, visit),
            Component::Section(section) => {
                walk(std::slice::from_mut(&mut *section.accessory), visit);
                walk(&mut section.components, visit);
            }
            Component::Label(label) => walk(std::slice::from_mut(&mut *label.component), visit),
            _ => {}
        }
    }
}

/// Whether an id is answered by a handler rather than by a view, whatever message it is on.
fn is_persistent(id: &str) -> bool {
    id.starts_with(MARK)
}

/// Turns every custom id of a view into `key:id`, so that what is used finds its view.
pub(crate) fn prefix_ids(components: &mut [Component], key: &str) {
    walk(components, &mut |usable| match usable {
        Usable::Button(button) => {
            if let Some(id) = button.custom_id.as_mut().filter(|id| !is_persistent(id)) {
                id.insert_str(0, &format!("{key}:"));
            }
        }
        Usable::Select(select) if is_persistent(&select.custom_id) => {}
        Usable::Select(select) => select.custom_id.insert_str(0, &format!("{key}:")),
    });
}

/// Disables all that would be answered by nobody. Links and shop buttons go on working.
/// Answers whether there was anything to disable.
pub(crate) fn disable(components: &mut [Component]) -> bool {
    let mut changed = false;
    walk(components, &mut |usable| {
        let disabled = match usable {
            Usable::Button(button) if button.custom_id.as_deref().is_some_and(|id| !is_persistent(id)) => {
                &mut button.disabled
            }
            Usable::Button(_) => return,
            Usable::Select(select) if is_persistent(&select.custom_id) => return,
            Usable::Select(select) => &mut select.disabled,
        };
        changed |= !*disabled;
        *disabled = true;
    });
    changed
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use twilight_model::channel::message::component::{Container, Section};

    use super::*;
    use crate::reply::ui;

    fn nested() -> Vec<Component> {
        let section = Section {
            accessory: Box::new(ui::button("deep", "Deep").into()),
            components: vec![ui::text("x").into()],
            id: None,
        };
        let inner = vec![section.into(), ui::row([ui::select("pick", [("A", "a")]).into()])];
        vec![
            Container { accent_color: None, components: inner, id: None, spoiler: None }.into(),
            ui::row([ui::button("top", "Top").into(), ui::link("https://example.org", "Link").into()]),
        ]
    }

    fn found(value: &Value, key: &str, into: &mut Vec<Value>) {
        match value {
            Value::Object(map) => {
                into.extend(map.get(key).cloned());
                map.values().for_each(|value| found(value, key, into));
            }
            Value::Array(list) => list.iter().for_each(|value| found(value, key, into)),
            _ => {}
        }
    }

    #[test]
    fn all_levels_are_reached() {
        let mut tree = nested();
        prefix_ids(&mut tree, "7");
        assert!(disable(&mut tree));
        assert!(!disable(&mut tree), "nothing is left to disable");
        let json = serde_json::to_value(&tree).unwrap();
        let (mut ids, mut disabled) = (Vec::new(), Vec::new());
        found(&json, "custom_id", &mut ids);
        found(&json, "disabled", &mut disabled);
        ids.sort_by_key(ToString::to_string);
        assert_eq!(ids, [json!("7:deep"), json!("7:pick"), json!("7:top")]);
        assert_eq!(disabled.iter().filter(|value| **value == json!(true)).count(), 3);
    }
}
