//! OAuth2's routes: what each kind of token opens, what is refused with which words, and that no secret is written
//! down anywhere.

use std::borrow::Borrow;

use axum::{
    body::Body,
    http::{Request, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use cogwright_sim_world::{
    UserId, monetization,
    oauth2::{AnswerLink, TOKEN_LIFE},
    permissions as p,
    places::operator,
};
use serde_json::{Value, json};

use super::{Answer, Line, run, text, try_run};
use crate::{
    RateLimitMode, Settings, SimConfig,
    rest::table::{Access, Scopes, TABLE},
};

const BACK: &str = "https://dashboard.example/back";
const FORM: &str = "application/x-www-form-urlencoded";
/// Every scope that a person can be asked for, but for the bot's.
const ALL: &str = "identify email guilds guilds.join guilds.members.read connections role_connections.write openid \
    applications.commands.permissions.update";

/// The default world, whose bot is a dashboard too.
struct Desk<L: Borrow<Line>> {
    line: L,
    secret: String,
}

impl Desk<Line> {
    fn new() -> Self {
        Self::with(Line::new(RateLimitMode::Off))
    }
}

impl<L: Borrow<Line>> Desk<L> {
    fn with(line: L) -> Self {
        let (sim, application) = (&line.borrow().sim, line.borrow().ids.application);
        let body = json!({ "redirect_uris": [BACK] });
        sim.apply(operator::PatchApplication { application, body }).expect("is allowed");
        let secret = sim.apply(operator::NewClientSecret { application }).expect("is allowed");
        Self { line, secret }
    }

    fn line(&self) -> &Line {
        self.line.borrow()
    }

    fn person(&self, name: &str) -> UserId {
        self.line().sim.read(|world, _| world.users().find(|u| u.username == name).expect("is there").id)
    }

    fn answer(&self, user: UserId, scopes: &str) -> AnswerLink {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let client = self.line().ids.application.to_string();
        let parameters = vec![
            pair("client_id", &client),
            pair("response_type", "code"),
            pair("scope", scopes),
            pair("redirect_uri", BACK),
        ];
        AnswerLink { user, parameters, agree: true, guild: None, permissions: None }
    }

    fn code(&self, user: UserId, scopes: &str) -> String {
        let answered = self.line().sim.apply(self.answer(user, scopes)).expect("is allowed");
        let location = answered.location.expect("somewhere");
        location.split_once("code=").expect("a code").1.split('&').next().expect("a code").to_owned()
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v10{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.line().send(request.body(body.into()).expect("a request")).await
    }

    fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.line().ids.application, self.secret)))
    }

    async fn token(&self, form: String) -> Answer {
        let headers = [("content-type", FORM), ("authorization", &self.basic())];
        self.send("POST", "/oauth2/token", &headers, form).await
    }

    /// A token answer for a person and these scopes.
    async fn login(&self, user: UserId, scopes: &str) -> Value {
        let code = self.code(user, scopes);
        let answer =
            self.token(format!("grant_type=authorization_code&code={code}&redirect_uri={BACK}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// The header for a person and these scopes.
    async fn bearer(&self, user: UserId, scopes: &str) -> String {
        format!("Bearer {}", text(&self.login(user, scopes).await, "access_token"))
    }

    async fn call(&self, bearer: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut headers = vec![("authorization", bearer)];
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        self.send(method, path, &headers, body.map_or_else(Body::empty, |b| Body::from(b.to_string()))).await
    }
}

/// Does what a row of the page of limits is about, `n` of it, if it is about OAuth2.
pub(super) async fn probe(line: &Line, row: &str, n: u64) -> Option<Answer> {
    let (app, guild) = (line.ids.application, line.ids.guild);
    let person = || {
        let made = line.sim.apply(operator::CreateUser { body: json!({ "username": "somebody" }) });
        text(&made.expect("is allowed"), "id").parse::<UserId>().expect("an id")
    };
    Some(match row {
        "guilds of a person whom a bot lets in" => {
            let user = person();
            for _ in 1..n {
                let body = json!({ "name": "many", "owner": user });
                line.sim.apply(operator::CreateGuild { body }).expect("is allowed");
            }
            let token = text(&Desk::with(line).login(user, "guilds.join").await, "access_token");
            let body = Some(json!({ "access_token": token }));
            line.call("PUT", &format!("/guilds/{guild}/members/{user}"), body).await
        }
        "permissions of a command in a guild" => {
            let made = line
                .call(
                    "POST",
                    &format!("/applications/{app}/commands"),
                    Some(json!({ "name": "x", "description": "d" })),
                )
                .await;
            let mut permissions = Vec::new();
            for _ in 0..n {
                let user = person();
                line.sim
                    .apply(operator::AddMember { guild, body: json!({ "user": user }) })
                    .expect("is allowed");
                permissions.push(json!({ "id": user, "type": 2, "permission": true }));
            }
            let desk = Desk::with(line);
            let bearer = desk.bearer(line.ids.user, "applications.commands.permissions.update").await;
            let path = format!(
                "/applications/{app}/guilds/{guild}/commands/{}/permissions",
                text(&made.json(), "id")
            );
            desk.call(&bearer, "PUT", &path, Some(json!({ "permissions": permissions }))).await
        }
        "role connection records of an application" => {
            let record =
                |i: u64| json!({ "type": 1, "key": format!("k{i}"), "name": "n", "description": "d" });
            let records: Vec<Value> = (0..n).map(record).collect();
            let path = format!("/applications/{app}/role-connections/metadata");
            line.call("PUT", &path, Some(json!(records))).await
        }
        _ => return None,
    })
}

#[tokio::test]
async fn case_39_only_a_form_is_read_and_errors_are_rfc_6749_s() {
    let desk = Desk::new();
    let id = desk.line.ids.application;
    let robin = desk.line.ids.user;
    let code = desk.code(robin, "identify");
    let json_body = json!({ "grant_type": "authorization_code", "code": code, "redirect_uri": BACK });
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
        for path in ["/oauth2/token", "/oauth2/token/revoke"] {
            let headers = [("content-type", kind), ("authorization", &desk.basic())];
            let answer = desk.send("POST", path, &headers, json_body.to_string()).await;
            assert_eq!(
                (answer.status, &answer.json()["error"]),
                (400, &json!("unsupported_grant_type")),
                "{kind}"
            );
            assert!(answer.json()["error_description"].as_str().is_some_and(|d| d.contains(FORM)));
        }
    }
    // Nothing in the address counts.
    let path = format!("/oauth2/token?grant_type=client_credentials&scope=identify&client_id={id}");
    let answer = desk.send("POST", &path, &[("content-type", FORM)], "").await;
    assert_eq!(answer.json()["error"], "unsupported_grant_type");

    let form = |more: &str| format!("grant_type=authorization_code{more}");
    let refused = async |answer: Answer| (answer.status, text(&answer.json(), "error"));
    let wrong = desk.token(form("&code=x")).await;
    assert_eq!(wrong.json()["error_description"], "Invalid \"code\" in request.");
    assert_eq!(refused(wrong).await, (400, "invalid_grant".into()));
    assert_eq!(refused(desk.token(form("")).await).await, (400, "invalid_request".into()));
    let bare = desk.send("POST", "/oauth2/token", &[("content-type", FORM)], form("&code=x")).await;
    assert_eq!(bare.json(), json!({ "error": "invalid_client" }));
    assert_eq!(bare.status, 401);

    let type_with_charset = "application/x-www-form-urlencoded; charset=utf-8";
    let body = format!(
        "{}&client_id={id}&client_secret={}",
        form(&format!("&code={code}&redirect_uri=https%3A%2F%2Fdashboard.example%2Fback")),
        desk.secret
    );
    let answer = desk.send("POST", "/oauth2/token", &[("content-type", type_with_charset)], body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let first = answer.json();
    assert_eq!((&first["expires_in"], &first["token_type"]), (&json!(604_800), &json!("Bearer")));

    let refresh = format!("grant_type=refresh_token&refresh_token={}", text(&first, "refresh_token"));
    let second = desk.token(refresh.clone()).await.json();
    assert_eq!(desk.token(refresh).await.json()["error"], "invalid_grant");
    let bearer = format!("Bearer {}", text(&second, "access_token"));
    assert_eq!(desk.call(&bearer, "GET", "/users/@me", None).await.json()["id"], robin.to_string());
    let headers = [("content-type", FORM), ("authorization", &desk.basic())];
    let answer = desk.send("POST", "/oauth2/token/revoke", &headers, "").await;
    assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("invalid_request")));
    let form = format!("token={}&token_type_hint=access_token", text(&second, "access_token"));
    let answer = desk.send("POST", "/oauth2/token/revoke", &headers, form.clone()).await;
    assert_eq!((answer.status, answer.json()), (200, json!({})));
    assert_eq!(desk.call(&bearer, "GET", "/users/@me", None).await.code(), (401, 0));
    let answer = desk.send("POST", "/oauth2/token/revoke", &headers, form).await;
    assert_eq!(answer.status, 200, "what is no token any more is no error");
    assert_eq!(desk.send("GET", "/oauth2/token", &[], "").await.status, 405);
}

