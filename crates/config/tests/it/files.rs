//! What people do to files, and what they are told.

use std::fmt::Write as _;
use std::time::Duration;

use cogwright_config::{Activity, default_file, settings};

use crate::kit::{Kit, OWNER, TOKEN};

#[test]
fn nothing_but_a_token_is_needed() {
    for content in [None, Some("{}"), Some("// mine\n{\n  /* nothing */\n}\n"), Some(&*default_file())] {
        let kit = Kit::new();
        if let Some(content) = content {
            kit.write("config.json", content);
        }
        assert_eq!((kit.problems(), kit.warnings()), (vec![], vec![]), "{content:?}");
        let mut expected = cogwright_config::Settings::with_token(TOKEN);
        expected.owner = OWNER.parse().ok();
        assert_eq!(kit.loaded().settings, expected, "{content:?}");
    }
}

#[test]
fn values_arrive_typed() {
    let kit =
        Kit::new().with("SHARD_COUNT", "4").with("SHARD_IDS", "0, 2").with("SHARD_IPC_SECRET", "hunter2");
    kit.write(
        "config.json",
        r##"{
            "prefix": "?",
            "owner_ids": ["223456789012345678", 323456789012345678],
            "status": {"type": "LISTENING", "interval": 60, "statuses": [{"text": "{guilds}", "type": "custom"}]},
            "cooldowns": {"default_per": 2.5},
            "command_permissions": {"ban": ["423456789012345678"]},
            "auto_delete": {"success": 0},
            "database": {"backup": {"interval": 6}},
            "theme": {"colours": {"info": "#123456"}},
            "health": {"listen": "127.0.0.1:9090"},
        }"##,
    );
    let loaded = kit.loaded();
    let it = &loaded.settings;
    assert_eq!((it.prefix.as_str(), it.status.kind), ("?", Activity::Listening));
    assert_eq!(
        (it.owner, &*it.owner_ids),
        (Some(123456789012345678), &[223456789012345678, 323456789012345678][..])
    );
    assert_eq!(it.status.interval, Duration::from_secs(60));
    assert_eq!((it.status.rotation().len(), it.status.rotation()[0].kind), (1, Activity::Custom));
    assert_eq!(it.cooldowns.default_per, Duration::from_millis(2_500));
    assert_eq!(it.command_permissions["ban"], [423456789012345678]);
    assert_eq!((it.auto_delete.success, it.auto_delete.error), (None, Some(Duration::from_secs(10))));
    assert_eq!(it.database.backup.interval, Some(Duration::from_secs(6 * 3_600)));
    assert_eq!(it.theme.colours.info, 0x123456);
    assert_eq!(it.health.listen, "127.0.0.1:9090".parse().ok());
    assert_eq!((it.sharding.count, it.sharding.ids.as_slice()), (Some(4), &[0, 2][..]));
    assert_eq!(loaded.not_built_yet(), ["SHARD_IPC_SECRET"]);
    assert!(!format!("{loaded:?}").contains("hunter2") && !format!("{loaded:?}").contains(TOKEN));
}

#[test]
fn what_holds_says_where_it_comes_from() {
    let kit = Kit::bare().with("COGWRIGHT_PREFIX", "$");
    kit.write(
        ".env",
        format!("DISCORD_TOKEN='{TOKEN}'\n\nexport BOT_OWNER_ID = {OWNER}\nCOGWRIGHT_PREFIX=?\n"),
    );
    kit.write("config.json", "{\n  \"prefix\": \"-\",\n  \"auto_reload\":\n    false\n}");
    let origin = |name: &str| kit.origin(name);
    assert_eq!(origin("DISCORD_TOKEN"), ".env:1");
    assert_eq!(origin("BOT_OWNER_ID"), ".env:3");
    assert_eq!(origin("prefix"), "environment");
    assert_eq!(origin("auto_reload"), "config.json:4");
    assert_eq!(origin("owner_ids"), "default");
    let loaded = kit.loaded();
    assert_eq!(loaded.settings.prefix, "$");
    let mut sources = kit.sources();
    sources.data = Some("elsewhere".into());
    let loaded = sources.read(&kit.env).into_loaded().expect("is in order");
    assert_eq!(loaded.settings.database.base_path, std::path::Path::new("elsewhere"));
}

#[test]
fn slips_are_warned_of_and_comments_are_not() {
    let kit = Kit::new();
    kit.write(
        "config.json",
        r#"{
  "$schema": "x", "_comment": 1, "_comment_2": {},
  "prefx": "?",
  "logging": {"_comment": "", "levle": "INFO"},
  "text": "x",
  "nonsense": 1,
  "auto_reload": true, "auto_reload": false,
  "status": {"text": "{guilds} {members} {uptime}"}
}"#,
    );
    insta::assert_snapshot!(kit.warnings().join("\n"));
    assert!(!kit.loaded().settings.auto_reload, "the later one holds");
}

