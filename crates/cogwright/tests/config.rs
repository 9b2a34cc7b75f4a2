//! Settings as an operator meets them: the real binary in a folder with files.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const TOKEN: &str = "MTIz.abc.hunter2";

fn folder() -> TempDir {
    tempfile::tempdir().expect("can make a folder")
}

/// The binary in this folder, with an empty environment.
fn cogwright(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogwright"));
    let Output { status, stdout, stderr } =
        command.args(arguments).current_dir(folder).env_clear().output().expect("can run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("is text");
    (status.code().expect("was not killed"), text(stdout), text(stderr))
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("can write");
    // Whatever the mask of whoever runs the tests.
    mode(&folder.join(name), 0o600);
}

#[cfg(unix)]
fn mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("can set the mode");
}

#[cfg(not(unix))]
fn mode(_: &Path, _: u32) {}

#[cfg(unix)]
#[test]
fn check_warns_of_what_everybody_can_read() {
    let folder = folder();
    write(folder.path(), ".env", &format!("DISCORD_TOKEN={TOKEN}\nBOT_OWNER_ID=123456789012345678\n"));
    std::fs::create_dir(folder.path().join("data")).expect("can make it");
    mode(&folder.path().join("data"), 0o700);
    let (code, out, _) = cogwright(folder.path(), &["check"]);
    assert!(code == 0 && !out.contains("chmod"), "{out}");
    mode(&folder.path().join(".env"), 0o644);
    mode(&folder.path().join("data"), 0o755);
    let (code, out, _) = cogwright(folder.path(), &["check"]);
    assert_eq!(code, 0, "a warning, not a problem");
    for part in
        ["2 warnings", "(mode 644)", "-> Run: chmod 600 .env", "(mode 755)", "-> Run: chmod 700 ./data"]
    {
        assert!(out.contains(part), "{part} is not in {out}");
    }
}

/// A port of this machine where nobody listens, so that a bot ends with 69.
const NOBODY: &str = "127.0.0.1:1";