#[tokio::test]
async fn each_scope_opens_its_routes_and_no_other() {
    let desk = Desk::new();
    let (app, guild, mika) = (desk.line.ids.application, desk.line.ids.guild, desk.person("mika"));
    let made = desk
        .line
        .call(
            "POST",
            &format!("/applications/{app}/commands"),
            Some(json!({ "name": "x", "description": "d" })),
        )
        .await;
    let command = text(&made.json(), "id");
    let permissions = format!("/applications/{app}/guilds/{guild}/commands/{command}/permissions");
    let connection = format!("/users/@me/applications/{app}/role-connection");
    let routes: Vec<(&str, &str, String)> = vec![
        ("identify", "GET", "/users/@me".into()),
        ("guilds", "GET", "/users/@me/guilds".into()),
        ("guilds.members.read", "GET", format!("/users/@me/guilds/{guild}/member")),
        ("connections", "GET", "/users/@me/connections".into()),
        ("openid", "GET", "/oauth2/userinfo".into()),
        ("role_connections.write", "GET", connection.clone()),
        ("role_connections.write", "PUT", connection.clone()),
        ("role_connections.write", "DELETE", connection),
        (
            "applications.commands.permissions.update",
            "GET",
            format!("/applications/{app}/guilds/{guild}/commands/permissions"),
        ),
        ("applications.commands.permissions.update", "PUT", permissions),
    ];
    let robin = desk.line.ids.user;
    for scope in [
        "identify",
        "guilds",
        "guilds.members.read",
        "connections",
        "openid",
        "role_connections.write",
        "applications.commands.permissions.update",
        "email",
        "guilds.join",
    ] {
        let bearer = desk.bearer(robin, scope).await;
        for (needed, method, path) in &routes {
            let body = match *method {
                "PUT" if path.ends_with("permissions") => Some(json!({ "permissions": [] })),
                "PUT" => Some(json!({ "platform_name": "x" })),
                _ => None,
            };
            let answer = desk.call(&bearer, method, path, body).await;
            if scope == *needed {
                assert!(answer.status < 300, "{scope}: {method} {path}: {answer:?}");
            } else {
                assert_eq!(answer.code(), (403, 50026), "{scope}: {method} {path}");
            }
        }
        // Any token tells of itself; none is a bot's.
        let own = desk.call(&bearer, "GET", "/oauth2/@me", None).await.json();
        assert_eq!((&own["scopes"], own.get("user").is_some()), (&json!([scope]), scope == "identify"));
        for path in [
            "/gateway/bot",
            "/applications/@me",
            &format!("/guilds/{guild}"),
            &format!("/guilds/{guild}/channels"),
        ] {
            assert_eq!(desk.call(&bearer, "GET", path, None).await.code(), (401, 0), "{path}");
        }
        let hello = Some(json!({ "content": "hello" }));
        let path = format!("/channels/{}/messages", desk.line.ids.channel);
        assert_eq!(desk.call(&bearer, "POST", &path, hello).await.code(), (401, 0));
    }
    let bearer = desk.bearer(mika, ALL).await;
    for bad in
        ["Bearer", "Bearer ", "Bearer nonsense", "bearer x", &bearer.replace("Bearer", "Bot"), &bearer[7..]]
    {
        assert_eq!(desk.call(bad, "GET", "/users/@me", None).await.code(), (401, 0), "{bad}");
    }
    let lower = bearer.replace("Bearer", "bearer");
    assert_eq!(desk.call(&lower, "GET", "/users/@me", None).await.json()["email"], "mika@example.org");
    desk.line.sim.clock().advance(TOKEN_LIFE);
    assert_eq!(desk.call(&bearer, "GET", "/users/@me", None).await.code(), (401, 0), "it has expired");
}