#[test]
fn what_is_broken_stops_with_line_column_and_reason() {
    let mut seen = String::new();
    for content in [
        "",
        "// only this\n",
        "[]",
        "{\n  \"prefix\": \"!\"\n  \"auto_reload\": true\n}",
        "{\n  \"prefix\": \"!\",",
        "{'prefix': 1}",
        "{\"auto_reload\": True}",
        "{\"status\": 5}",
        "{} {}",
    ] {
        let kit = Kit::new();
        kit.write("config.json", content);
        let problems = kit.problems();
        assert_eq!(problems.len(), 1, "{content:?}: {problems:?}");
        let _ = write!(seen, "{content:?}\n    {}\n", problems[0]);
        kit.sources().write_missing();
        assert_eq!(std::fs::read_to_string(kit.path("config.json")).unwrap(), content, "is left as it is");
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn files_that_are_no_text_are_named() {
    for (content, word) in [
        (&b"\xff\xfe{\0}\0"[..], "UTF-16"),
        (&b"{\"prefix\": \"\xff\"}"[..], "UTF-8"),
        (&vec![b' '; 300 * 1024][..], "larger"),
    ] {
        for name in ["config.json", ".env"] {
            let kit = Kit::new();
            kit.write(name, content);
            let problems = kit.problems();
            assert!(problems[0].starts_with(name) && problems[0].contains(word), "{problems:?}");
        }
    }
    let kit = Kit::new();
    std::fs::create_dir(kit.path("config.json")).unwrap();
    assert!(kit.problems()[0].contains("is no file"), "{:?}", kit.problems());
    let kit = Kit::new();
    kit.write("config.json", "\u{feff}{\"prefix\": \"?\"}").write(".env", "\u{feff}SHARD_COUNT=2\r\n");
    let loaded = kit.loaded();
    assert_eq!((loaded.settings.prefix.as_str(), loaded.settings.sharding.count), ("?", Some(2)));
}

#[test]
fn a_missing_token_or_owner_is_said_in_the_words_of_the_specification() {
    let kit = Kit::bare();
    let missing = kit.read();
    assert_eq!(missing.problems.len(), 1);
    assert!(kit.problems()[0].contains("not found in") && kit.problems()[0].contains(".env!"));
    assert!(kit.warnings()[0].contains("BOT_OWNER_ID") && kit.warnings()[0].contains("not found in"));

    kit.write(".env.txt", format!("DISCORD_TOKEN={TOKEN}"));
    assert!(kit.problems()[0].contains(".env.txt: rename it"), "{:?}", kit.problems());
    let other = Kit::new();
    other.write(".env.txt", "");
    assert!(other.warnings()[0].contains("rename it"), "{:?}", other.warnings());

    let kit = Kit::bare();
    kit.write(".env", "BOT_TOKEN=x\n");
    assert!(kit.problems()[0].contains("Line 1 has BOT_TOKEN"), "{:?}", kit.problems());

    let kit = Kit::new().with("BOT_OWNER_ID", "Your_DiscordID");
    assert!(kit.problems()[0].contains("BOT_OWNER_ID"), "malformed is a problem, not a warning");

    let mut sources = kit.sources();
    sources.env_required = true;
    let report = sources.read(&kit.env);
    assert!(report.problems.iter().any(|it| it.what == "is not there"), "{:?}", report.problems);
}

#[test]
fn a_bad_token_is_never_shown() {
    for token in ["hunter2", "hunter2 hunter2", "Bot hunter2", "hunter2.hunter2"] {
        let kit = Kit::new().with("DISCORD_TOKEN", token);
        let report = kit.read();
        let all = format!("{report:?} {:?}", kit.problems());
        assert!(report.problems.len() == 1 && !all.contains("hunter2"), "{all}");
    }
}

#[test]
fn values_that_do_not_go_together_are_named() {
    for (name, value, config, wanted) in [
        ("SHARD_IDS", "0,1", "{}", "SHARD_COUNT is not"),
        ("SHARD_IDS", "0,4", "{}", "names shard 4"),
        ("SHARD_IDS", "1,1", "{}", "twice"),
        (
            "X",
            "",
            r#"{"slash_limiter": {"safe_limit": 96, "max_limit": 95}}"#,
            "above slash_limiter.max_limit",
        ),
    ] {
        let mut kit = Kit::new().with(name, value);
        if !wanted.contains("COUNT is not") {
            kit = kit.with("SHARD_COUNT", "2");
        }
        kit.write("config.json", config);
        assert!(kit.problems().iter().any(|it| it.contains(wanted)), "{wanted}: {:?}", kit.problems());
    }
    let kit = Kit::new();
    kit.write("config.json", r#"{"health": {"listen": "0.0.0.0:9090"}, "rest": {"governor": false}}"#);
    assert_eq!(kit.warnings().len(), 2, "{:?}", kit.warnings());
}

#[test]
fn every_setting_is_in_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(&cogwright_config::schema()).expect("is JSON");
    for setting in settings().filter(|setting| setting.in_file) {
        let mut at = &schema;
        for part in setting.key.split('.') {
            at = &at["properties"][part];
        }
        assert!(
            at["description"].as_str().is_some_and(|it| it.starts_with(setting.about)),
            "{}",
            setting.key
        );
    }
}

/// Shaped like a real one; the first part is the base64 of an id.
const LONG: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789";

#[test]
fn a_token_in_the_wrong_place_is_never_shown() {
    let swapped = Kit::bare();
    swapped.write(".env", format!("DISCORD_TOKEN={OWNER}\nBOT_OWNER_ID={LONG}\nSHARD_COUNT={LONG}\n"));
    let mut reports = vec![swapped.read()];
    for config in [
        format!(r#"{{"{LONG}": 1}}"#),
        format!(r#"{{"status": {{"text": "{LONG}"}}}}"#),
        format!(
            r#"{{"status": {{"type": "{LONG}", "{LONG}": 1, "statuses": [{{"text": "x", "{LONG}": 1}}]}}}}"#
        ),
        format!(r#"{{"prefix": "{LONG}", "owner_ids": ["{LONG}"], "{LONG}": {{"{LONG}": 1}}}}"#),
        format!(r#"{{"command_permissions": {{"{LONG}": ["{OWNER}"]}}}}"#),
        format!(r#"{{"command_permissions": {{"{LONG}": ["{LONG}"]}}}}"#),
        format!(r#"{{"status": {{"text": "{{{LONG}}}"}}}}"#),
        format!("{{ {LONG} }}"),
    ] {
        let kit = Kit::new();
        kit.write("config.json", config);
        reports.push(kit.read());
    }
    for report in reports {
        let values: Vec<_> = report.effective.iter().map(|it| it.value.as_str()).collect();
        let all = format!("{:?} {:?} {values:?}", report.problems, report.warnings);
        assert!(!report.problems.is_empty() || !report.warnings.is_empty(), "is told");
        for part in LONG.split('.') {
            assert!(!all.contains(&part[..part.len().min(12)]), "{all}");
        }
    }
    assert_eq!(swapped.problems().len(), 3, "{:?}", swapped.problems());
}

#[test]
fn what_an_unreadable_line_sets_is_not_missing_as_well() {
    for line in ["DISCORD_TOKEN=\"open".to_owned(), format!("DISCORD_TOKEN: {LONG}"), LONG.to_owned()] {
        let kit = Kit::bare();
        kit.write(".env", format!("{line}\nBOT_OWNER_ID={OWNER}\n"));
        let problems = kit.problems();
        assert!(problems.len() == 1 && problems[0].starts_with(".env:1"), "{problems:?}");
    }
    let kit = Kit::bare();
    kit.write(".env", "nonsense\n");
    assert_eq!(kit.problems().len(), 2, "the token is missing for another reason: {:?}", kit.problems());
}

#[test]
fn a_settings_file_that_was_named_must_be_there() {
    let kit = Kit::new();
    let mut sources = kit.sources();
    sources.config_required = true;
    let report = sources.read(&kit.env);
    assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
    assert!(kit.line(&report.problems[0]).starts_with("config.json: is not there. Correct --config"));
    kit.write("config.json", "{}");
    assert!(sources.read(&kit.env).problems.is_empty());
}

#[test]
fn an_older_name_works_and_is_told() {
    let kit = Kit::new();
    kit.write("config.json", r#"{"framework": {"enable_Guild_settings": false}}"#);
    assert!(!kit.loaded().settings.framework.enable_guild_settings);
    assert_eq!(
        kit.warnings(),
        ["config.json:1:16 framework.enable_Guild_settings: is an older name. It still works; \
          framework.enable_guild_settings is the present one."]
    );
    kit.write(
        "config.json",
        r#"{"framework": {"enable_guild_settings": true, "enable_Guild_settings": false}}"#,
    );
    assert!(kit.loaded().settings.framework.enable_guild_settings, "the present name holds");
    assert!(kit.warnings()[0].contains("has no effect"), "{:?}", kit.warnings());
}

#[test]
fn what_only_a_shell_replaces_is_warned_of() {
    for (path, part) in [
        ("~/x", Some("~")),
        ("~", Some("~")),
        ("$HOME/y", Some("$HOME")),
        ("/a/${DATA}/y", Some("${DATA}")),
        ("%USERPROFILE%\\\\y", Some("%USERPROFILE%")),
        ("./data", None),
        ("/a/b~/100%/$", None),
    ] {
        let kit = Kit::new();
        kit.write("config.json", format!(r#"{{"database": {{"base_path": "{path}"}}}}"#));
        let warnings = kit.warnings();
        assert_eq!(warnings.len(), usize::from(part.is_some()), "{path}: {warnings:?}");
        if let Some(part) = part {
            assert!(warnings[0].contains(&format!("holds {part}, which nobody replaces")), "{warnings:?}");
        }
    }
}

#[test]
fn what_is_to_come_is_told_only_to_who_asks_for_something_else() {
    let kit = Kit::new();
    kit.write("config.json", default_file());
    assert_eq!(kit.loaded().not_built_yet(), [""; 0]);
    kit.write("config.json", r#"{"framework": {"enable_event_hooks": false, "enable_shard_monitor": true}}"#);
    assert_eq!(kit.loaded().not_built_yet(), ["framework.enable_event_hooks"]);
}
