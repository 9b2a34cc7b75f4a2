//! Syncs against a server of a few lines that keeps commands as Discord does, and can be told to refuse.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cogwright_config::Secret;
use cogwright_lifecycle::Tasks;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::{Endpoint, RestLimits};

/// What the server answers instead of doing it: to the n-th request whose line contains the text.
type Refusal = (&'static str, usize, u16, Value);

#[derive(Default)]
struct Shop {
    commands: Vec<Value>,
    next_id: u64,
    refusals: Vec<Refusal>,
    seen: Vec<String>,
}

impl Shop {
    fn answer(&mut self, line: &str, body: &[u8]) -> (u16, Value) {
        self.seen.push(line.to_owned());
        let refusal = self.refusals.iter_mut().find(|(text, ..)| line.contains(text));
        if let Some((_, left, status, answer)) = refusal
            && *left > 0
        {
            *left -= 1;
            return (*status, answer.clone());
        }
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        match line.split(' ').next().expect("has a method") {
            "GET" => (200, self.commands.clone().into()),
            "PUT" => {
                let commands = body.as_array().expect("is a list").clone();
                self.commands = commands.into_iter().map(|command| self.kept(command)).collect();
                (200, self.commands.clone().into())
            }
            "POST" if body["description"] == "bad" => {
                (400, json!({"code": 50035, "message": "Invalid Form Body", "errors": {"name": "bad"}}))
            }
            "POST" => {
                let command = self.kept(body);
                self.commands.retain(|old| old["name"] != command["name"]);
                self.commands.push(command.clone());
                (201, command)
            }
            "DELETE" => {
                let id = line.rsplit('/').next().expect("has an id").to_owned();
                self.commands.retain(|command| command["id"] != id.as_str());
                (204, Value::Null)
            }
            other => panic!("{other} is not spoken here"),
        }
    }

    fn kept(&mut self, mut command: Value) -> Value {
        self.next_id += 1;
        command["id"] = (111_111_111_111_111_110 + self.next_id).to_string().into();
        command["version"] = "1".into();
        command
    }
}

struct Server {
    shop: Arc<Mutex<Shop>>,
    rest: Rest,
    told: Mutex<Vec<Progress>>,
    _tasks: Tasks,
}

impl Server {
    async fn start(commands: &[Value], refusals: &[Refusal]) -> Self {
        let mut shop = Shop { refusals: refusals.to_vec(), ..Shop::default() };
        shop.commands = commands.iter().map(|command| shop.kept(command.clone())).collect();
        let shop = Arc::new(Mutex::new(shop));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("can bind");
        let endpoint = Endpoint::local(listener.local_addr().expect("is bound"));
        let tasks = Tasks::new("server");
        let (each, known) = (tasks.clone(), Arc::clone(&shop));
        tasks.spawn("accept", async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let shop = Arc::clone(&known);
                each.spawn("connection", async move {
                    let mut buffer = Vec::new();
                    while stream.read_buf(&mut buffer).await.unwrap_or(0) > 0 {
                        while let Some((line, body, end)) = whole(&buffer) {
                            let (status, answer) = shop.lock().expect("not poisoned").answer(&line, &body);
                            buffer.drain(..end);
                            let body = if status == 204 { String::new() } else { answer.to_string() };
                            let head = format!(
                                "HTTP/1.1 {status} X\r\nvia: x\r\ncontent-length: {}\r\n\r\n{body}",
                                body.len()
                            );
                            stream.write_all(head.as_bytes()).await.expect("is open");
                        }
                    }
                });
            }
        });
        let limits = RestLimits { pause: Duration::from_millis(5), ..RestLimits::default() };
        let rest = Rest::with_limits(&endpoint, &Secret::new("a.b.c"), limits);
        Self { shop, rest, told: Mutex::default(), _tasks: tasks }
    }

    async fn sync(&self, wanted: &[Value], force: bool) -> Result<Report, RestError> {
        let progress = |progress| self.told.lock().expect("not poisoned").push(progress);
        let (rest, application, scope) = (&self.rest, Id::new(9), Scope::Global);
        Run::new(&Sync { rest, application, scope, force, progress: &progress }).run(wanted, None).await
    }

    /// The writing requests, without their common path.
    fn writes(&self) -> Vec<String> {
        let shop = self.shop.lock().expect("not poisoned");
        let writes = shop.seen.iter().filter(|line| !line.starts_with("GET"));
        writes.map(|line| line.replace("/api/v10/applications/9/commands", "")).collect()
    }

    fn names(&self) -> Vec<String> {
        let shop = self.shop.lock().expect("not poisoned");
        let mut names: Vec<_> =
            shop.commands.iter().map(|c| c["name"].as_str().expect("has one").to_owned()).collect();
        names.sort();
        names
    }
}