#[tokio::test]
async fn a_dashboard_reads_its_person_and_their_guilds() {
    let desk = Desk::new();
    let (robin, guild) = (desk.line.ids.user, desk.line.ids.guild);
    let bearer = desk.bearer(robin, ALL).await;
    let guilds = desk.call(&bearer, "GET", "/users/@me/guilds?with_counts=true", None).await.json();
    assert_eq!((&guilds[0]["id"], &guilds[0]["owner"]), (&json!(guild), &json!(true)));
    assert_eq!(guilds[0]["approximate_member_count"], 5);
    let member = desk.call(&bearer, "GET", &format!("/users/@me/guilds/{guild}/member"), None).await.json();
    assert_eq!(member["user"]["id"], robin.to_string());
    let elsewhere = desk.call(&bearer, "GET", "/users/@me/guilds/1/member", None).await;
    assert_eq!(elsewhere.code(), (404, 10004));
    assert_eq!(desk.call(&bearer, "GET", "/users/@me/connections", None).await.json(), json!([]));
    let info = desk.call(&bearer, "GET", "/oauth2/userinfo", None).await.json();
    assert_eq!((&info["sub"], &info["email"]), (&json!(robin), &json!("robin@example.org")));
    assert_eq!(run(&desk.line, "get_public_keys", &[], None).await, json!({ "keys": [] }));
    // What the person has of the application.
    let application = desk.line.ids.application;
    let body = json!({ "name": "Gold", "type": 2 });
    let sku = desk.line.sim.apply(monetization::CreateSku { application, body }).expect("is allowed");
    let body = json!({ "sku_id": sku["id"], "owner_id": robin, "owner_type": 2 });
    run(&desk.line, "create_entitlement", &[&application.to_string()], Some(body)).await;
    let path = format!("/users/@me/applications/{application}/entitlements");
    let theirs = desk.call(&bearer, "GET", &path, None).await.json();
    assert_eq!(theirs[0]["sku_id"], sku["id"]);
    // The same routes with the bot's own token.
    let own = desk.line.get("/users/@me").await.json();
    assert_eq!((&own["id"], &own["email"]), (&json!(desk.line.ids.application), &Value::Null));
    assert_eq!(desk.line.get("/users/@me/connections").await.json(), json!([]));
    let operations =
        ["get_my_guild_member", "get_application_user_role_connection", "get_my_oauth2_authorization"];
    for operation in operations {
        let answer = try_run(&desk.line, operation, &[&guild.to_string()], None).await;
        assert_eq!(answer.code(), (403, 20001), "{operation}");
    }
}

