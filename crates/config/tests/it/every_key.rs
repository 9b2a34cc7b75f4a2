//! Every setting of the registry, in the file and in the environment: good, wrong type, out of range. The cases
//! follow from the shape, so that a new setting is tested without a new case.

use cogwright_config::{Origin, Setting, Shape, settings};
use serde_json::{Map, Value, json};

use crate::kit::{Kit, TOKEN};

fn nested(key: &str, value: Value) -> Value {
    match key.split_once('.') {
        None => Value::Object(Map::from_iter([(key.to_owned(), value)])),
        Some((section, rest)) => Value::Object(Map::from_iter([(section.to_owned(), nested(rest, value))])),
    }
}

/// Values that are right, each other than the default where there is a choice.
fn good(setting: &Setting) -> Vec<Value> {
    match setting.key {
        "prefix" => return vec![json!("?")],
        "health.listen" => return vec![json!("127.0.0.1:9090")],
        "telemetry.otlp" => return vec![json!("http://127.0.0.1:4318")],
        "slash_limiter.max_limit" => return vec![json!(95)],
        "rest.governor" => return vec![json!(true)],
        _ => {}
    }
    match setting.shape {
        Shape::Bool => vec![json!(true), json!(false)],
        Shape::Integer(min, max) if setting.key.starts_with("slash_limiter") => vec![json!(min), json!(max)],
        Shape::Integer(min, max) => vec![json!(min), json!(max), json!(min.midpoint(max))],
        Shape::ZeroOr(min, max) => vec![json!(0), json!(min), json!(max)],
        Shape::Number(min, max) => vec![json!(min), json!(max), json!(min + 0.25)],
        Shape::Text(_) if setting.key.starts_with("theme") => vec![json!("🦀")],
        Shape::Text(_) => vec![json!("some text")],
        Shape::Choice(words) => {
            words.iter().flat_map(|word| [json!(word), json!(word.to_lowercase())]).collect()
        }
        Shape::Colour => vec![json!("#123abc"), json!("0x123ABC"), json!(0), json!(0xff_ffff)],
        Shape::Id => vec![json!("123456789012345678"), json!(123_456_789_012_345_678_u64)],
        Shape::List(Shape::Object(_)) => {
            vec![json!([]), json!([{"text": "x"}, {"type": "custom", "text": "y", "presence": "dnd"}])]
        }
        Shape::List(Shape::Id) => vec![json!([]), json!(["123456789012345678", 123_456_789_012_345_678_u64])],
        Shape::List(_) => vec![json!([]), json!(["a", "b"])],
        Shape::Table(_) => vec![json!({}), json!({"ban": ["123456789012345678"], "kick": []})],
        Shape::Object(_) => unreachable!("stands in lists only"),
    }
}

/// Values that are wrong.
fn bad(setting: &Setting) -> Vec<Value> {
    let mut wrong = match setting.shape {
        // A number is no truth value, and a truth value no number.
        Shape::Bool => vec![json!(1), json!("true"), json!([])],
        Shape::Integer(min, max) => {
            let mut wrong = vec![json!(max + 1), json!(-1), json!(1.5), json!(true), json!("5"), json!({})];
            wrong.extend((min > 0).then(|| json!(min - 1)));
            wrong
        }
        Shape::ZeroOr(min, max) => vec![json!(min - 1), json!(max + 1), json!("5"), json!(true)],
        Shape::Number(min, max) => vec![json!(min - 0.1), json!(max + 1.0), json!("5"), json!(true)],
        Shape::Text(_) => vec![json!(1), json!(true), json!([]), json!("")],
        Shape::Choice(_) => vec![json!("no such word"), json!(1)],
        Shape::Colour => vec![json!("red"), json!("#12345"), json!(0x100_0000), json!(-1), json!(true)],
        Shape::Id => vec![json!("me"), json!(12), json!("-12345678901234567"), json!(1.5)],
        Shape::List(Shape::Object(_)) => {
            vec![
                json!({}),
                json!([1]),
                json!([{}]),
                json!([{"text": 1}]),
                json!([{"text": "x", "type": "dancing"}]),
            ]
        }
        Shape::List(_) => vec![json!({}), json!("a"), json!([true]), json!([[]])],
        Shape::Table(_) => vec![json!([]), json!({"ban": "x"}), json!({"ban": [true]}), json!({"ban": [1]})],
        Shape::Object(_) => unreachable!("stands in lists only"),
    };
    if !setting.default_is_unset() {
        wrong.push(Value::Null);
    }
    wrong
}

trait IsUnset {
    fn default_is_unset(&self) -> bool;
}

impl IsUnset for Setting {
    fn default_is_unset(&self) -> bool {
        matches!(self.default, cogwright_config::Initial::Unset)
    }
}

#[test]
fn good_values_of_the_file_hold_and_say_where_they_stand() {
    for setting in settings().filter(|setting| setting.in_file) {
        for value in good(setting) {
            let kit = Kit::new();
            kit.write("config.json", nested(setting.key, value.clone()).to_string());
            assert_eq!(kit.problems(), [""; 0], "{} {value}", setting.key);
            assert_eq!(kit.warnings(), [""; 0], "{} {value}", setting.key);
            assert_eq!(kit.origin(setting.key), "config.json:1", "{} {value}", setting.key);
        }
    }
}

