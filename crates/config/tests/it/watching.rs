//! Files that change while the bot runs.

use cogwright_config::{Problem, Reload, Watch, changes};

use crate::kit::{Kit, TOKEN};

/// Two looks: one that finds the change, one that finds it settled.
fn look(watch: &mut Watch, kit: &Kit) -> Option<Reload> {
    let first = watch.look(&kit.env);
    assert!(first.is_none(), "a file may be half written: {first:?}");
    watch.look(&kit.env)
}

#[test]
fn changes_are_told_once_and_broken_files_change_nothing() {
    let kit = Kit::new();
    kit.write("config.json", r#"{"prefix": "?"}"#);
    let mut watch = Watch::new(kit.sources(), kit.loaded());
    for _ in 0..3 {
        assert!(watch.look(&kit.env).is_none(), "nothing has changed");
    }

    kit.write("config.json", r#"{"prefix": "$", "logging": {"max_bytes": 2048}}"#);
    let Some(Reload::Changed { changes, .. }) = look(&mut watch, &kit) else { panic!("has changed") };
    let names: Vec<_> = changes.live.iter().chain(&changes.needs_restart).map(|it| it.name).collect();
    assert_eq!(names.len(), 2, "{changes:?}");
    assert!(
        changes.needs_restart.iter().any(|it| it.to_string() == "logging.max_bytes from 10485760 to 2048")
    );
    assert_eq!(watch.running().settings.logging.max_bytes, 10_485_760, "not before a restart");
    assert!(watch.look(&kit.env).is_none());

    kit.write("config.json", "{broken");
    let Some(Reload::Broken(problems)) = look(&mut watch, &kit) else { panic!("is broken") };
    assert_eq!(problems.iter().count(), 1);
    assert!(watch.look(&kit.env).is_none(), "is told once");

    std::fs::remove_file(kit.path("config.json")).unwrap();
    let Some(Reload::Broken(problems)) = look(&mut watch, &kit) else { panic!("is gone") };
    assert!(problems.iter().next().unwrap().what.contains("is gone"));

    kit.write("config.json", "{ \"logging\": {\"max_bytes\": 2048}, // the same\n \"prefix\": \"$\" }");
    let Some(Reload::Changed { changes, mended, .. }) = look(&mut watch, &kit) else { panic!("is mended") };
    assert!(mended && changes.live.is_empty() && changes.needs_restart.is_empty(), "{changes:?}");
    kit.write("config.json", "{\"prefix\": \"$\", \"logging\": {\"max_bytes\": 2048} // the same\n}");
    assert!(look(&mut watch, &kit).is_none(), "only the text differs");

    kit.write("config.json", "{broken again");
    assert!(matches!(look(&mut watch, &kit), Some(Reload::Broken(_))));
    kit.write("config.json", r#"{"prefix": "%"}"#);
    let Some(Reload::Changed { mended, .. }) = look(&mut watch, &kit) else {
        panic!("is mended and changed")
    };
    assert!(mended);
    kit.write("config.json", r#"{"prefix": "?"}"#);
    let Some(Reload::Changed { mended, .. }) = look(&mut watch, &kit) else { panic!("has changed") };
    assert!(!mended, "it was well before");
}

#[test]
fn a_problem_in_one_line_ends_its_sentences_once() {
    let line = |what: &str| Problem::new("DISCORD_TOKEN", ".env", what, "Put it there.").line();
    assert_eq!(
        line("DISCORD_TOKEN not found in .env!"),
        ".env DISCORD_TOKEN: DISCORD_TOKEN not found in .env! Put it there."
    );
    assert_eq!(line("is empty"), ".env DISCORD_TOKEN: is empty. Put it there.");
}

#[test]
fn secrets_are_not_in_what_is_told() {
    let (old, new) = (Kit::new(), Kit::new().with("DISCORD_TOKEN", "other.abc.def"));
    let changes = changes(&old.loaded(), &new.loaded());
    assert_eq!(changes.live, []);
    let told = changes.needs_restart[0].to_string();
    assert_eq!(told, "DISCORD_TOKEN (not shown)");
    assert!(!format!("{changes:?}").contains(TOKEN));
}