#[tokio::test]
async fn case_42_a_bot_s_token_sets_no_command_permissions_a_person_s_does() {
    let desk = Desk::new();
    let (app, guild) = (desk.line.ids.application.to_string(), desk.line.ids.guild.to_string());
    let body = json!({ "name": "x", "description": "d", "default_member_permissions": "0" });
    let made = run(&desk.line, "create_application_command", &[&app], Some(body)).await;
    let command = text(&made, "id");
    let noor = desk.person("noor");
    let list = json!({ "permissions": [{ "id": noor, "type": 2, "permission": true }] });
    let set = "set_guild_application_command_permissions";
    let by_bot = try_run(&desk.line, set, &[&app, &guild, &command], Some(list.clone())).await;
    assert_eq!(by_bot.code(), (403, 20001));
    let path = format!("/applications/{app}/guilds/{guild}/commands/{command}/permissions");
    let bearer = desk.bearer(desk.line.ids.user, "applications.commands.permissions.update").await;
    let answer = desk.call(&bearer, "PUT", &path, Some(list)).await;
    assert_eq!((answer.status, &answer.json()["permissions"][0]["id"]), (200, &json!(noor)));
    let read =
        run(&desk.line, "get_guild_application_command_permissions", &[&app, &guild, &command], None).await;
    assert_eq!(read, answer.json());
    let all = run(&desk.line, "list_guild_application_command_permissions", &[&app, &guild], None).await;
    assert_eq!(all, json!([read]));
    let theirs = desk.bearer(noor, "applications.commands.permissions.update").await;
    let answer = desk.call(&theirs, "PUT", &path, Some(json!({ "permissions": [] }))).await;
    assert_eq!(answer.code(), (403, 50013));
    let deep = Some(json!({ "permissions": [[[[]]]] }));
    assert_eq!(desk.call(&bearer, "PUT", &path, deep).await.code(), (400, 50035));
    // The application's own commands by its own token.
    let token =
        desk.token("grant_type=client_credentials&scope=applications.commands.update".into()).await.json();
    let own = format!("Bearer {}", text(&token, "access_token"));
    let path = format!("/applications/{app}/commands");
    let put = desk.call(&own, "PUT", &path, Some(json!([{ "name": "y", "description": "d" }]))).await;
    assert_eq!((put.status, &put.json()[0]["name"]), (200, &json!("y")));
    let other = desk.call(&own, "GET", "/applications/1/commands", None).await;
    assert_eq!(other.code(), (403, 20012));
    assert_eq!(desk.call(&own, "GET", "/users/@me", None).await.code(), (403, 50026));
}

