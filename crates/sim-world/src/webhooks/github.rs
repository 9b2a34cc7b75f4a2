//! GitHub's webhook bodies, told in embeds. See Discord docs: Webhook / Execute GitHub-Compatible Webhook.
//!
//! Which event it is stands in a header on GitHub's side; the body tells it as well, by what it holds.

use serde_json::{Value, json};

/// Characters of an embed's title.
const MAX_TITLE: usize = 256;
/// Characters of a text that is quoted.
const MAX_TEXT: usize = 500;
/// Commits that are listed; GitHub sends up to 2048.
const MAX_COMMITS: usize = 10;
/// Name and picture that the messages go out under.
const LOOK: (&str, &str) =
    ("GitHub", "https://github.githubassets.com/images/modules/logos_page/GitHub-Mark.png");

const OPENED: u32 = 0x00_9688;
const DISCUSSED: u32 = 0xFF_A930;
const PUSHED: u32 = 0x72_89DA;
const FAILED: u32 = 0xFC_2929;

/// What is told of an event.
struct Told {
    title: String,
    url: Value,
    text: String,
    color: Option<u32>,
}

impl Told {
    fn new(title: String, url: &Value) -> Self {
        Self { title, url: url.clone(), text: String::new(), color: None }
    }

    fn text(self, text: &Value) -> Self {
        Self { text: shortened(text.as_str().unwrap_or_default(), MAX_TEXT), ..self }
    }

    fn color(self, color: u32) -> Self {
        Self { color: Some(color), ..self }
    }
}

/// The body of a message about the event; `None` for one that nothing is told of, such as a ping.
pub fn from_github(event: &Value) -> Option<Value> {
    let told = told(event)?;
    let sender = &event["sender"];
    let mut embed = json!({
        "title": shortened(&told.title, MAX_TITLE),
        "author": { "name": sender["login"], "url": sender["html_url"], "icon_url": sender["avatar_url"] },
    });
    if told.url.is_string() {
        embed["url"] = told.url;
    }
    if !told.text.is_empty() {
        embed["description"] = told.text.into();
    }
    if let Some(color) = told.color {
        embed["color"] = color.into();
    }
    Some(json!({ "username": LOOK.0, "avatar_url": LOOK.1, "embeds": [embed] }))
}

fn told(event: &Value) -> Option<Told> {
    let has = |key: &str| event.get(key).is_some_and(Value::is_object);
    let action = event["action"].as_str().unwrap_or_default();
    let repo = event["repository"]["full_name"].as_str().unwrap_or("repository");
    if event["commits"].is_array() {
        push(event, repo)
    } else if has("review") {
        reviewed(event, repo, action)
    } else if has("discussion") {
        Some(discussion(event, repo, action))
    } else if has("comment") {
        commented(event, repo, action)
    } else if has("pull_request") {
        issue(&event["pull_request"], "Pull request", repo, action)
    } else if has("issue") {
        issue(&event["issue"], "Issue", repo, action)
    } else if has("release") {
        let release = &event["release"];
        let title = format!("[{repo}] New release published: {}", plain(&release["tag_name"]));
        (action == "published").then(|| Told::new(title, &release["html_url"]))
    } else if has("check_run") || has("check_suite") {
        check(event, repo, action)
    } else if has("forkee") {
        let fork = &event["forkee"];
        let title = format!("[{repo}] Fork created: {}", plain(&fork["full_name"]));
        Some(Told::new(title, &fork["html_url"]).color(DISCUSSED))
    } else if has("member") {
        let title = format!("[{repo}] New collaborator added: {}", plain(&event["member"]["login"]));
        (action == "added").then(|| Told::new(title, &event["member"]["html_url"]))
    } else if event["ref_type"].is_string() {
        // Only what is made names the main branch.
        let made = if event.get("master_branch").is_some() { "New" } else { "Deleted" };
        let (kind, name) = (plain(&event["ref_type"]), plain(&event["ref"]));
        Some(Told::new(format!("[{repo}] {made} {kind}: {name}"), &Value::Null))
    } else if action == "started" {
        Some(Told::new(format!("[{repo}] New star added"), &event["repository"]["html_url"]))
    } else {
        None
    }
}

