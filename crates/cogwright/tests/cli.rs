//! The binary as an operator meets it: what it says, its exit codes, how it stops.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The binary in an empty folder, without any setting from outside.
fn cogwright(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogwright"));
    command.args(arguments).current_dir(folder);
    for name in ["DISCORD_TOKEN", "COGWRIGHT_PREFIX", "COGWRIGHT_LOG", "BOT_OWNER_ID"] {
        command.env_remove(name);
    }
    command
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("can make a folder")
}

fn output(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("can run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("is text");
    (status.code().expect("was not killed"), text(stdout), text(stderr))
}

/// A running process that does not outlive its test.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("can start"))
    }

    /// The first line on standard output.
    fn line(&mut self) -> String {
        let mut line = String::new();
        let out = self.0.stdout.as_mut().expect("is piped");
        BufReader::new(out).read_line(&mut line).expect("is text");
        line
    }

    /// Waits until the log on standard error holds this text.
    fn logged(&mut self, text: &str) {
        let mut seen = Vec::new();
        let mut byte = [0];
        let err = self.0.stderr.as_mut().expect("is piped");
        while err.read(&mut byte).expect("can be read") > 0 {
            seen.push(byte[0]);
            if seen.ends_with(text.as_bytes()) {
                return;
            }
        }
        panic!("ended without {text:?}:\n{}", String::from_utf8_lossy(&seen));
    }

    fn signal(&self, signal: &str) {
        let id = self.0.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status().expect("can run kill");
        assert!(sent.success());
    }

    fn code(&mut self) -> i32 {
        self.0.wait().expect("can wait").code().expect("was not killed")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn alone_it_says_what_it_can_do() {
    let (code, out, _) = output(&mut cogwright(folder().path(), &[]));
    assert_eq!(code, 0);
    for word in ["cogwright playground", "cogwright run", "cogwright sim", "DISCORD_TOKEN", ".env"] {
        assert!(out.contains(word), "{word} is not in:\n{out}");
    }
}

#[test]
fn help_and_version_are_no_errors_and_nonsense_is() {
    let folder = folder();
    for (arguments, wanted) in
        [(vec!["help"], 0), (vec!["--version"], 0), (vec!["nonsense"], 64), (vec!["run", "-x"], 64)]
    {
        let (code, ..) = output(&mut cogwright(folder.path(), &arguments));
        assert_eq!(code, wanted, "{arguments:?}");
    }
}

#[test]
fn a_missing_token_names_file_and_variable() {
    let (code, _, err) = output(&mut cogwright(folder().path(), &["run"]));
    assert_eq!(code, 64);
    assert!(err.contains("DISCORD_TOKEN") && err.contains(".env"), "{err}");
    assert!(err.contains("cogwright playground"), "{err}");
}

#[test]
fn all_problems_come_at_once_and_show_no_secret() {
    let folder = folder();
    std::fs::write(folder.path().join(".env"), "DISCORD_TOKEN='hunter2 hunter2'\nBOT_OWNER_ID=me\n")
        .expect("can write");
    let (code, _, err) = output(&mut cogwright(folder.path(), &["run"]));
    assert_eq!(code, 64);
    assert!(err.contains("DISCORD_TOKEN") && err.contains("BOT_OWNER_ID"), "{err}");
    assert!(!err.contains("hunter2"), "{err}");
}

#[test]
fn a_token_is_sent_to_this_machine_only() {
    let folder = folder();
    let mut command = cogwright(folder.path(), &["run", "--local", "192.0.2.1:80"]);
    let (code, _, err) = output(command.env("DISCORD_TOKEN", "a.b.c"));
    assert_eq!(code, 64);
    assert!(err.contains("not an address of this machine"), "{err}");
}

#[test]
fn a_rejected_token_is_77_and_a_stop_is_0() {
    let folder = folder();
    let mut sim = Running::start(&mut cogwright(folder.path(), &["sim", "--port", "0", "--fresh"]));
    let line: Value = serde_json::from_str(&sim.line()).expect("is JSON");
    let text = |key: &str| line[key].as_str().expect("is a text").to_owned();
    let host = text("gateway_url").trim_start_matches("ws://").to_owned();
    let arguments = ["run", "--local", &host];

    let mut command = cogwright(folder.path(), &arguments);
    let (code, _, err) = output(command.env("DISCORD_TOKEN", "bm9ib2R5.bm8.bm8"));
    assert_eq!(code, 77, "{err}");
    assert!(!err.contains("bm9ib2R5"), "{err}");

    std::fs::write(folder.path().join(".env"), format!("DISCORD_TOKEN={}\n", text("token")))
        .expect("can write");
    for signal in ["TERM", "INT"] {
        let mut bot = Running::start(&mut cogwright(folder.path(), &arguments));
        bot.logged("runtime.drive: ready");
        bot.signal(signal);
        assert_eq!(bot.code(), 0, "SIG{signal}");
    }
    sim.signal("TERM");
    assert_eq!(sim.code(), 0);
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let folder = folder();
    let free =
        TcpListener::bind("127.0.0.1:0").expect("can bind").local_addr().expect("is bound").to_string();
    let mut command = cogwright(folder.path(), &["run", "--local", &free]);
    let (code, _, err) = output(command.env("DISCORD_TOKEN", "a.b.c"));
    assert_eq!(code, 69);
    assert!(err.contains(&free) && err.contains("cogwright sim"), "{err}");
}

#[test]
fn a_closed_output_is_no_failure() {
    let folder = folder();
    for arguments in [&[][..], &["sim", "routes"][..]] {
        let mut running = Running::start(&mut cogwright(folder.path(), arguments));
        drop(running.0.stdout.take());
        let mut err = String::new();
        running.0.stderr.take().expect("is piped").read_to_string(&mut err).expect("is text");
        assert_eq!((running.code(), err.as_str()), (0, ""), "{arguments:?}");
    }
}

fn playground(folder: &Path) -> Command {
    cogwright(folder, &["playground", "--port", "0", "--data", "kept"])
}

#[test]
fn a_playground_keeps_its_world_over_a_stop() {
    let folder = folder();
    let saved = folder.path().join("kept/world.json");
    let mut ids = Vec::new();
    for signal in ["TERM", "INT"] {
        let mut running = Running::start(&mut playground(folder.path()));
        assert!(running.line().contains("playground is ready"));
        // At once: it must listen for signals before it says that it is ready.
        running.signal(signal);
        assert_eq!(running.code(), 0, "SIG{signal}");
        let text = std::fs::read_to_string(&saved).expect("is saved");
        let world: Value = serde_json::from_str(&text).expect("is JSON");
        ids.push(world["world"]["guilds"].clone());
    }
    assert!(!ids[0].is_null());
    assert_eq!(ids[0], ids[1], "the second run went on with the world of the first");
}

#[test]
fn a_playground_says_why_it_does_not_start() {
    let folder = folder();
    let kept = folder.path().join("kept");
    std::fs::write(&kept, "a file").expect("can write");
    let (code, _, err) = output(&mut playground(folder.path()));
    assert_eq!(code, 64);
    assert!(err.contains("cannot be kept in kept"), "{err}");

    std::fs::remove_file(&kept).expect("can remove");
    std::fs::create_dir(&kept).expect("can make");
    std::fs::write(kept.join("world.json"), "{broken").expect("can write");
    let (code, _, err) = output(&mut playground(folder.path()));
    assert_eq!(code, 64);
    assert!(err.contains("world.json") && err.contains("--fresh"), "{err}");
    assert_eq!(std::fs::read_to_string(kept.join("world.json")).expect("is there"), "{broken");

    let taken = TcpListener::bind("127.0.0.1:0").expect("can bind");
    let port = taken.local_addr().expect("is bound").port().to_string();
    let (code, _, err) = output(&mut cogwright(folder.path(), &["playground", "--port", &port]));
    assert_eq!(code, 69);
    assert!(err.contains(&port) && err.contains("--port"), "{err}");
}

#[test]
fn a_stop_is_passed_on_to_the_bot_of_exec() {
    let folder = folder();
    let script = "trap 'echo farewell; exit 3' TERM; echo ready; while :; do sleep 0.05; done";
    let mut running =
        Running::start(&mut cogwright(folder.path(), &["sim", "exec", "--", "sh", "-c", script]));
    assert_eq!(running.line(), "ready\n");
    running.signal("TERM");
    assert_eq!(running.line(), "farewell\n");
    assert_eq!(running.code(), 0);
}

#[test]
fn the_bot_of_exec_ends_with_its_own_code() {
    let folder = folder();
    for (script, wanted) in [("exit 7", 7), ("kill -s KILL $$", 128 + 9)] {
        let (code, ..) = output(&mut cogwright(folder.path(), &["sim", "exec", "--", "sh", "-c", script]));
        assert_eq!(code, wanted, "{script}");
    }
    let (code, _, err) = output(&mut cogwright(folder.path(), &["sim", "exec", "--", "no-such-bot"]));
    assert_eq!(code, 69);
    assert!(err.contains("no-such-bot"), "{err}");
}

#[test]
fn exec_joins_a_local_discord_that_runs() {
    let folder = folder();
    let mut sim = Running::start(&mut cogwright(folder.path(), &["sim", "--port", "0", "--fresh"]));
    let line: Value = serde_json::from_str(&sim.line()).expect("is JSON");
    let gateway = line["gateway_url"].as_str().expect("is a text").to_owned();
    let host = gateway.trim_start_matches("ws://");
    let join = |more: &[&str]| {
        let script = "echo $DISCORD_TOKEN $COGWRIGHT_GATEWAY_URL; exit 4";
        let arguments = [&["sim", "exec", "--local", host], more, &["--", "sh", "-c", script]].concat();
        output(cogwright(folder.path(), &arguments).env("DISCORD_TOKEN", "mine"))
    };
    let (code, out, _) = join(&[]);
    assert_eq!((code, out), (4, format!("mine {gateway}\n")), "the bot brings its own token");
    let arguments = ["sim", "exec", "--local", host, "--", "sh", "-c", "exit 0"];
    let (code, _, err) = output(cogwright(folder.path(), &arguments).env_remove("DISCORD_TOKEN"));
    assert_eq!(code, 0);
    assert!(err.contains("DISCORD_TOKEN is not set"), "{err}");
    let (code, _, err) = join(&["--guilds", "3"]);
    assert_eq!(code, 64, "{err}");
    assert!(err.contains("--guilds") && err.contains("--local"), "{err}");

    sim.signal("TERM");
    assert_eq!(sim.code(), 0, "it outlives its bots");
    let (code, _, err) = join(&[]);
    assert_eq!(code, 69);
    assert!(err.contains(host) && err.contains("cogwright sim"), "{err}");
}

#[test]
fn an_operator_asks_about_the_bot_without_starting_it() {
    let folder = folder();
    let mut sim = Running::start(&mut cogwright(folder.path(), &["sim", "--port", "0", "--fresh"]));
    let line: Value = serde_json::from_str(&sim.line()).expect("is JSON");
    let host = line["gateway_url"].as_str().expect("is a text").trim_start_matches("ws://").to_owned();
    let token = line["token"].as_str().expect("is a text").to_owned();
    let ask = |arguments: &[&str], token: &str| {
        let arguments = [arguments, &["--local", &host]].concat();
        output(cogwright(folder.path(), &arguments).env("DISCORD_TOKEN", token))
    };
    let json = |out: &str| serde_json::from_str::<Value>(out).expect("is one line of JSON");

    let (code, out, err) = ask(&["invite", "--json"], &token);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let id = json(&out)["client_id"].as_str().expect("is a text").to_owned();
    let (code, out, _) = ask(&["invite"], &token);
    assert_eq!(code, 0);
    assert!(out.contains(&format!("client_id={id}&permissions=")) && !out.contains('\u{1b}'), "{out}");

    let (code, out, err) = ask(&["commands", "diff", "--json"], &token);
    assert_eq!((code, json(&out)["same"].as_bool()), (1, Some(false)), "{err}");
    let (code, out, _) = ask(&["commands", "diff"], &token);
    assert_eq!(code, 1);
    assert!(out.contains("+ help") && out.contains("Nothing was written"), "{out}");

    let (code, out, err) = ask(&["doctor"], &token);
    assert_eq!(code, 0, "{out}{err}");
    let (code, out, _) = ask(&["doctor", "--json"], "bm9ib2R5.bm8.bm8");
    let found = json(&out);
    let token_check =
        found["findings"].as_array().expect("is a list").iter().find(|f| f["subject"] == "token");
    assert_eq!((code, token_check.expect("is there")["state"].as_str()), (1, Some("problem")), "{out}");
    assert!(!out.contains("bm9ib2R5"), "{out}");

    // What was asked has registered nothing; the bot does, and then nothing differs.
    let mut bot =
        Running::start(cogwright(folder.path(), &["run", "--local", &host]).env("DISCORD_TOKEN", &token));
    bot.logged("runtime.drive: ready");
    let (code, out, _) = ask(&["commands", "diff"], &token);
    assert_eq!(code, 0, "{out}");
    bot.signal("TERM");
    assert_eq!(bot.code(), 0);
    sim.signal("TERM");
    assert_eq!(sim.code(), 0);
}

/// Systems that do not let go of an open file have no such trouble.
#[cfg(unix)]
#[test]
fn a_bot_whose_main_db_is_deleted_saves_it_and_names_the_command() {
    let folder = folder();
    let mut sim = Running::start(&mut cogwright(folder.path(), &["sim", "--port", "0", "--fresh"]));
    let line: Value = serde_json::from_str(&sim.line()).expect("is JSON");
    let host = line["gateway_url"].as_str().expect("is a text").trim_start_matches("ws://").to_owned();
    let token = line["token"].as_str().expect("is a text").to_owned();
    let mut bot =
        Running::start(cogwright(folder.path(), &["run", "--local", &host]).env("DISCORD_TOKEN", &token));
    bot.logged("runtime.drive: ready");
    std::fs::remove_file(folder.path().join("data/main.db")).expect("can be removed");
    bot.signal("TERM");
    bot.logged("main.db was deleted while the bot runs");
    bot.logged("cogwright data restore ");
    assert_eq!(bot.code(), 0);
    sim.signal("TERM");
    assert_eq!(sim.code(), 0);

    let (code, out, _) = output(&mut cogwright(folder.path(), &["data", "restore", "--list", "--json"]));
    let backups: Value = serde_json::from_str(&out).expect("is JSON");
    let backups = backups.as_array().expect("is a list");
    assert_eq!(backups.len(), 1, "once, although what has changed is backed up at a stop too: {backups:?}");
    let newest = backups[0]["path"].clone();
    let newest = newest.as_str().expect("is a text");
    assert!(code == 0 && newest.contains("main_backup_"), "{out}");
    let (code, out, err) = output(&mut cogwright(folder.path(), &["data", "restore", newest]));
    assert_eq!(code, 0, "{out}{err}");
    let (code, out, err) = output(&mut cogwright(folder.path(), &["data", "check"]));
    assert!(code == 0 && out.contains("none is damaged"), "{out}{err}");
}

#[test]
fn a_doctor_says_what_is_wrong_with_settings_and_reach() {
    let folder = folder();
    let free =
        TcpListener::bind("127.0.0.1:0").expect("can bind").local_addr().expect("is bound").to_string();
    let (code, out, _) = output(&mut cogwright(folder.path(), &["doctor", "--local", &free]));
    assert_eq!(code, 1, "{out}");
    for part in ["DISCORD_TOKEN", "cogwright sim", "data folder", "problems"] {
        assert!(out.contains(part), "{part} is not in {out}");
    }
    for subject in ["token", "intents", "gateway"] {
        let told = |line: &str| line.contains(subject) && line.contains("Discord does not answer");
        assert!(out.lines().any(told), "the cause of {subject} is told: {out}");
    }
}