#[tokio::test]
async fn a_bot_lets_in_whose_token_it_has() {
    let desk = Desk::new();
    let (sim, guild, noor) = (&desk.line.sim, desk.line.ids.guild, desk.person("noor"));
    let add = async |user: UserId, body: Value| {
        try_run(&desk.line, "add_guild_member", &[&guild.to_string(), &user.to_string()], Some(body)).await
    };
    let token = async |user, scopes| text(&desk.login(user, scopes).await, "access_token");
    let noors = token(noor, "guilds.join").await;
    assert_eq!(add(noor, json!({ "access_token": noors })).await.status, 204, "there already");
    sim.apply(operator::RemoveMember { guild, user: noor }).expect("is allowed");
    let mikas = token(desk.person("mika"), "guilds.join").await;
    for (body, code) in [
        (json!({}), (400, 50035)),
        (json!({ "access_token": 5 }), (400, 50035)),
        (json!({ "access_token": "nonsense" }), (403, 50025)),
        (json!({ "access_token": mikas }), (403, 50025)),
        (json!({ "access_token": token(noor, "identify").await }), (403, 50026)),
        (json!({ "access_token": noors, "roles": ["1"] }), (400, 50035)),
        (json!({ "access_token": noors, "nick": "x".repeat(33) }), (400, 50035)),
    ] {
        assert_eq!(add(noor, body.clone()).await.code(), code, "{body}");
    }
    let roles = run(&desk.line, "list_guild_roles", &[&guild.to_string()], None).await;
    let role =
        |name: &str| roles.as_array().unwrap().iter().find(|r| r["name"] == name).unwrap()["id"].clone();
    let above = add(noor, json!({ "access_token": noors, "roles": [role("Moderator")] })).await;
    assert_eq!(above.code(), (403, 50013));
    let body = json!({ "access_token": noors, "nick": "Hi", "roles": [role("Regular")], "mute": true });
    let answer = add(noor, body).await;
    assert_eq!((answer.status, &answer.json()["nick"]), (201, &json!("Hi")));
    assert_eq!(answer.json()["roles"], json!([role("Regular")]));
    assert_eq!((&answer.json()["mute"], &answer.json()["deaf"]), (&json!(true), &json!(false)));
    // Each of the settings needs what it needs otherwise.
    let leave = || sim.apply(operator::RemoveMember { guild, user: noor }).expect("is allowed");
    leave();
    let body = json!({ "name": "Doorman", "guilds": [guild], "permissions": "1" });
    let doorman = sim.apply(operator::CreateApplication { body }).expect("is allowed");
    let body = json!({ "redirect_uris": [BACK] });
    let application = text(&doorman["application"], "id").parse().expect("an id");
    sim.apply(operator::PatchApplication { application, body }).expect("is allowed");
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let parameters = vec![
        pair("client_id", &application.to_string()),
        pair("response_type", "token"),
        pair("scope", "guilds.join"),
        pair("redirect_uri", BACK),
    ];
    let agreed = AnswerLink { user: noor, parameters, agree: true, guild: None, permissions: None };
    let location = sim.apply(agreed).expect("is allowed").location.expect("somewhere");
    let own = location.split_once("access_token=").expect("a token").1.split('&').next().expect("a token");
    let path = format!("/guilds/{guild}/members/{noor}");
    let bot = format!("Bot {}", text(&doorman, "token"));
    for (key, value, bits) in [
        ("nick", json!("x"), p::MANAGE_NICKNAMES),
        ("roles", json!([]), p::MANAGE_ROLES),
        ("mute", json!(true), p::MUTE_MEMBERS),
        ("deaf", json!(true), p::DEAFEN_MEMBERS),
    ] {
        let body = Some(json!({ "access_token": own, key: value }));
        let may = |bits: u64| {
            let body = json!({ "permissions": bits.to_string() });
            sim.apply(operator::PatchApplication { application, body }).expect("is allowed");
        };
        may(p::ALL & !p::ADMINISTRATOR & !bits);
        assert_eq!(desk.call(&bot, "PUT", &path, body.clone()).await.code(), (403, 50013), "{key}");
        may(p::CREATE_INSTANT_INVITE | bits);
        let answer = desk.call(&bot, "PUT", &path, body).await;
        assert_eq!((answer.status, &answer.json()["deaf"]), (201, &json!(key == "deaf")), "{key}");
        leave();
    }
    add(noor, json!({ "access_token": noors })).await;

    run(&desk.line, "ban_user_from_guild", &[&guild.to_string(), &noor.to_string()], Some(json!({}))).await;
    assert_eq!(add(noor, json!({ "access_token": noors })).await.code(), (403, 40007), "banned");

    // Another application's bot cannot use the token, nor one that may not invite.
    let body = json!({ "name": "Other", "guilds": [guild], "permissions": "1" });
    let other = sim.apply(operator::CreateApplication { body }).expect("is allowed");
    let path = format!("/guilds/{guild}/members/{noor}");
    let bot = format!("Bot {}", text(&other, "token"));
    let body = Some(json!({ "access_token": noors }));
    assert_eq!(desk.call(&bot, "PUT", &path, body.clone()).await.code(), (403, 50025));
    let application = text(&other["application"], "id").parse().expect("an id");
    let none = json!({ "permissions": "0" });
    sim.apply(operator::PatchApplication { application, body: none.clone() }).expect("is allowed");
    let everyone = operator::PatchRole { guild, role: guild.into(), body: none };
    sim.apply(everyone).expect("is allowed");
    assert_eq!(desk.call(&bot, "PUT", &path, body).await.code(), (403, 50013));
}

