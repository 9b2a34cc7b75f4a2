//! `cogwright data` as an operator meets it: the real binary on real databases in a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cogwright_store::{Actor, Store, StoreOptions};
use serde_json::Value;
use tempfile::TempDir;

const GUILD: u64 = 81_384_788_765_712_384;
const USER: u64 = 123_456_789_012_345_678;

/// The binary in this folder, with an empty environment: no token either.
fn cogwright(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogwright"));
    command.current_dir(folder).env_clear();
    // Without it Windows has no sockets.
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command
}

/// The words of a command that is to be copied into a shell: what stands in quotes is one.
fn words(command: &str) -> Vec<&str> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(n, part)| if n % 2 == 1 { vec![part] } else { part.split_whitespace().collect() })
        .collect()
}

/// How this process is told as the one that has the folder. Windows does not let its number be read from a locked file.
fn pid() -> String {
    if cfg!(windows) { String::new() } else { format!(" (pid {})", std::process::id()) }
}

fn data(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = cogwright(folder);
    command.arg("data").args(arguments);
    let Output { status, stdout, stderr } = command.output().expect("can run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("is text");
    (status.code().expect("was not killed"), text(stdout), text(stderr))
}

fn json(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    let (code, out, err) = data(folder, arguments);
    (code, serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}")))
}

async fn store(folder: &Path) -> Store {
    Store::open(StoreOptions::new(folder.join("data"))).await.expect("opens")
}

/// A folder with the data of a bot that has stopped.
async fn kept() -> TempDir {
    let folder = tempfile::tempdir().expect("can make a folder");
    let store = store(folder.path()).await;
    let actor = Actor::new(USER, Some(GUILD), None);
    store.guild(GUILD).settings().set("prefix", "?", &actor).await.expect("writes");
    store.user_data().set(USER, &serde_json::json!({"word": "abracadabra"})).await.expect("writes");
    store.close().await.expect("closes");
    folder
}

async fn prefix(folder: &Path) -> Option<String> {
    let store = store(folder).await;
    let value = store.guild(GUILD).settings().get("prefix").await.expect("reads");
    store.close().await.expect("closes");
    value
}

fn guild_db(folder: &Path) -> PathBuf {
    folder.join("data").join(GUILD.to_string()).join("guild.db")
}

#[tokio::test]
async fn a_backup_is_made_listed_and_put_back() {
    let folder = kept().await;
    let at = folder.path();
    let (code, made) = json(at, &["backup", "--json"]);
    assert_eq!((code, made["made"].as_array().expect("a list").len()), (0, 2), "{made}");
    let (code, list) = json(at, &["restore", "--list", "--json"]);
    assert_eq!((code, list.as_array().expect("a list").len()), (0, 2), "{list}");
    let file = list[1]["path"].as_str().expect("a path").to_owned();
    assert_eq!(list[1]["database"], GUILD.to_string());

    let open = store(at).await;
    open.guild(GUILD).settings().set("prefix", "$", &Actor::new(USER, None, None)).await.expect("writes");
    let (code, _, err) = data(at, &["restore", &file]);
    assert!(code == 69 && err.contains("in use") && err.contains(&pid()), "{code} {err}");
    open.close().await.expect("closes");

    let (code, done) = json(at, &["restore", &file, "--json"]);
    assert_eq!(code, 0, "{done}");
    assert!(Path::new(done["kept"].as_str().expect("a path")).is_file());
    assert_eq!(prefix(at).await.as_deref(), Some("?"));
}

#[tokio::test]
async fn a_wrong_backup_changes_nothing() {
    let folder = kept().await;
    let at = folder.path();
    fs::write(at.join("x.db"), "no database").expect("can write");
    let (code, _, err) = data(at, &["restore", "x.db"]);
    assert!(code == 64 && err.contains("--main or --guild"), "{code} {err}");
    let (code, _, err) = data(at, &["restore", "x.db", "--guild", &GUILD.to_string()]);
    assert!(code == 69 && err.contains("damaged"), "{code} {err}");
    let (code, _, err) = data(at, &["restore", "data/main.db", "--guild", &GUILD.to_string()]);
    assert!(code == 64 && err.contains("no backup of a guild.db"), "{code} {err}");
    assert_eq!(data(at, &["restore"]).0, 64);
    assert_eq!(prefix(at).await.as_deref(), Some("?"));
}

#[tokio::test]
async fn one_server_is_backed_up_alone_and_a_strange_one_refused() {
    let folder = kept().await;
    let (code, out, _) = data(folder.path(), &["backup", "--guild", &GUILD.to_string()]);
    assert!(code == 0 && out.contains("1 made and checked") && out.contains("guild_backup_"), "{out}");
    let (code, _, err) = data(folder.path(), &["backup", "--guild", "700000000000000007"]);
    assert!(code == 64 && err.contains("no data to back up"), "{code} {err}");
    for id in ["me", "99", "123456789012345678901", "+12345678901234567"] {
        for line in [&["backup", "--guild", id][..], &["export", id], &["erase", id], &["delete-guild", id]] {
            let (code, _, err) = data(folder.path(), line);
            assert!(code == 64 && err.contains("17 to 20 digits"), "{line:?} {code} {err}");
        }
    }
}

#[tokio::test]
async fn damage_is_found_and_names_the_remedy() {
    let folder = kept().await;
    let (code, out, _) = data(folder.path(), &["check"]);
    assert!(code == 0 && out.contains("2 checked, none is damaged"), "{out}");
    let path = guild_db(folder.path());
    let mut bytes = fs::read(&path).expect("can read");
    bytes[4096..8192].fill(0x5a);
    fs::write(&path, bytes).expect("can write");
    let (code, out, _) = data(folder.path(), &["check"]);
    assert!(code == 1 && out.contains("1 damaged") && out.contains("cogwright data restore"), "{code} {out}");
    let (code, found) = json(folder.path(), &["check", "--json"]);
    assert!(code == 1 && found["ok"] == false && found["databases"][0]["ok"] == true, "{found}");
}

#[tokio::test]
async fn a_person_is_exported_and_erased() {
    let folder = kept().await;
    let (at, user) = (folder.path(), USER.to_string());
    let (code, out, _) = data(at, &["export", &user]);
    assert!(code == 0 && out.contains("abracadabra") && out.contains(&user), "{out}");
    let (code, _, err) = data(at, &["erase", &user]);
    assert!(code == 64 && err.contains("--yes") && err.contains("nothing was changed"), "{code} {err}");
    assert!(data(at, &["export", &user]).1.contains("abracadabra"));
    let (code, done) = json(at, &["erase", &user, "--yes", "--json"]);
    assert!(code == 0 && done["deleted"] == 1, "{code} {done}");
    assert!(!data(at, &["export", &user]).1.contains("abracadabra"));
    fs::create_dir(at.join("botlogs")).expect("can make");
    fs::write(at.join("botlogs/permanent.log"), format!("a\nuser={user}\n")).expect("can write");
    fs::write(at.join("botlogs/current_run.log"), "nobody\n").expect("can write");
    let (code, out, _) = data(at, &["erase", &user, "--yes"]);
    let log = format!("left: the log {}", Path::new("botlogs").join("permanent.log").display());
    assert!(code == 1 && out.contains(&log), "{code} {out}");
    assert!(!out.contains("current_run"), "{out}");
}

#[tokio::test]
async fn an_erasure_names_the_backups_that_hold_the_person() {
    let folder = kept().await;
    assert_eq!(data(folder.path(), &["backup"]).0, 0);
    let (code, out, _) = data(folder.path(), &["erase", &USER.to_string(), "--yes"]);
    assert!(code == 1 && out.contains("left: the backup") && out.contains("main_backup_"), "{code} {out}");
}

#[tokio::test]
async fn a_server_goes_for_good_only_when_meant() {
    let folder = kept().await;
    let (at, guild) = (folder.path(), GUILD.to_string());
    assert_eq!(data(at, &["delete-guild", &guild]).0, 64);
    assert!(guild_db(at).is_file());
    let (code, done) = json(at, &["delete-guild", &guild, "--yes", "--json"]);
    assert!(code == 0 && done["had_file"] == true, "{code} {done}");
    assert!(!guild_db(at).exists());
}

#[tokio::test]
async fn an_import_shows_itself_first_and_leaves_the_source() {
    let source = kept().await;
    fs::write(source.path().join("config.json"), "{\"prefix\": \"!\"}").expect("can write");
    let before = fs::read(guild_db(source.path())).expect("can read");
    let folder = tempfile::tempdir().expect("can make a folder");
    let (at, from) = (folder.path(), source.path().display().to_string());
    let (code, _, err) = data(at, &["import", &from, "--config", "new.json"]);
    assert!(code == 0, "it makes the file that is named: {err}");
    let (code, out, err) = data(at, &["import", &from]);
    assert!(
        code == 0 && out.contains("1 with 1 settings") && out.contains("Nothing was written"),
        "{out}{err}"
    );
    assert_eq!(fs::read_dir(at).expect("can list").count(), 0);
    let (code, done) = json(at, &["import", &from, "--yes", "--json"]);
    assert!(code == 0 && done["applied"] == true && done["done"]["settings"] == 1, "{code} {done}");
    assert_eq!(prefix(at).await.as_deref(), Some("?"));
    assert!(at.join("config.json").is_file());
    assert_eq!(fs::read(guild_db(source.path())).expect("can read"), before, "only read");
    let (code, out, _) = data(at, &["import", &from, "--yes"]);
    assert!(code == 0 && out.contains("✔ Nothing new was taken over; 2 entries were here already."), "{out}");
    let short = cogwright(at).args(["import", &from]).output().expect("can run");
    let out = String::from_utf8(short.stdout).expect("is text");
    assert!(short.status.success() && out.contains("Nothing was written; --yes does it."), "{out}");
    fs::write(source.path().join("config.json"), r#"{"prefix": "!", "owner_ids": [1]}"#).expect("can write");
    let (code, out, _) = data(at, &["import", &from]);
    assert!(
        code == 1 && out.contains("does not start with this") && out.contains("owner_ids[0]: is 1"),
        "it would be copied as it is: {out}"
    );
    assert!(!out.contains("DISCORD_TOKEN"), "{out}");
    fs::write(source.path().join("config.json"), "{broken").expect("can write");
    let (code, out, _) = data(at, &["import", &from, "--yes"]);
    assert!(
        code == 1 && out.contains("! Nothing new") && out.contains("config.json cannot be read"),
        "{out}"
    );
    assert!(!out.contains("There was no config.json"), "{out}");
    let (code, _, err) = data(at, &["import", ".", "--yes"]);
    assert!(code == 64 && err.contains("lies in the source"), "{code} {err}");
    let (code, _, err) = data(at, &["import", "nowhere"]);
    assert!(code == 69 && err.contains("nowhere"), "{code} {err}");
}

/// What `doctor` says of the databases: state, text and fix. It looks at them although nothing else can be reached.
fn databases(folder: &Path) -> Vec<[String; 3]> {
    let mut command = cogwright(folder);
    command.args(["doctor", "--local", "127.0.0.1:1", "--json"]);
    let output = command.env("DISCORD_TOKEN", "MTIz.abc.hunter2").output().expect("can run");
    let found: Value = serde_json::from_slice(&output.stdout).expect("is JSON");
    let all = found["findings"].as_array().expect("is a list").iter();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    all.filter(|finding| finding["subject"] == "databases")
        .map(|finding| ["state", "text", "fix"].map(|key| text(finding, key)))
        .collect()
}

#[tokio::test]
async fn a_doctor_looks_at_the_databases_beside_a_running_bot_too() {
    let folder = kept().await;
    let at = folder.path();
    assert_eq!(databases(at), [["fine", "2 of 2 are sound", ""].map(str::to_owned)]);
    let open = store(at).await;
    let found = databases(at);
    let running = format!("a bot runs on them now{};", pid());
    assert!(found[0][0] == "fine" && found[0][1].starts_with(&running), "{found:?}");
    open.backup_all().await.expect("backs up");
    open.close().await.expect("closes");
    let bytes = fs::read(guild_db(at)).expect("can read");
    fs::write(guild_db(at), [&bytes[..4096], &[0x5a; 8192]].concat()).expect("can write");
    let found = databases(at);
    let (state, fix) = (&found[0][0], &found[0][2]);
    assert!(state == "problem" && found[0][1].contains(&GUILD.to_string()), "{found:?}");
    // The command is to be copied as it stands.
    let command = fix.split_once("cogwright data ").expect("names a command").1;
    let (code, out, err) = data(at, &words(command));
    assert_eq!(code, 0, "{command}: {out}{err}");
    assert_eq!(databases(at)[0][1], "2 of 2 are sound");
    assert_eq!(prefix(at).await.as_deref(), Some("?"));
}

/// Nobody listens there: the bot gets as far as its data.
fn run(folder: &Path, data: &str) -> (i32, String) {
    let mut command = cogwright(folder);
    command.args(["run", "--local", "127.0.0.1:1", "--data", data]);
    command.env("DISCORD_TOKEN", "MTIz.abc.hunter2").env("BOT_OWNER_ID", USER.to_string());
    let output = command.output().expect("can run");
    (output.status.code().expect("was not killed"), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[tokio::test]
async fn a_start_without_main_db_beside_its_backups_names_the_command() {
    let folder = kept().await;
    let at = folder.path();
    assert_eq!(data(at, &["backup"]).0, 0);
    let (_, quiet) = run(at, "data");
    assert!(!quiet.contains("is not there"), "{quiet}");
    fs::remove_file(at.join("data/main.db")).expect("can be removed");
    let (code, err) = run(at, "data");
    assert_eq!(code, 69, "{err}");
    assert!(err.contains("main.db is not there, although there are backups of it"), "{err}");
    let command = err.split_once("cogwright data restore ").expect("names a command").1;
    let line = command.lines().next().expect("has a line");
    let arguments: Vec<_> = ["restore"].into_iter().chain(words(line)).collect();
    let (code, out, err) = data(at, &arguments);
    assert_eq!(code, 0, "{line}: {out}{err}");
    assert!(data(at, &["export", &USER.to_string()]).1.contains("abracadabra"), "the old one is back");
}

#[test]
fn a_file_in_place_of_the_data_folder_is_said_to_be_one() {
    let folder = tempfile::tempdir().expect("can make a folder");
    fs::write(folder.path().join("data"), "x").expect("can write");
    let (code, err) = run(folder.path(), "data");
    assert!(code == 69 && err.contains("is a file, not a folder") && err.contains("--data"), "{code} {err}");
}

#[test]
fn a_folder_without_data_is_not_made() {
    let folder = tempfile::tempdir().expect("can make a folder");
    for line in [
        &["backup"][..],
        &["check"],
        &["export", "700000000000000007"],
        &["erase", "700000000000000007", "--yes"],
        &["delete-guild", "700000000000000007", "--yes"],
    ] {
        let (code, _, err) = data(folder.path(), line);
        assert!(code == 64 && err.contains("--data"), "{line:?} {code} {err}");
    }
    assert_eq!(fs::read_dir(folder.path()).expect("can list").count(), 0);
}
