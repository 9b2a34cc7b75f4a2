//! `cogwright sim` and its world: kept in a file, generated, and never overwritten when broken.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// `cogwright sim` on a free port, until it is stopped or dropped.
struct Sim {
    child: Child,
    ready: Value,
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogwright"));
    command.args(["sim", "--port", "0"]).args(arguments).current_dir(folder).env_remove("COGWRIGHT_SIM_KEY");
    command
}

impl Sim {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = command(folder, arguments).stdout(Stdio::piped()).spawn().expect("can start");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("is piped")).read_line(&mut line).expect("is text");
        Self { child, ready: serde_json::from_str(&line).expect("the ready line is JSON") }
    }

    fn text(&self, key: &str) -> &str {
        self.ready[key].as_str().expect("is a text")
    }

    /// A call of the control API; answers the status and the body.
    fn call(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let url = self.text("control_url").trim_start_matches("http://");
        let (host, base) = url.split_once('/').expect("has a path");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = TcpStream::connect(host).expect("is listening");
        write!(
            stream,
            "{method} /{base}{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("can write");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("is text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("has a body");
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("has a status");
        (status, serde_json::from_str(body).expect("is JSON"))
    }

    fn say(&self, text: &str) {
        let body = json!({ "user": self.text("user"), "channel": self.text("channel"), "text": text });
        assert_eq!(self.call("POST", "/actor/send_message", &body).0, 200);
    }

    fn newest(&self) -> String {
        let (user, channel) = (self.text("user"), self.text("channel"));
        let path = format!("/view/{user}/channels/{channel}/messages?limit=1");
        self.call("GET", &path, &Value::Null).1[0]["content"].as_str().expect("is a text").to_owned()
    }

    fn stop(mut self) -> i32 {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", "TERM", &id]).status().expect("can run kill").success());
        self.child.wait().expect("can wait").code().expect("was not killed")
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_world_in_a_file_outlives_the_process() {
    let folder = tempfile::tempdir().expect("can make a folder");
    let file = folder.path().join("saves/world.json");
    let arguments = ["--world", "saves/world.json"];
    let sim = Sim::start(folder.path(), &arguments);
    let guild = sim.text("guild").to_owned();
    assert!(!file.exists(), "nothing was asked to be saved yet");
    sim.say("saved on demand");
    let (status, answer) = sim.call("POST", "/world/save", &json!({}));
    assert_eq!(status, 200, "{answer}");
    let on_demand = fs::read_to_string(&file).expect("was saved");
    assert_eq!(answer["bytes"], on_demand.len());
    assert!(on_demand.contains("saved on demand"));
    sim.say("saved at the stop");
    assert_eq!(sim.stop(), 0);
    assert_eq!(fs::read_dir(file.parent().expect("has one")).expect("is there").count(), 1);

    let sim = Sim::start(folder.path(), &arguments);
    assert_eq!((sim.text("guild"), sim.newest().as_str()), (guild.as_str(), "saved at the stop"));
    // The file is a snapshot, and a snapshot is such a file.
    let snapshot = sim.call("GET", "/snapshot", &Value::Null).1;
    drop(sim);
    fs::write(&file, snapshot.to_string()).expect("can write");
    let sim = Sim::start(folder.path(), &arguments);
    assert_eq!(sim.newest(), "saved at the stop");
    let (status, _) = sim.call(
        "POST",
        "/snapshot",
        &serde_json::from_str(&fs::read_to_string(&file).expect("is there")).expect("is JSON"),
    );
    assert_eq!(status, 200);
    assert_eq!(sim.stop(), 0);

    let sim = Sim::start(folder.path(), &["--world", "saves/world.json", "--fresh"]);
    assert_ne!(sim.text("guild"), guild, "--fresh begins anew");
}

#[test]
fn a_crash_loses_seconds_only() {
    let folder = tempfile::tempdir().expect("can make a folder");
    let arguments = ["--world", "world.json"];
    let file = folder.path().join("world.json");
    let mut sim = Sim::start(folder.path(), &arguments);
    let began = Instant::now();
    sim.say("said before the crash");
    let saved = || fs::read_to_string(&file).is_ok_and(|text| text.contains("said before the crash"));
    while !saved() {
        assert!(began.elapsed() < Duration::from_secs(20), "a change is saved within seconds");
        // Nothing tells of a save: look again after a moment of the server's.
        let nothing = json!({ "match": { "event": "NOTHING" }, "timeout_ms": 50 });
        assert_eq!(sim.call("POST", "/wait", &nothing).0, 408);
    }
    // SIGKILL, or what comes nearest to it elsewhere: nothing of it runs any more.
    sim.child.kill().expect("can end it");
    sim.child.wait().expect("can wait");
    let sim = Sim::start(folder.path(), &arguments);
    assert_eq!(sim.newest(), "said before the crash");
}

#[test]
fn a_broken_file_is_never_overwritten() {
    let folder = tempfile::tempdir().expect("can make a folder");
    let file = folder.path().join("world.json");
    for text in ["{\"format\":1,\"world\":{\"users\"", "{\"format\":99}", "not JSON", ""] {
        fs::write(&file, text).expect("can write");
        let output = command(folder.path(), &["--world", "world.json"]).output().expect("can run");
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(64), "{text:?}: {complaint}");
        assert!(complaint.contains("world.json") && complaint.contains("--fresh"), "{complaint}");
        assert_eq!(fs::read_to_string(&file).expect("is there"), text);
    }
}

#[test]
fn one_place_for_the_world_and_without_one_it_is_not_saved() {
    let folder = tempfile::tempdir().expect("can make a folder");
    for arguments in [&["--world", "a", "--data", "b"][..], &["--guilds", "0"], &["--seed", "3"]] {
        let output = command(folder.path(), arguments).output().expect("can run");
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
    }
    let sim = Sim::start(folder.path(), &[]);
    assert_eq!(sim.call("POST", "/world/save", &json!({})).0, 400);
    assert_eq!(sim.stop(), 0);
    assert_eq!(fs::read_dir(folder.path()).expect("is there").count(), 0);
}

#[test]
fn a_generated_world_has_the_guilds_asked_for_and_is_kept_like_any_other() {
    let folder = tempfile::tempdir().expect("can make a folder");
    let arguments = ["--guilds", "12", "--seed", "5", "--world", "load.json"];
    let sim = Sim::start(folder.path(), &arguments);
    let guilds = |sim: &Sim| sim.call("GET", "/world", &Value::Null).1["guilds"].as_array().map(Vec::len);
    assert_eq!(guilds(&sim), Some(12));
    sim.say("remember me");
    assert_eq!(sim.stop(), 0);
    let sim = Sim::start(folder.path(), &arguments);
    assert_eq!((guilds(&sim), sim.newest().as_str()), (Some(12), "remember me"));
}