/// Request line without the version, body, and where the request ends.
fn whole(buffer: &[u8]) -> Option<(String, Vec<u8>, usize)> {
    let head = buffer.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&buffer[..head]).into_owned();
    let length = text
        .to_lowercase()
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    let body = buffer.get(head..head + length)?.to_vec();
    let line = text.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
    Some((line, body, head + length))
}

fn command(name: &str, description: &str) -> Value {
    json!({"type": 1, "name": name, "description": description})
}

fn many(count: usize) -> Vec<Value> {
    (0..count).map(|n| command(&format!("c{n:03}"), "d")).collect()
}

#[tokio::test]
async fn nothing_is_written_when_nothing_has_changed() {
    let server = Server::start(&many(100), &[]).await;
    let report = server.sync(&many(100), false).await.expect("works");
    assert_eq!((report.unchanged, report.writes, report.is_complete()), (100, 0, true));
    assert_eq!(server.writes(), [""; 0]);
    assert_eq!(*server.told.lock().expect("not poisoned"), []);
}

#[tokio::test]
async fn force_writes_all_the_same() {
    let server = Server::start(&many(3), &[]).await;
    let report = server.sync(&many(3), true).await.expect("works");
    assert_eq!((report.updated.len(), report.unchanged, report.writes), (3, 0, 1));
    assert_eq!(server.writes(), ["PUT "]);
}

#[tokio::test]
async fn few_changes_are_made_one_by_one_and_deletions_come_first() {
    let server = Server::start(&[command("gone", "d"), command("old", "d"), command("same", "d")], &[]).await;
    let wanted = [command("new", "d"), command("old", "e"), command("same", "d")];
    let report = server.sync(&wanted, false).await.expect("works");
    let writes = server.writes();
    assert!(writes[0].starts_with("DELETE /"), "{writes:?}");
    assert_eq!(writes[1..], ["POST ", "POST "]);
    assert_eq!(
        (report.deleted, report.updated, report.created),
        (vec!["gone".into()], vec!["old".into()], vec!["new".into()])
    );
    assert_eq!((report.unchanged, report.writes), (1, 3));
    assert_eq!(server.names(), ["new", "old", "same"]);
    assert_eq!(server.sync(&wanted, false).await.expect("works").writes, 0);
}

#[tokio::test]
async fn many_changes_are_made_with_one_request() {
    let entry = json!({"type": 4, "name": "launch", "handler": 2});
    let server = Server::start(&[entry, command("gone", "d")], &[]).await;
    let report = server.sync(&many(100), false).await.expect("works");
    assert_eq!((report.created.len(), report.deleted.len(), report.writes), (100, 1, 1));
    assert_eq!(server.writes(), ["PUT "]);
    assert!(server.names().contains(&"launch".to_owned()), "Discord's own entry point stays");
}