#[tokio::test]
async fn role_connections_hold_to_the_application_s_records() {
    let desk = Desk::new();
    let app = desk.line.ids.application.to_string();
    let (get, put) =
        ("get_application_role_connections_metadata", "update_application_role_connections_metadata");
    assert_eq!(run(&desk.line, get, &[&app], None).await, json!([]));
    let record = |kind: u8, key: &str| json!({ "type": kind, "key": key, "name": "n", "description": "d" });
    let records = json!([record(2, "level"), record(6, "since"), record(7, "verified")]);
    assert_eq!(run(&desk.line, put, &[&app], Some(records.clone())).await, records);
    assert_eq!(run(&desk.line, get, &[&app], None).await, records);
    assert_eq!(try_run(&desk.line, get, &["1"], None).await.code(), (403, 20012));
    for (bad, at) in [
        (json!({}), ""),
        (json!([record(9, "x")]), "0.type"),
        (json!([record(0, "x")]), "0.type"),
        (json!([{ "type": 1, "key": "x".repeat(51), "name": "n", "description": "d" }]), "0.key"),
        (json!([{ "type": 1, "key": "x", "name": "n".repeat(101), "description": "d" }]), "0.name"),
        (json!([{ "type": 1, "key": "x", "name": "n", "description": "d".repeat(201) }]), "0.description"),
        (
            json!([{ "type": 1, "key": "x", "name": "n", "description": "d", "name_localizations": [] }]),
            "0.name_localizations",
        ),
        (json!([record(1, "Not lower")]), "0.key"),
        (json!([record(1, "")]), "0.key"),
        (json!([{}]), "0.name"),
        (json!([record(1, "x"), record(1, "x")]), "1.key"),
        (json!(vec![record(1, "x"); 6]), ""),
    ] {
        let answer = try_run(&desk.line, put, &[&app], Some(bad.clone())).await;
        assert_eq!(answer.code(), (400, 50035), "{bad}");
        let errors = answer.json()["errors"].clone();
        let node = at.split('.').filter(|k| !k.is_empty()).fold(&errors, |node, key| &node[key]);
        assert!(node["_errors"][0]["code"].is_string(), "{bad}: {errors}");
    }
    assert_eq!(run(&desk.line, get, &[&app], None).await, records, "a refused list changes nothing");
    let mut more = records.clone();
    more[0]["name_localizations"] = json!({ "de": "Stufe" });
    more[0]["description_localizations"] = json!({ "de": "Wie weit" });
    assert_eq!(run(&desk.line, put, &[&app], Some(more.clone())).await, more);

    let bearer = desk.bearer(desk.person("noor"), "role_connections.write identify").await;
    let path = format!("/users/@me/applications/{app}/role-connection");
    let empty = json!({ "platform_username": null, "metadata": {} });
    assert_eq!(desk.call(&bearer, "GET", &path, None).await.json(), empty);
    let whole = json!({
        "platform_name": "Forum", "platform_username": "noor",
        "metadata": { "level": "7", "since": "2026-01-02", "verified": "1" },
    });
    let answer = desk.call(&bearer, "PUT", &path, Some(whole.clone())).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let stored = desk.call(&bearer, "GET", &path, None).await.json();
    for key in ["platform_name", "platform_username", "metadata"] {
        assert_eq!(stored[key], whole[key]);
    }
    let longest = "x".repeat(50);
    assert_eq!(desk.call(&bearer, "PUT", &path, Some(json!({ "platform_name": longest }))).await.status, 200);
    let replaced = desk.call(&bearer, "GET", &path, None).await.json();
    assert_eq!(replaced, json!({ "platform_username": null, "metadata": {}, "platform_name": longest }));
    for (bad, at) in [
        (json!({ "platform_name": "x".repeat(51) }), "platform_name"),
        (json!({ "platform_username": "x".repeat(101) }), "platform_username"),
        (json!({ "metadata": [] }), "metadata"),
        (json!({ "metadata": { "unknown": "1" } }), "metadata.unknown"),
        (json!({ "metadata": { "level": "many" } }), "metadata.level"),
        (json!({ "metadata": { "since": "soon" } }), "metadata.since"),
        (json!({ "metadata": { "since": "äääääää" } }), "metadata.since"),
        (json!({ "metadata": { "verified": "2" } }), "metadata.verified"),
        (json!({ "metadata": { "level": {} } }), "metadata.level"),
    ] {
        let answer = desk.call(&bearer, "PUT", &path, Some(bad.clone())).await;
        assert_eq!(answer.code(), (400, 50035), "{bad}");
        let errors = answer.json()["errors"].clone();
        let node = at.split('.').fold(&errors, |node, key| &node[key]);
        assert!(node["_errors"][0]["code"].is_string(), "{bad}: {errors}");
    }
    assert_eq!(desk.call(&bearer, "DELETE", &path, None).await.status, 204);
    assert_eq!(desk.call(&bearer, "GET", &path, None).await.json(), empty);
    let foreign = desk.call(&bearer, "GET", "/users/@me/applications/1/role-connection", None).await;
    assert_eq!(foreign.code(), (403, 20012));
}