#[test]
fn bad_values_of_the_file_are_named_with_place_and_remedy() {
    for setting in settings().filter(|setting| setting.in_file) {
        for value in bad(setting) {
            let kit = Kit::new();
            kit.write("config.json", nested(setting.key, value.clone()).to_string());
            let report = kit.read();
            assert_eq!(report.problems.len(), 1, "{} {value}: {:?}", setting.key, report.problems);
            let problem = &report.problems[0];
            assert!(problem.setting.starts_with(setting.key), "{problem}");
            assert!(problem.place.contains("config.json:1:"), "{problem}");
            assert!(!problem.what.is_empty() && problem.remedy.ends_with(['.', '?']), "{problem}");
            let origin = &report.effective.iter().find(|it| it.setting.key == setting.key).unwrap().origin;
            assert_eq!(*origin, Origin::Default, "{}: what is wrong does not hold", setting.key);
            assert!(report.into_loaded().is_err());
        }
    }
}

/// Environment variables: the same shapes from text.
#[test]
fn variables_are_read_checked_and_win() {
    for setting in settings() {
        let Some(name) = setting.variable.filter(|name| *name != "DISCORD_TOKEN") else { continue };
        let (good, bad) = match setting.shape {
            _ if name == "SHARD_IDS" => (vec!["0", "1, 3"], vec!["a", "-1", "0;1"]),
            _ if name == "COGWRIGHT_OTLP_HEADERS" => (vec!["api-key=a%2Cb, x=y=="], vec!["some text", "a=ü"]),
            _ if name == "COGWRIGHT_PREFIX" => (vec!["?"], vec!["/", "a b"]),
            Shape::Bool => {
                (vec!["true", "1", "YES", "on", "false", "0", "No", "off"], vec!["maybe", "2", "tru"])
            }
            Shape::Integer(..) => (vec!["1", "16"], vec!["x", "-1", "1.5", "99999999999999999999"]),
            Shape::Id => (vec!["123456789012345678"], vec!["me", "12", "Your_DiscordID"]),
            Shape::Choice(words) => (words.to_vec(), vec!["other"]),
            _ => (vec!["some text"], vec!["two\nlines"]),
        };
        for (values, right) in [(good, true), (bad, false)] {
            for value in values {
                let kit = Kit::new().with("SHARD_COUNT", "16").with(name, value);
                let problems = kit.problems();
                assert_eq!(problems.is_empty(), right, "{name}={value}: {problems:?}");
                if right {
                    let report = kit.read();
                    let found = report.effective.iter().find(|it| it.setting.key == setting.key).unwrap();
                    assert_eq!(found.origin, Origin::Environment, "{name}={value}");
                } else {
                    assert!(problems[0].starts_with(&format!("environment {name}")), "{problems:?}");
                }
                // The same in the file, over which the environment wins.
                let mut kit = Kit::new().with("SHARD_COUNT", "16");
                kit.env.0.remove(name);
                if !value.contains('\n') && name != "SHARD_COUNT" {
                    kit.write(".env", format!("# one\n{name}={value}\n"));
                    assert_eq!(kit.problems().is_empty(), right, "{name}={value}");
                    assert!(!right || kit.origin(setting.name()) == ".env:2", "{name}={value}");
                }
                // Empty means not set.
                kit.env.0.insert(name.to_owned(), "  ".to_owned());
                kit.write(".env", format!("{name}=\n"));
                assert!(kit.problems().is_empty() || name == "SHARD_COUNT", "{name}");
            }
        }
    }
}

/// What each setting does is proven by a test: the table names it, and `cargo xtask tidy` sees to it that it exists.
#[test]
fn every_setting_that_is_built_names_what_proves_that_it_does_something() {
    let rows: Vec<_> =
        include_str!("../../proofs.tsv").lines().map(|row| row.split_once('\t').unwrap()).collect();
    // All of the theme are proven together.
    let of = |key: &str| if key.starts_with("theme.") { "theme.*".to_owned() } else { key.to_owned() };
    let mut built: Vec<_> =
        settings().filter(|setting| !setting.later).map(|setting| of(setting.key)).collect();
    built.dedup();
    let mut named: Vec<_> = rows.iter().map(|(key, _)| (*key).to_owned()).collect();
    built.sort();
    named.sort();
    assert_eq!(named, built, "each setting that is built has one row, and nothing else has one");
    assert!(rows.iter().all(|(_, tests)| !tests.trim().is_empty()));
}

#[test]
fn no_key_of_the_environment_alone_may_stand_in_the_file() {
    for setting in settings().filter(|setting| !setting.in_file) {
        let kit = Kit::new();
        kit.write("config.json", nested(setting.key, json!(TOKEN)).to_string());
        let (problems, warnings) = (kit.problems(), kit.warnings());
        assert!(problems.is_empty(), "{problems:?}");
        assert!(warnings.iter().any(|it| it.contains("is not known")), "{}: {warnings:?}", setting.key);
        assert!(!warnings.iter().any(|it| it.contains(TOKEN)), "{warnings:?}");
    }
}