#[tokio::test]
async fn one_bad_command_does_not_keep_the_others_out() {
    let refused = json!({"code": 50035, "message": "Invalid Form Body"});
    let server = Server::start(&[command("gone", "d")], &[("PUT", 1, 400, refused)]).await;
    let mut wanted = many(8);
    wanted[3]["description"] = "bad".into();
    let report = server.sync(&wanted, false).await.expect("works");
    assert_eq!((report.created.len(), report.deleted.len()), (7, 1));
    let [failed] = &report.failed[..] else { panic!("{report:?}") };
    assert_eq!((failed.name.as_str(), failed.action, failed.retryable), ("c003", ChangeKind::Create, false));
    assert!(
        failed.reason.contains("Invalid Form Body") && failed.reason.contains("bad"),
        "{}",
        failed.reason
    );
    assert_eq!(server.writes()[1].split('/').next(), Some("DELETE "), "a slot is freed before it is taken");
    assert_eq!(server.names().len(), 7);
}

#[tokio::test]
async fn a_full_day_stops_new_commands_and_nothing_else() {
    let full = json!({"code": 30034, "message": "Max number of daily application command creates has been reached (200)"});
    let server =
        Server::start(&[command("old", "d"), command("gone", "d")], &[("POST", 0, 400, full.clone())]).await;
    let wanted = [command("a", "d"), command("b", "d"), command("old", "e")];
    // The update comes before the creations.
    server.shop.lock().expect("not poisoned").refusals = vec![("POST", 0, 400, full.clone())];
    let first = server.sync(&[command("old", "e")], false).await.expect("works");
    assert_eq!((first.updated.len(), first.deleted.len()), (1, 1));
    server.shop.lock().expect("not poisoned").refusals = vec![("POST", 9, 400, full)];
    let report = server.sync(&wanted, false).await.expect("works");
    let names: Vec<_> = report.failed.iter().map(|failed| failed.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert!(report.is_retryable() && report.failed[1].reason.contains("daily"), "{report:?}");
    let posts = server.writes().iter().filter(|line| line.starts_with("POST")).count();
    assert_eq!(posts, 2, "the second new command is not even tried");
}

#[tokio::test]
async fn trouble_on_the_way_is_repeated_and_what_succeeded_is_kept() {
    let server = Server::start(&many(1), &[("POST", 1, 502, json!({}))]).await;
    let report = server.sync(&many(4), false).await.expect("works");
    assert_eq!((report.created.len(), report.failed.len(), report.writes), (3, 0, 3));
    assert_eq!(server.writes().len(), 4, "only the failed one is repeated");
    assert!(server.told.lock().expect("not poisoned").iter().any(|p| matches!(p, Progress::Retrying { .. })));
}

#[tokio::test]
async fn a_rate_limited_sync_says_so_waits_and_goes_on() {
    let slow = json!({"message": "slow", "retry_after": 1.4, "global": false});
    let server = Server::start(&[], &[("PUT", 1, 429, slow)]).await;
    let begun = Instant::now();
    let report = server.sync(&many(20), false).await.expect("works");
    assert!(begun.elapsed() >= Duration::from_millis(1_400) && report.waited >= Duration::from_millis(1_300));
    assert_eq!((report.created.len(), report.writes), (20, 1));
    let told = server.told.lock().expect("not poisoned").clone();
    let begin = Progress::Begin { delete: 0, update: 0, create: 20 };
    assert!(
        matches!(&told[..], [first, Progress::RateLimited { wait }] if *first == begin && wait.as_secs() == 1),
        "{told:?}"
    );
}

#[tokio::test]
async fn who_may_not_register_at_all_is_told_so() {
    let no = json!({"code": 50001, "message": "Missing Access"});
    let server = Server::start(&[], &[("GET", 9, 403, no.clone())]).await;
    let error = server.sync(&many(1), false).await.expect_err("is refused");
    assert_eq!(error.code(), Some(50_001));
    let server = Server::start(&many(1), &[("POST", 9, 403, no)]).await;
    let report = server.sync(&many(4), false).await.expect("has a report");
    assert_eq!((report.failed.len(), server.writes().len()), (3, 1), "one refusal is enough");
}
