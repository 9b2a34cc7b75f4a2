//! What single values cannot tell: how they go together.

use std::net::{IpAddr, SocketAddr};

use serde_json::Value;

use crate::origin::Origin;
use crate::problem::Problem;
use crate::registry::settings;
use crate::secret::masked;
use crate::values::Values;

/// What a status text may contain.
const VARIABLES: [&str; 5] = ["guilds", "users", "commands", "shards", "uptime"];

pub(crate) fn check(values: &Values, problems: &mut Vec<Problem>, warnings: &mut Vec<Problem>) {
    limiter(values, problems);
    shards(values, problems);
    status(values, warnings);
    health(values, warnings);
    governor(values, warnings);
    folder(values, warnings);
    secrets(values, problems);
    headers(values, warnings);
}

fn number(values: &Values, key: &str) -> Option<u64> {
    values.get(key).and_then(Value::as_u64)
}

fn limiter(values: &Values, problems: &mut Vec<Problem>) {
    const MAX: &str = "slash_limiter.max_limit";
    let Some(max) = number(values, MAX) else { return };
    for key in ["slash_limiter.warning_threshold", "slash_limiter.safe_limit"] {
        if let Some(value) = number(values, key).filter(|value| *value > max) {
            // One of the two has been written, and that is where to look.
            let own = values.origin(key);
            let place = if own == Origin::Default { values.origin(MAX) } else { own };
            problems.push(Problem::new(
                key,
                place,
                format!("is {value}, above {MAX}, which is {max}"),
                format!("Set it to at most {max}, or raise {MAX} (up to 100)."),
            ));
        }
    }
}

fn shards(values: &Values, problems: &mut Vec<Problem>) {
    const IDS: &str = "SHARD_IDS";
    let ids: Vec<u64> = values
        .get("sharding.ids")
        .and_then(Value::as_array)
        .map(|ids| ids.iter().filter_map(Value::as_u64).collect())
        .unwrap_or_default();
    let origin = values.origin("sharding.ids");
    let mut refuse = |what: String, remedy: &str| problems.push(Problem::new(IDS, &origin, what, remedy));
    match number(values, "sharding.count") {
        None if !ids.is_empty() => refuse(
            "is set, but SHARD_COUNT is not".to_owned(),
            "Set SHARD_COUNT to the number of shards of the whole bot, or leave SHARD_IDS empty.",
        ),
        Some(count) => {
            if let Some(id) = ids.iter().find(|id| **id >= count) {
                refuse(
                    format!("names shard {id}, but SHARD_COUNT is {count}"),
                    "Shards are counted from 0; name only those below SHARD_COUNT.",
                );
            }
        }
        None => {}
    }
    if let Some(id) = ids.iter().enumerate().find_map(|(index, id)| ids[..index].contains(id).then_some(id)) {
        refuse(format!("names shard {id} twice"), "Name each shard once.");
    }
}

fn status(values: &Values, warnings: &mut Vec<Problem>) {
    let mut warn = |key: String, origin, text: &str| {
        if let Some(name) = unknown_variable(text) {
            let name = crate::shape::clean(name, 20);
            warnings.push(Problem::new(
                key,
                origin,
                format!("holds {{{name}}}, which is shown as it stands"),
                format!("Known are {}.", VARIABLES.map(|name| format!("{{{name}}}")).join(", ")),
            ));
        }
    };
    if let Some(text) = values.get("status.text").and_then(Value::as_str) {
        warn("status.text".to_owned(), values.origin("status.text"), text);
    }
    let statuses = values.get("status.statuses").and_then(Value::as_array);
    for (index, status) in statuses.into_iter().flatten().enumerate() {
        if let Some(text) = status.get("text").and_then(Value::as_str) {
            warn(format!("status.statuses[{index}].text"), values.origin("status.statuses"), text);
        }
    }
}

fn unknown_variable(text: &str) -> Option<&str> {
    let mut parts = text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name));
    parts.find(|name| !VARIABLES.contains(name))
}

