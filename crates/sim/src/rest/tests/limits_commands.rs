//! Probes of the limits page: what a command is made of, and follow-ups of one that its user has brought along.

use cogwright_sim_world::{
    CommandKind, commands::InstallForUser, interactions::Invoke, places::operator::CreateApplication,
};
use serde_json::{Value, json};

use super::{Answer, Line, text};

fn x(n: u64) -> String {
    "x".repeat(n as usize)
}

/// A command with one option that has this beside what each needs.
fn with_option(kind: u64, more: Value) -> Value {
    let mut option = json!({ "type": kind, "name": "o", "description": "x" });
    for (key, value) in more.as_object().into_iter().flatten() {
        option[key] = value.clone();
    }
    json!({ "name": "x", "description": "x", "options": [option] })
}

/// A command of so many characters in all.
fn of_size(n: u64) -> Value {
    let mut left = n - 2;
    let mut options = Vec::new();
    while left > 0 {
        let name = format!("o{}", options.len());
        let description = (left - name.len() as u64).min(100);
        left -= name.len() as u64 + description;
        let mut choices = Vec::new();
        while choices.len() < 25 && left > 3 {
            let name = format!("{:02}", choices.len());
            let value = (left - 2).min(100);
            left -= value + 2;
            choices.push(json!({ "name": name, "value": x(value) }));
        }
        let description = x(description);
        options.push(json!({ "type": 3, "name": name, "description": description, "choices": choices }));
    }
    json!({ "name": "x", "description": "x", "options": options })
}

/// The body of a chat command that has `n` of what the row is about.
pub(super) fn definition(row: &str, n: u64) -> Option<Value> {
    let choice = |name: Value, value: Value| json!({ "choices": [{ "name": name, "value": value }] });
    Some(match row {
        "characters of a choice's name" => with_option(3, choice(x(n).into(), "x".into())),
        "characters of a choice's text" => with_option(3, choice("x".into(), x(n).into())),
        "size of a choice's whole number" => with_option(4, choice("x".into(), n.into())),
        "characters that a text option asks for" => with_option(3, json!({ "max_length": n })),
        "characters of a command, its names, descriptions and values together" => of_size(n),
        _ => return None,
    })
}

/// An application that is in no guild, with a command, and somebody who has installed it for themselves uses it.
/// Answers the address of its follow-ups, after the first answer.
pub(super) async fn brought_along(line: &Line) -> String {
    let made = line.sim.apply(CreateApplication { body: json!({ "name": "Pocket" }) }).expect("is allowed");
    let (id, token) = (text(&made["application"], "id"), text(&made, "token"));
    let command = json!({ "name": "mine", "description": "x", "integration_types": [1] });
    let path = format!("/applications/{id}/commands");
    assert_eq!(line.call_as(&token, "POST", &path, Some(command)).await.status, 201);
    let application = id.parse().expect("an id");
    line.sim.apply(InstallForUser { user: line.ids.user, application }).expect("both are there");
    let invoke = Invoke {
        user: line.ids.user,
        channel: line.ids.channel,
        kind: CommandKind::ChatInput,
        name: "mine".into(),
        options: Value::Null,
        target: None,
        application: Some(application),
    };
    let interaction = line.sim.apply(invoke).expect("usable everywhere");
    let secret = line.sim.read(|world, _| world.interaction(interaction).map(|i| i.token.clone()));
    let secret = secret.expect("it is there");
    let answer = json!({ "type": 4, "data": { "content": "x" } });
    let path = format!("/interactions/{interaction}/{secret}/callback");
    assert_eq!(line.call_as(&token, "POST", &path, Some(answer)).await.status, 204);
    format!("/webhooks/{id}/{secret}")
}

/// Does what the row limits, `n` of it, if it is one of ours.
pub(super) async fn probe(line: &Line, row: &str, n: u64) -> Option<Answer> {
    if let Some(body) = definition(row, n) {
        let path = format!("/applications/{}/commands", line.ids.application);
        return Some(line.call("POST", &path, Some(body)).await);
    }
    if row != "follow-ups where nobody but the person has installed the application" {
        return None;
    }
    let path = brought_along(line).await;
    let mut last = None;
    for _ in 0..n {
        last = Some(line.call("POST", &path, Some(json!({ "content": "x" }))).await);
    }
    last
}

/// The probe above would not notice a limit that holds for everybody.
#[tokio::test]
async fn an_application_of_the_guild_follows_up_more_than_five_times() {
    let line = Line::new(crate::RateLimitMode::Off);
    let commands = format!("/applications/{}/commands", line.ids.application);
    let command = json!({ "name": "ours", "description": "x", "integration_types": [0, 1] });
    line.call("POST", &commands, Some(command)).await;
    let application = line.ids.application;
    line.sim.apply(InstallForUser { user: line.ids.user, application }).expect("both are there");
    let (id, token) = line.invoke("ours");
    let answer = json!({ "type": 4, "data": { "content": "x" } });
    line.call("POST", &format!("/interactions/{id}/{token}/callback"), Some(answer)).await;
    for n in 1..=8 {
        let path = format!("/webhooks/{application}/{token}");
        let more = line.call("POST", &path, Some(json!({ "content": "x" }))).await;
        assert_eq!(more.status, 200, "follow-up {n}: {more:?}");
    }
}

#[tokio::test]
async fn numbers_are_bounded_on_both_sides_and_fractions_apart() {
    const MOST: i64 = (1 << 53) - 1;
    let line = Line::new(crate::RateLimitMode::Off);
    let commands = format!("/applications/{}/commands", line.ids.application);
    let (integer, number) = (4, 10);
    for (kind, value, refused) in [
        (integer, json!(-MOST), None),
        (integer, json!(-MOST - 1), Some("NUMBER_TYPE_MIN")),
        (integer, json!(u64::MAX), Some("NUMBER_TYPE_MAX")),
        (integer, json!(2.0), None),
        (integer, json!(2.5), Some("NUMBER_TYPE_COERCE")),
        (integer, json!(1e300), Some("NUMBER_TYPE_MAX")),
        (number, json!(MOST + 1), None),
        (number, json!(-2.5), None),
        (number, json!(-1e16), Some("NUMBER_TYPE_MIN")),
    ] {
        let choices = json!({ "choices": [{ "name": "x", "value": value }] });
        let answer = line.call("POST", &commands, Some(with_option(kind, choices))).await.json();
        let code = &answer["errors"]["options"]["0"]["choices"]["0"]["value"]["_errors"][0]["code"];
        assert_eq!(code.as_str(), refused, "{value} of type {kind}: {answer}");
    }
}
