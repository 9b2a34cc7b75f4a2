//! In what two commands differ, part by part, for people to read.

use std::collections::BTreeSet;

use serde_json::Value;

/// One part that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Where: `description`, `options.text.max_length`.
    pub path: String,
    /// What stands there now; `None` when nothing does.
    pub from: Option<Value>,
    /// What is wanted there.
    pub to: Option<Value>,
}

/// All parts in which two commands in canonical form differ. Options and choices are told apart by their names; a
/// change of order alone is one difference of the whole list.
pub fn differences(from: &Value, to: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(String::new(), Some(from), Some(to), &mut found);
    found
}

fn walk(path: String, from: Option<&Value>, to: Option<&Value>, found: &mut Vec<Difference>) {
    if from == to {
        return;
    }
    match (from, to) {
        (Some(Value::Object(from)), Some(Value::Object(to))) => {
            let keys: BTreeSet<_> = from.keys().chain(to.keys()).collect();
            for key in keys {
                walk(join(&path, key), from.get(key), to.get(key), found);
            }
        }
        (Some(Value::Array(from)), Some(Value::Array(to))) if is_named(from) && is_named(to) => {
            let before = found.len();
            let (old, new) = (names(from), names(to));
            for name in old.iter().chain(new.iter().filter(|name| !old.contains(name))) {
                walk(join(&path, name), find(from, name), find(to, name), found);
            }
            if found.len() == before {
                let path = join(&path, "order");
                found.push(Difference { path, from: Some(old.into()), to: Some(new.into()) });
            }
        }
        _ => found.push(Difference { path, from: from.cloned(), to: to.cloned() }),
    }
}

fn is_named(list: &[Value]) -> bool {
    list.iter().all(|item| item["name"].is_string())
}

fn names(list: &[Value]) -> Vec<String> {
    list.iter().filter_map(|item| item["name"].as_str()).map(str::to_owned).collect()
}

fn find<'a>(list: &'a [Value], name: &str) -> Option<&'a Value> {
    list.iter().find(|item| item["name"] == name)
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(from: &Value, to: &Value) -> Vec<String> {
        differences(from, to).into_iter().map(|difference| difference.path).collect()
    }

    #[test]
    fn parts_are_named_down_to_the_bottom() {
        let option = |name: &str, length: u64| json!({"type": 3, "name": name, "max_length": length});
        let from = json!({"description": "a", "options": [option("x", 1), option("gone", 1)]});
        let to = json!({"description": "b", "options": [option("new", 1), option("x", 2)], "nsfw": true});
        let expected = ["description", "nsfw", "options.x.max_length", "options.gone", "options.new"];
        assert_eq!(paths(&from, &to), expected);
        let found = differences(&from, &to);
        assert_eq!((found[0].from.clone(), found[0].to.clone()), (Some(json!("a")), Some(json!("b"))));
        assert_eq!((found[1].from.clone(), found[1].to.clone()), (None, Some(json!(true))));
    }

    #[test]
    fn order_alone_is_one_difference() {
        let (a, b) = (json!({"name": "a"}), json!({"name": "b"}));
        let found = differences(&json!({"options": [a, b]}), &json!({"options": [b, a]}));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].path.as_str(), found[0].to.clone()), ("options.order", Some(json!(["b", "a"]))));
        assert!(differences(&a, &a).is_empty());
        assert_eq!(paths(&json!({"contexts": [0]}), &json!({"contexts": [0, 1]})), ["contexts"]);
    }
}