fn health(values: &Values, warnings: &mut Vec<Problem>) {
    const LISTEN: &str = "health.listen";
    let address = values.get(LISTEN).and_then(Value::as_str).and_then(|text| text.parse::<SocketAddr>().ok());
    if let Some(address) = address.filter(|address| !address.ip().is_loopback()) {
        warnings.push(Problem::new(
            LISTEN,
            values.origin(LISTEN),
            format!("is {address}, which other machines may reach; there is no password"),
            "Listen on 127.0.0.1, unless a firewall stands before it.",
        ));
    }
}

fn governor(values: &Values, warnings: &mut Vec<Problem>) {
    const GOVERNOR: &str = "rest.governor";
    if values.get(GOVERNOR) == Some(&Value::Bool(false)) {
        warnings.push(Problem::new(
            GOVERNOR,
            values.origin(GOVERNOR),
            "is off, with which the bot runs on a local Discord only",
            "Take it out, unless the bot is started with --local.",
        ));
    }
}

fn folder(values: &Values, warnings: &mut Vec<Problem>) {
    const FOLDER: &str = "database.base_path";
    let Some(path) = values.get(FOLDER).and_then(Value::as_str) else { return };
    let part = if path == "~" || path.starts_with("~/") || path.starts_with("~\\") {
        Some("~")
    } else {
        variable(path)
    };
    if let Some(part) = part {
        warnings.push(Problem::new(
            FOLDER,
            values.origin(FOLDER),
            format!(
                "holds {}, which nobody replaces: it is the name of a folder here",
                crate::shape::clean(part, 40)
            ),
            "Write the whole path; one that begins with no / is seen from where the bot is started.",
        ));
    }
}

/// A variable as a shell would replace it: `$NAME`, `${NAME}`, `%NAME%`.
fn variable(path: &str) -> Option<&str> {
    let name = |text: &str| text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    path.match_indices(['$', '%']).find_map(|(at, sign)| {
        let braces = path[at + 1..].starts_with('{');
        let from = at + 1 + usize::from(braces);
        let end = from + name(&path[from..]);
        let closing = match (sign, braces) {
            ("%", _) => "%",
            (_, true) => "}",
            _ => "",
        };
        let whole = end > from && path[end..].starts_with(closing);
        whole.then(|| &path[at..end + closing.len()])
    })
}

/// A token in a text that the bot shows or writes would be everybody's.
fn secrets(values: &Values, problems: &mut Vec<Problem>) {
    for setting in settings().filter(|setting| !setting.secret) {
        let text = values.get(setting.key).map(Value::to_string).unwrap_or_default();
        if *masked(&text) != *text {
            problems.push(Problem::new(
                setting.name(),
                values.origin(setting.key),
                "holds what looks like a token",
                "Take it out. The bot's token belongs into DISCORD_TOKEN alone; whoever may have read it here can be \
                 the bot until it is reset in Discord's developer portal.",
            ));
        }
    }
}

fn headers(values: &Values, warnings: &mut Vec<Problem>) {
    const HEADERS: &str = "COGWRIGHT_OTLP_HEADERS";
    if !values.get("telemetry.headers").is_some_and(Value::is_string) {
        return;
    }
    let mut warn = |what: &str, remedy: &str| {
        warnings.push(Problem::new(HEADERS, values.origin("telemetry.headers"), what, remedy));
    };
    match values.get("telemetry.otlp").and_then(Value::as_str) {
        None => warn("is set, but telemetry.otlp is not: nothing is sent", "Set both, or neither."),
        Some(url) => {
            let host = url.strip_prefix("http://").map(|rest| rest.split('/').next().unwrap_or_default());
            let here = |host: &str| {
                // What follows the last colon of a bare `[::1]` is no port.
                let name = host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']'));
                let name = name.map_or(host, |(name, _)| name).trim_matches(['[', ']']);
                name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
            };
            if host.is_some_and(|host| !here(host)) {
                warn(
                    "is sent to another machine in plain text, since telemetry.otlp begins with http://",
                    "Use https://, or a collector on this machine.",
                );
            }
        }
    }
}