fn push(event: &Value, repo: &str) -> Option<Told> {
    let commits = event["commits"].as_array().filter(|list| !list.is_empty())?;
    let branch = plain(&event["ref"]);
    let branch = branch.strip_prefix("refs/heads/").unwrap_or(&branch).to_owned();
    let (count, s) = (commits.len(), if commits.len() == 1 { "" } else { "s" });
    let line = |commit: &Value| {
        let id: String = plain(&commit["id"]).chars().take(7).collect();
        let message = plain(&commit["message"]);
        let message = shortened(message.lines().next().unwrap_or_default(), 50);
        format!("[`{id}`]({}) {message} - {}", plain(&commit["url"]), plain(&commit["author"]["name"]))
    };
    let lines: Vec<String> = commits.iter().take(MAX_COMMITS).map(line).collect();
    let title = format!("[{repo}:{branch}] {count} new commit{s}");
    let url = if count == 1 { &commits[0]["url"] } else { &event["compare"] };
    Some(Told { text: lines.join("\n"), ..Told::new(title, url) }.color(PUSHED))
}

/// An issue or pull request that was opened, closed or opened again; other things that happen to it are not told.
fn issue(issue: &Value, what: &str, repo: &str, action: &str) -> Option<Told> {
    let (number, title) = (&issue["number"], plain(&issue["title"]));
    let told = Told::new(format!("[{repo}] {what} {action}: #{number} {title}"), &issue["html_url"]);
    match action {
        "opened" => Some(told.text(&issue["body"]).color(OPENED)),
        "closed" | "reopened" => Some(told),
        _ => None,
    }
}

fn reviewed(event: &Value, repo: &str, action: &str) -> Option<Told> {
    let (review, request) = (&event["review"], &event["pull_request"]);
    let state = plain(&review["state"]).replace('_', " ");
    let (number, title) = (&request["number"], plain(&request["title"]));
    let title = format!("[{repo}] Pull request review {state}: #{number} {title}");
    (action == "submitted").then(|| Told::new(title, &review["html_url"]).text(&review["body"]))
}

fn commented(event: &Value, repo: &str, action: &str) -> Option<Told> {
    let comment = &event["comment"];
    let about = |what: &str, on: &Value| {
        format!("[{repo}] New comment on {what} #{}: {}", on["number"], plain(&on["title"]))
    };
    let title = if event["pull_request"].is_object() {
        about("pull request", &event["pull_request"])
    } else if event["issue"].is_object() {
        let requests = event["issue"]["pull_request"].is_object();
        about(if requests { "pull request" } else { "issue" }, &event["issue"])
    } else {
        let id: String = plain(&comment["commit_id"]).chars().take(7).collect();
        format!("[{repo}] New comment on commit `{id}`")
    };
    let told = || Told::new(title, &comment["html_url"]).text(&comment["body"]).color(DISCUSSED);
    (action == "created").then(told)
}

fn discussion(event: &Value, repo: &str, action: &str) -> Told {
    let discussion = &event["discussion"];
    let (number, title) = (&discussion["number"], plain(&discussion["title"]));
    if event["comment"].is_object() {
        let title = format!("[{repo}] New comment on discussion #{number}: {title}");
        return Told::new(title, &event["comment"]["html_url"])
            .text(&event["comment"]["body"])
            .color(DISCUSSED);
    }
    let told = Told::new(format!("[{repo}] Discussion {action}: #{number} {title}"), &discussion["html_url"]);
    told.text(&discussion["body"])
}

fn check(event: &Value, repo: &str, action: &str) -> Option<Told> {
    let (run, suite) = (&event["check_run"], &event["check_suite"]);
    let what = if run.is_object() { run } else { suite };
    let name = what["name"].as_str().or_else(|| suite["app"]["name"].as_str()).unwrap_or("Checks");
    let result = what["conclusion"].as_str()?;
    let branch = what["head_branch"].as_str().or_else(|| run["check_suite"]["head_branch"].as_str());
    let title = format!("[{repo}] {name} {result} on {}", branch.unwrap_or("a commit"));
    let url = if run["details_url"].is_string() { &run["details_url"] } else { &run["html_url"] };
    let color = if result == "success" { OPENED } else { FAILED };
    (action == "completed").then(|| Told::new(title, url).color(color))
}