#[test]
fn check_shows_what_holds_and_where_it_comes_from() {
    let folder = folder();
    write(folder.path(), ".env", &format!("DISCORD_TOKEN=\"{TOKEN}\"\nBOT_OWNER_ID=123456789012345678\n"));
    write(folder.path(), "config.json", "{\n  // mine\n  \"prefix\": \"?\",\n  \"auto_reload\": false\n}\n");
    let (code, out, err) = cogwright(folder.path(), &["check", "--data", "elsewhere"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(!out.contains("hunter2"));
    insta::assert_snapshot!(out);
    let (_, all, _) = cogwright(folder.path(), &["check", "--data", "elsewhere", "--all"]);
    let default = |line: &str| line.split_whitespace().eq(["status.interval", "300"]);
    assert!(all.lines().any(default) && !out.lines().any(default), "{all}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("can list").count(), 2, "check writes nothing");
}

#[test]
fn check_lists_all_problems_at_once() {
    let folder = folder();
    write(folder.path(), ".env", "DISCORD_TOKN=x\nBOT_OWNER_ID=me\nSHARD_COUNT=0\nCOGWRIGHT_LOG=a=b=c\n");
    write(
        folder.path(),
        "config.json",
        "{\n  \"prefx\": \"?\",\n  \"prefix\": \"/\",\n  \"status\": {\"interval\": 5, \"type\": \"watchin\"}\n}\n",
    );
    let (code, out, _) = cogwright(folder.path(), &["check"]);
    assert_eq!(code, 64);
    let from = out.find("\n2 warnings").expect("warns");
    insta::assert_snapshot!(out[from..].trim_start());
}

/// The rule is the one of `setprefix`.
#[test]
fn check_refuses_a_prefix_that_cannot_be_one_with_line_and_column() {
    for (prefix, why) in [
        ("!@here", "cannot hold U+0040, the at sign"),
        ("`", "cannot hold U+0060, a backtick"),
        ("\u{5d0}", "cannot hold U+05D0, a character of a script that is written from right to left"),
        ("!\u{200b}", "cannot hold U+200B, a character that nobody sees"),
        ("12345678901", "has 11 characters; a prefix has 1 to 10"),
    ] {
        let folder = folder();
        write(folder.path(), ".env", &format!("DISCORD_TOKEN={TOKEN}\n"));
        write(folder.path(), "config.json", &format!("{{\n  // mine\n  \"prefix\": \"{prefix}\"\n}}\n"));
        let (code, out, _) = cogwright(folder.path(), &["check"]);
        let told = format!("config.json:3:13  prefix\n    {why}");
        assert!(code == 64 && out.contains(&told), "{prefix:?} {code} {out}");
    }
}

#[test]
fn check_shows_what_commands_have_changed() {
    use cogwright_store::{Actor, StatusEntry, Store, StoreOptions};

    let folder = folder();
    write(folder.path(), ".env", &format!("DISCORD_TOKEN={TOKEN}\nBOT_OWNER_ID=123456789012345678\n"));
    write(
        folder.path(),
        "config.json",
        "{\"status\": {\"interval\": 60, \"statuses\": [{\"text\": \"old\"}]}}",
    );
    let look = || {
        let (code, out, err) = cogwright(folder.path(), &["check"]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        let lines = out.lines().filter(|line| line.contains("main.db") || line.contains("  status."));
        lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(look()[0], "./data/main.db not there yet");
    assert_eq!(look()[2], "status.interval 60 config.json:1");

    let runtime = tokio::runtime::Runtime::new().expect("can start");
    let options = StoreOptions::new(folder.path().join("data"));
    let store = runtime.block_on(Store::open(options)).expect("opens");
    runtime.block_on(async {
        let actor = Actor::new(42_u64, None, None);
        let entry = StatusEntry { kind: "playing".into(), text: "chess".into(), presence: "idle".into() };
        store.statuses().replace(vec![entry], &actor).await.expect("is kept");
        store.bot_settings().set("status.interval", "20", &actor).await.expect("is kept");
    });
    let wanted = [
        "./data/main.db read",
        "status.statuses [{\"type\":\"playing\",\"text\":\"chess\",\"presence\"... set by a command (main.db)",
        "status.interval 20 set by a command (main.db)",
    ];
    assert_eq!(look(), wanted, "while the folder is in use");
    runtime.block_on(store.close()).expect("closes");
    assert_eq!(look(), wanted, "after it");
    write(&folder.path().join("data"), "main.db", "no database at all, but long enough to be looked at");
    assert!(look()[0].ends_with("what commands have changed is not shown"), "{:?}", look());
}

#[test]
fn check_names_commands_that_are_none_and_a_folder_that_cannot_be_written() {
    let folder = folder();
    write(folder.path(), ".env", &format!("DISCORD_TOKEN={TOKEN}\nBOT_OWNER_ID=123456789012345678\n"));
    write(folder.path(), "data", "a file where the folder should be");
    write(
        folder.path(),
        "config.json",
        "{\n  \"commands\": {\"disabled\": [\"nosuchcommand\"]},\n  \"command_permissions\": {\"stast\": [], \"sync\": []}\n}",
    );
    let (code, out, _) = cogwright(folder.path(), &["check"]);
    assert_eq!(code, 64);
    let from = out.find("\n3 warnings").expect("warns");
    insta::assert_snapshot!(
        out[from..]
            .trim_start()
            .replace(&folder.path().canonicalize().unwrap().display().to_string(), "HERE")
    );
    let (_, out, _) = cogwright(folder.path(), &["doctor", "--local", NOBODY]);
    for part in ["names nosuchcommand", "Did you mean \"stats\"?", "command_permissions.sync"] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let (code, _, err) = cogwright(folder.path(), &["run", "--local", NOBODY]);
    assert!(code == 69 && err.contains("data"), "{err}");
}

#[test]
fn check_speaks_json_too() {
    let folder = folder();
    let (code, out, _) = cogwright(folder.path(), &["check", "--json"]);
    let found: Value = serde_json::from_str(&out).expect("is JSON");
    assert_eq!(
        (code, &found["ok"], &found["config"]["read"]),
        (64, &Value::Bool(false), &Value::Bool(false))
    );
    assert_eq!(found["problems"][0]["setting"], "DISCORD_TOKEN");
    assert_eq!(found["settings"][2]["setting"], "prefix");
}

#[test]
fn the_first_run_writes_the_settings_and_says_so() {
    let folder = folder();
    write(folder.path(), "prod.env", &format!("DISCORD_TOKEN={TOKEN}\n"));
    let run = ["run", "--local", NOBODY, "--env", "prod.env"];
    let (code, _, err) = cogwright(folder.path(), &run);
    assert_eq!(code, 69, "{err}");
    assert!(err.contains("wrote config.json") && err.contains("wrote config.schema.json"), "{err}");
    assert!(err.contains("BOT_OWNER_ID not found in prod.env!"), "{err}");
    assert!(err.contains("`cogwright settings env`"), "{err}");
    assert!(!err.contains("hunter2"), "{err}");
    let written = std::fs::read_to_string(folder.path().join("config.json")).expect("is there");
    assert_eq!(written, cogwright_config::default_file());
    let strict: Value = serde_json::from_str(&written).expect("is strict JSON");
    assert_eq!(strict["prefix"], "!");

    let (code, _, err) = cogwright(folder.path(), &run);
    assert!(code == 69 && !err.contains("wrote"), "{err}");
    assert!(!err.contains("not built yet"), "the generated file asks for nothing: {err}");
    write(folder.path(), "config.json", "{\"framework\": {\"enable_event_hooks\": false}}");
    let (_, _, err) = cogwright(folder.path(), &run);
    assert!(err.contains("accepted, not built yet: framework.enable_event_hooks\n"), "{err}");
}

#[test]
fn a_broken_file_stops_the_start_and_stays() {
    let folder = folder();
    write(folder.path(), ".env", &format!("DISCORD_TOKEN={TOKEN}\n"));
    write(folder.path(), "config.json", "{\n  \"prefix\": \"!\"\n  \"auto_reload\": true\n}\n");
    for command in [&["run", "--local", NOBODY][..], &["check"][..]] {
        let (code, out, err) = cogwright(folder.path(), command);
        assert_eq!(code, 64);
        let all = out + &err;
        assert!(all.contains("config.json:2:16") && all.contains("expected comma"), "{all}");
    }
    let text = std::fs::read_to_string(folder.path().join("config.json")).expect("is there");
    assert!(text.starts_with("{\n  \"prefix\": \"!\"\n"));
    assert!(!folder.path().join("config.schema.json").exists(), "nothing was written");
}

#[test]
fn the_governor_stays_on_towards_discord() {
    let folder = folder();
    write(folder.path(), ".env", &format!("DISCORD_TOKEN={TOKEN}\n"));
    write(folder.path(), "config.json", "{\"rest\": {\"governor\": false}}");
    let (code, _, err) = cogwright(folder.path(), &["run"]);
    assert!(code == 64 && err.contains("rest.governor"), "{err}");
    let (code, _, err) = cogwright(folder.path(), &["run", "--local", NOBODY]);
    assert_eq!(code, 69, "{err}");
}

/// Shaped like a real one; the first part is the base64 of an id.
const LONG: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789";

#[test]
fn no_command_shows_a_token_that_stands_in_the_wrong_place() {
    let folder = folder();
    write(folder.path(), ".env", &format!("DISCORD_TOKEN=123456789012345678\nBOT_OWNER_ID={LONG}\n"));
    let config = format!("{{\"{LONG}\": 1, \"status\": {{\"text\": \"{LONG}\"}}, \"prefix\": \"{LONG}\"}}");
    write(folder.path(), "config.json", &config);
    for command in [
        &["check"][..],
        &["check", "--json"],
        &["run", "--local", NOBODY],
        &["doctor", "--local", NOBODY],
        &["data", "check"],
    ] {
        let (code, out, err) = cogwright(folder.path(), command);
        assert!(code != 0 && !out.contains("MTIz") && !err.contains("MTIz"), "{command:?}: {out}{err}");
        assert!((out + &err).contains("[redacted]"), "{command:?}");
    }
}

#[test]
fn files_named_by_the_operator_must_be_there() {
    let folder = folder();
    let (code, _, err) = cogwright(folder.path(), &["run", "--config", "nowhere.json"]);
    assert!(code == 64 && err.contains("nowhere.json") && err.contains("is not there"), "{err}");
    assert!(!folder.path().join("nowhere.json").exists());
    let (code, _, err) = cogwright(folder.path(), &["run", "--env", "nowhere.env"]);
    assert!(code == 64 && err.contains("nowhere.env") && err.contains("is not there"), "{err}");
    write(folder.path(), ".env.txt", &format!("DISCORD_TOKEN={TOKEN}\n"));
    let (code, _, err) = cogwright(folder.path(), &["run"]);
    assert!(code == 64 && err.contains("DISCORD_TOKEN not found in .env!"), "{err}");
    assert!(err.contains("rename it to .env"), "{err}");
}
