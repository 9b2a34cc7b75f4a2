//! Which operations there are, and which one a request means.
//!
//! The table is derived from Discord's OpenAPI document (`cargo xtask gen routes`), with a few operations
//! that only the documentation knows beside it. It is compiled in, so that a known route that is not
//! simulated can be told from one that does not exist.

use std::{collections::HashMap, fmt::Write as _, sync::LazyLock};

use cogwright_sim_world::oauth2::Scope;
use serde::Serialize;

use super::routes::handler;

/// The derived table and the few rows kept by hand.
const SOURCES: [&str; 2] = [include_str!("operations.tsv"), include_str!("extra.tsv")];

/// What an operation asks of the `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Works without; a header is not even looked at.
    Open,
    /// A bot token.
    Bot,
    /// Only an OAuth2 token of a user.
    Bearer,
    /// An OAuth2 client's id and secret, by HTTP Basic or in the form, which is the only body that is read.
    Client,
}

/// Which of people's tokens an operation takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scopes {
    /// None.
    None,
    /// Any.
    Any,
    /// Those with one of these.
    OneOf(Vec<Scope>),
}

impl Scopes {
    /// As the derived table writes them: `-`, `*`, or names. What nothing here simulates opens nothing.
    fn read(text: &str) -> Self {
        match text {
            "-" => Self::None,
            "*" => Self::Any,
            names => Self::OneOf(names.split(' ').filter_map(Scope::named).collect()),
        }
    }
}

/// One operation of the API.
#[derive(Debug)]
pub(crate) struct Operation {
    /// HTTP method.
    pub(crate) method: &'static str,
    /// Path template without version, e.g. `/channels/{channel_id}`.
    pub(crate) path: &'static str,
    /// Operation id of the OpenAPI document.
    pub(crate) id: &'static str,
    /// Who may call it.
    pub(crate) access: Access,
    /// Which of people's tokens it takes.
    pub(crate) scopes: Scopes,
    /// Success codes, as documented.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests hold every answer against it"))]
    pub(crate) success: &'static str,
}

/// A route as `cogwright sim routes` lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Route {
    /// HTTP method.
    pub method: &'static str,
    /// Path template below `/api/v10`.
    pub path: &'static str,
    /// Operation id of Discord's OpenAPI document.
    pub operation: &'static str,
    /// Whether the local Discord simulates it; otherwise it answers 501.
    pub implemented: bool,
}

/// Every REST route that Discord has, in the order of its OpenAPI document, then the documented extras.
pub fn routes() -> Vec<Route> {
    let route = |o: &Operation| Route {
        method: o.method,
        path: o.path,
        operation: o.id,
        implemented: handler(o.id).is_some(),
    };
    TABLE.operations.iter().map(route).collect()
}

/// The parity page of the documentation (Markdown): which routes are simulated and which are not.
pub fn parity_page() -> String {
    let routes = routes();
    let done = routes.iter().filter(|r| r.implemented).count();
    let derived =
        &routes[..SOURCES[0].lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count()];
    let operations = derived.iter().filter(|r| r.implemented).count();
    let mut page = format!(
        "# REST routes: simulated and not\n\n\
         Made by `cogwright sim routes --markdown`; do not edit. {done} of {} routes are simulated, {operations} of \
         the {} operations of Discord's OpenAPI document among them; the others are documented elsewhere. A route \
         that is not simulated answers 501 with a body that names it, never a silent 200.\n",
        routes.len(),
        derived.len()
    );
    let family = |route: &Route| route.path.split('/').nth(1).unwrap_or_default();
    let mut families: Vec<&str> = Vec::new();
    for name in routes.iter().map(family) {
        if !families.contains(&name) {
            families.push(name);
        }
    }
    for name in families {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "\n## {name}\n\n| route | operation | simulated |\n| --- | --- | --- |");
        for route in routes.iter().filter(|r| family(r) == name) {
            let mark = if route.implemented { "yes" } else { &format!("no: {}", reason(route.path)) };
            let _ = writeln!(page, "| `{} {}` | `{}` | {mark} |", route.method, route.path, route.operation);
        }
    }
    page
}

/// Why routes below these paths are not simulated.
const REASONS: [(&str, &str); 7] = [
    ("/lobbies", "lobbies belong to games that use the Social SDK, not to bots"),
    ("/partner-sdk", "accounts of games that use the Social SDK, not of bots"),
    ("/applications/{application_id}/activity-instances", "an activity runs inside Discord's own client"),
    ("/applications/{application_id}/attachment", "an activity runs inside Discord's own client"),
    ("/channels/{channel_id}/recipients", "a bot cannot be in a group DM"),
    ("/skus/{sku_id}/subscriptions", "nobody pays here"),
    ("/guilds/{guild_id}/requests", "people join without applying"),
];

/// Why a route is not simulated.
fn reason(path: &str) -> &'static str {
    let found = REASONS.iter().find(|(prefix, _)| path.starts_with(prefix));
    found.map_or("not yet", |(_, reason)| reason)
}

/// What a method and path mean.
#[derive(Debug)]
pub(crate) enum Found {
    /// This operation, with its path parameters decoded.
    Operation(&'static Operation, Vec<(&'static str, String)>),
    /// The path exists with other methods.
    WrongMethod,
    /// There is no such path.
    Nothing,
}