#[tokio::test]
async fn a_link_below_the_api_leads_to_the_page() {
    let desk = Desk::new();
    for prefix in ["/api", "/api/v10", "/api/v9"] {
        let uri = format!(
            "{prefix}/oauth2/authorize?client_id=1&scope=bot%20identify&state=a%0d%0aSet-Cookie:x&x=ö"
        );
        let answer = desk.line.send(Request::get(uri).body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, 302);
        let location = answer.header(header::LOCATION.as_str()).expect("somewhere");
        assert!(
            location.starts_with("/oauth2/authorize?client%5Fid=1&scope=bot%20identify&state=a%0D%0ASet")
        );
        assert!(!location.contains([' ', '\r', '\n']));
    }
}

#[tokio::test]
async fn no_secret_is_written_down() {
    let settings = Settings { journal_bodies: true, ..Settings::default() };
    let desk = Desk::with(Line::with(RateLimitMode::Off, SimConfig { settings, ..SimConfig::default() }));
    let robin = desk.line.ids.user;
    let code = desk.code(robin, "identify guilds.join");
    let id = desk.line.ids.application;
    let form = format!(
        "grant_type=authorization_code&code={code}&redirect_uri={BACK}&client_id={id}&client_secret={}",
        desk.secret
    );
    let token = desk.send("POST", "/oauth2/token", &[("content-type", FORM)], form).await.json();
    let (access, refresh) = (text(&token, "access_token"), text(&token, "refresh_token"));
    desk.call(&format!("Bearer {access}"), "GET", "/users/@me", None).await;
    let guild = desk.line.ids.guild.to_string();
    let body = json!({ "access_token": access });
    run(&desk.line, "add_guild_member", &[&guild, &robin.to_string()], Some(body)).await;
    let next = desk.token(format!("grant_type=refresh_token&refresh_token={refresh}")).await.json();
    let last = text(&next, "access_token");
    let headers = [("content-type", FORM), ("authorization", &desk.basic())];
    desk.send("POST", "/oauth2/token/revoke", &headers, format!("token={last}")).await;
    let (entries, ..) = desk.line.sim.journal().query(0, usize::MAX, |_| true);
    let written = serde_json::to_string(&entries).expect("serialises");
    assert!(written.contains("grant_type") && written.contains("[masked]"), "{written}");
    for secret in [&code, &desk.secret, &access, &refresh, &last, &text(&next, "refresh_token")] {
        assert!(!written.contains(secret.as_str()), "{secret} in {written}");
    }
}

#[test]
fn the_table_knows_which_scopes_open_what() {
    let of = |id: &str| TABLE.operations().iter().find(|o| o.id == id).expect("is there");
    assert_eq!(of("get_my_oauth2_authorization").scopes, Scopes::Any);
    assert_eq!(of("list_guild_channels").scopes, Scopes::None);
    assert_eq!(of("exchange_token").access, Access::Client);
    // Known to Discord, of no use here: opens nothing.
    assert_eq!(of("get_entitlements").scopes, Scopes::OneOf(Vec::new()));
    for operation in TABLE.operations().iter().filter(|o| o.access == Access::Bearer) {
        assert_ne!(operation.scopes, Scopes::None, "{}: nobody could call it", operation.id);
    }
}