/// The text of a value, which may be missing.
fn plain(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// At most `most` characters, the last of them dots if something was cut off.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 3).chain("...".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(event: &Value) -> Option<String> {
        Some(from_github(event)?["embeds"][0]["title"].as_str()?.to_owned())
    }

    fn event(more: &[(&str, Value)]) -> Value {
        let mut event = json!({
            "sender": { "login": "octo", "html_url": "https://github.com/octo", "avatar_url": "https://a.example/o" },
            "repository": { "full_name": "octo/cat", "html_url": "https://github.com/octo/cat" },
        });
        for (key, value) in more {
            event[*key] = value.clone();
        }
        event
    }

    #[test]
    fn each_event_is_known_by_what_it_holds() {
        let issue =
            json!({ "number": 5, "title": "Broken", "html_url": "https://a.example/5", "body": "why" });
        let comment = json!({ "html_url": "https://a.example/c", "body": "hm", "commit_id": "0123456789" });
        let action = |name: &str| ("action", json!(name));
        let cases: [(Value, Option<&str>); 16] = [
            (event(&[("zen", json!("calm"))]), None),
            (
                event(&[action("opened"), ("issue", issue.clone())]),
                Some("[octo/cat] Issue opened: #5 Broken"),
            ),
            (event(&[action("labeled"), ("issue", issue.clone())]), None),
            (
                event(&[action("closed"), ("pull_request", issue.clone())]),
                Some("[octo/cat] Pull request closed: #5 Broken"),
            ),
            (
                event(&[action("created"), ("issue", issue.clone()), ("comment", comment.clone())]),
                Some("[octo/cat] New comment on issue #5: Broken"),
            ),
            (
                event(&[action("created"), ("comment", comment.clone())]),
                Some("[octo/cat] New comment on commit `0123456`"),
            ),
            (
                event(&[
                    action("submitted"),
                    ("pull_request", issue.clone()),
                    ("review", json!({ "state": "changes_requested" })),
                ]),
                Some("[octo/cat] Pull request review changes requested: #5 Broken"),
            ),
            (
                event(&[action("created"), ("discussion", issue.clone())]),
                Some("[octo/cat] Discussion created: #5 Broken"),
            ),
            (
                event(&[action("published"), ("release", json!({ "tag_name": "v1" }))]),
                Some("[octo/cat] New release published: v1"),
            ),
            (event(&[action("edited"), ("release", json!({ "tag_name": "v1" }))]), None),
            (
                event(&[("forkee", json!({ "full_name": "dog/cat" }))]),
                Some("[octo/cat] Fork created: dog/cat"),
            ),
            (
                event(&[
                    ("ref", json!("x")),
                    ("ref_type", json!("branch")),
                    ("master_branch", json!("main")),
                ]),
                Some("[octo/cat] New branch: x"),
            ),
            (event(&[("ref", json!("x")), ("ref_type", json!("tag"))]), Some("[octo/cat] Deleted tag: x")),
            (event(&[action("started")]), Some("[octo/cat] New star added")),
            (
                event(&[
                    action("completed"),
                    (
                        "check_suite",
                        json!({ "conclusion": "failure", "head_branch": "main", "app": { "name": "CI" } }),
                    ),
                ]),
                Some("[octo/cat] CI failure on main"),
            ),
            (
                event(&[action("added"), ("member", json!({ "login": "dog" }))]),
                Some("[octo/cat] New collaborator added: dog"),
            ),
        ];
        for (event, expected) in cases {
            assert_eq!(title(&event).as_deref(), expected, "{event}");
        }
    }

    #[test]
    fn a_push_lists_its_commits() {
        let commit = |n: u32| {
            json!({
                "id": format!("{n:010}"), "url": format!("https://a.example/{n}"),
                "message": "first line\nsecond", "author": { "name": "Octo" },
            })
        };
        let commits: Vec<Value> = (0..12).map(commit).collect();
        let pushed = event(&[
            ("ref", json!("refs/heads/main")),
            ("commits", json!(commits)),
            ("compare", json!("https://a.example/compare")),
        ]);
        let message = from_github(&pushed).expect("told");
        let embed = &message["embeds"][0];
        assert_eq!(
            (&embed["title"], &embed["url"], &embed["author"]["name"]),
            (&json!("[octo/cat:main] 12 new commits"), &json!("https://a.example/compare"), &json!("octo"))
        );
        let text = embed["description"].as_str().expect("a text");
        assert_eq!(text.lines().count(), MAX_COMMITS);
        assert_eq!(text.lines().next(), Some("[`0000000`](https://a.example/0) first line - Octo"));
        assert!(from_github(&event(&[("ref", json!("x")), ("commits", json!([]))])).is_none());
    }
}