/// All operations and a tree of their path segments.
#[derive(Debug)]
pub(crate) struct Table {
    operations: Vec<Operation>,
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    literals: HashMap<&'static str, Node>,
    parameter: Option<Box<Node>>,
    /// Operations that end here, as indices.
    here: Vec<usize>,
}

/// The compiled-in table.
pub(crate) static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::new(SOURCES.iter().flat_map(|s| s.lines())));

fn operation(line: &'static str) -> Option<Operation> {
    let mut columns = line.split('\t');
    let (method, path, id) = (columns.next()?, columns.next()?, columns.next()?);
    let access = match columns.next()? {
        "none" => Access::Open,
        "bearer" => Access::Bearer,
        "client" => Access::Client,
        _ => Access::Bot,
    };
    let success = columns.next()?;
    let scopes = Scopes::read(columns.next().unwrap_or("-"));
    Some(Operation { method, path, id, access, scopes, success })
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

impl Table {
    fn new(lines: impl Iterator<Item = &'static str>) -> Self {
        let operations: Vec<Operation> =
            lines.filter(|l| !l.starts_with('#') && !l.is_empty()).filter_map(operation).collect();
        let mut root = Node::default();
        for (index, operation) in operations.iter().enumerate() {
            let mut node = &mut root;
            for segment in operation.path.split('/').skip(1) {
                node = if is_parameter(segment) {
                    node.parameter.get_or_insert_default()
                } else {
                    node.literals.entry(segment).or_default()
                };
            }
            node.here.push(index);
        }
        Self { operations, root }
    }

    /// All operations.
    #[cfg(test)]
    pub(crate) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Finds the operation for a method and the percent-decoded segments of a path below the version.
    /// Literal segments win over parameters, but not with a method the literal path lacks:
    /// `GET /guilds/{guild_id}/members/@me` is the member route, as on Discord.
    pub(crate) fn find(&'static self, method: &str, segments: &[String]) -> Found {
        let mut path_exists = false;
        let Some(index) = self.search(&self.root, method, segments, &mut path_exists) else {
            return if path_exists { Found::WrongMethod } else { Found::Nothing };
        };
        let operation = &self.operations[index];
        let templates = operation.path.split('/').skip(1);
        let parameters = templates
            .zip(segments)
            .filter(|(template, _)| is_parameter(template))
            .map(|(template, value)| (template.trim_matches(['{', '}']), value.clone()))
            .collect();
        Found::Operation(operation, parameters)
    }

    fn search(&self, node: &Node, method: &str, rest: &[String], path_exists: &mut bool) -> Option<usize> {
        let Some((first, rest)) = rest.split_first() else {
            *path_exists |= !node.here.is_empty();
            return node.here.iter().copied().find(|i| self.operations[*i].method == method);
        };
        let literal = node.literals.get(first.as_str());
        let parameter = node.parameter.as_deref().filter(|_| !first.is_empty());
        [literal, parameter].into_iter().flatten().find_map(|n| self.search(n, method, rest, path_exists))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(method: &str, path: &str) -> Found {
        let segments: Vec<String> = path.split('/').skip(1).map(String::from).collect();
        TABLE.find(method, &segments)
    }

    fn id(method: &str, path: &str) -> String {
        match find(method, path) {
            Found::Operation(o, _) => o.id.to_owned(),
            Found::WrongMethod => "405".into(),
            Found::Nothing => "404".into(),
        }
    }

    #[test]
    fn every_operation_is_found_under_its_own_path() {
        assert_eq!(TABLE.operations().len(), 242 + 6);
        for operation in TABLE.operations() {
            let path = operation.path.replace(['{', '}'], "");
            assert_eq!(id(operation.method, &path), operation.id, "{path}");
        }
    }

    #[test]
    fn literals_win_unless_they_lack_the_method() {
        assert_eq!(id("GET", "/users/@me"), "get_my_user");
        assert_eq!(id("GET", "/users/1"), "get_user");
        assert_eq!(id("PATCH", "/guilds/1/members/@me"), "update_my_guild_member");
        assert_eq!(id("GET", "/guilds/1/members/@me"), "get_guild_member");
        assert_eq!(id("PUT", "/channels/1/messages/pins/2"), "create_pin");
        assert_eq!(id("GET", "/channels/1/messages/pins"), "list_pins");
        assert_eq!(id("PATCH", "/webhooks/1/t/messages/@original"), "update_original_webhook_message");
    }

    #[test]
    fn unknown_paths_and_methods_are_told_apart() {
        assert_eq!(id("DELETE", "/gateway"), "405");
        assert_eq!(id("GET", "/nowhere"), "404");
        assert_eq!(id("GET", "/channels"), "404");
        assert_eq!(id("GET", "/channels/"), "404");
        assert_eq!(id("GET", "/channels/1/"), "404");
    }

    #[test]
    fn the_parity_page_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/parity.md");
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(written == parity_page(), "docs/src/parity.md is not current: run `cargo xtask gen parity`");
    }

    #[test]
    fn parameters_carry_their_names() {
        let Found::Operation(_, parameters) = find("GET", "/channels/7/messages/9") else {
            panic!("not found")
        };
        assert_eq!(parameters, [("channel_id", "7".to_owned()), ("message_id", "9".to_owned())]);
    }
}
