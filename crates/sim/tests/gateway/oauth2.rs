//! A dashboard's login and a bot's invite, as scripts of HTTP calls beside gateway connections that hear of it.

use cogwright_sim_world::intents;
use serde_json::{Value, json};

use crate::stage::{ALL, Stage};

const BACK: &str = "http://127.0.0.1:3000/back";

/// An application with an address to come back to: id, token, secret.
struct App {
    id: String,
    token: String,
    secret: String,
}

async fn app(stage: &Stage) -> App {
    let body = json!({
        "name": "Dashboard", "owner": stage.ids.user, "redirect_uris": [BACK],
        "privileged_intents": ["presence", "members", "message_content"],
    });
    let made = stage.post("/world/applications", body).await;
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    App {
        id: text(&made["application"]["id"]),
        token: text(&made["token"]),
        secret: text(&made["client_secret"]),
    }
}

/// The parameters of an address.
fn parameter(location: &str, key: &str) -> Option<String> {
    let url = reqwest::Url::parse(location).expect("an address");
    url.query_pairs().find(|(k, _)| k == key).map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn case_39_a_dashboard_login_from_the_link_to_the_revocation() {
    let stage = Stage::new().await;
    let app = app(&stage).await;
    let http =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let api = format!("{}/v10", stage.sim.addresses().api_base);
    // As a library writes it; below the API it leads to the page.
    let link = format!(
        "{api}/oauth2/authorize?response_type=code&client_id={}&scope=identify%20email%20guilds&state=xyz%26&redirect_uri={}",
        app.id, "http%3A%2F%2F127.0.0.1%3A3000%2Fback",
    );
    let to_page = http.get(&link).send().await.expect("an answer");
    assert_eq!(to_page.status(), 302);
    let page = to_page.headers()["location"].to_str().expect("an address").to_owned();
    assert!(page.starts_with("/oauth2/authorize?"), "{page}");

    let user = stage.ids.user;
    let shown = stage.post("/actor/review_link", json!({ "user": user, "link": page })).await;
    assert_eq!(shown["review"]["application"]["id"], app.id);
    assert_eq!(shown["review"]["scopes"], json!(["identify", "email", "guilds"]));
    let denied =
        stage.post("/actor/answer_link", json!({ "user": user, "link": page, "agree": false })).await;
    let location = denied["location"].as_str().expect("somewhere");
    assert_eq!(parameter(location, "error").as_deref(), Some("access_denied"));
    let agreed = stage.post("/actor/answer_link", json!({ "user": user, "link": page })).await;
    let location = agreed["location"].as_str().expect("somewhere");
    assert!(location.starts_with(&format!("{BACK}?")));
    assert_eq!(parameter(location, "state").as_deref(), Some("xyz&"));
    let code = parameter(location, "code").expect("a code");

    let token_url = format!("{api}/oauth2/token");
    let exchange = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK)];
    let as_json: std::collections::BTreeMap<_, _> = exchange.into_iter().collect();
    let refused = http
        .post(&token_url)
        .basic_auth(&app.id, Some(&app.secret))
        .json(&as_json)
        .send()
        .await
        .expect("one");
    assert_eq!(refused.status(), 400, "JSON is not read");
    let form = async |url: &str, fields: &[(&str, &str)]| {
        let encoded = reqwest::Url::parse_with_params(url, fields).expect("an address");
        let request = http
            .post(url)
            .basic_auth(&app.id, Some(&app.secret))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(encoded.query().unwrap_or_default().to_owned());
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
    };
    let (status, first) = form(&token_url, &exchange).await;
    assert_eq!((status, &first["scope"]), (200, &json!("identify email guilds")));
    assert_eq!(form(&token_url, &exchange).await.1["error"], "invalid_grant");

    let me = async |token: &Value, path: &str| {
        let request =
            http.get(format!("{api}{path}")).bearer_auth(token["access_token"].as_str().expect("one"));
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
    };
    let (status, person) = me(&first, "/users/@me").await;
    assert_eq!((status, &person["id"], &person["email"]), (200, &json!(user), &json!("robin@example.org")));
    assert_eq!(me(&first, "/users/@me/guilds").await.1[0]["id"], stage.ids.guild.to_string());
    assert_eq!(me(&first, "/users/@me/connections").await.1["code"], 50026);
    let (_, own) = me(&first, "/oauth2/@me").await;
    assert_eq!((&own["application"]["id"], &own["user"]["id"]), (&json!(app.id), &json!(user)));

    stage.advance(604_800_000).await;
    assert_eq!(me(&first, "/users/@me").await.0, 401, "after a week of world time");
    let refresh = first["refresh_token"].as_str().expect("one");
    let (status, second) =
        form(&token_url, &[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
    assert_eq!(status, 200, "{second}");
    assert_eq!(me(&second, "/users/@me").await.0, 200);
    let revoked =
        form(&format!("{token_url}/revoke"), &[("token", second["access_token"].as_str().expect("one"))])
            .await;
    assert_eq!(revoked, (200, json!({})));
    assert_eq!(me(&second, "/users/@me").await.0, 401);
}

#[tokio::test]
async fn case_40_an_invited_bot_is_in_the_guild_at_once_and_so_is_its_role() {
    let stage = Stage::new().await;
    let app = app(&stage).await;
    let mut other = stage.bot(ALL).await;
    let mut guest = stage.greeted().await;
    let ready = guest.identify(&app.token, json!({ "intents": ALL })).await;
    assert_eq!(ready["guilds"], json!([]), "in no guild yet");
    let mut quiet = stage.greeted().await;
    stage.advance(5000).await;
    quiet.identify(&app.token, json!({ "intents": ALL & !intents::GUILD_INTEGRATIONS })).await;

    let (guild, user) = (stage.ids.guild.to_string(), stage.ids.user);
    let link =
        format!("/oauth2/authorize?client_id={}&scope=bot%20applications.commands&permissions=8", app.id);
    let noor = stage.control("GET", "/world", Value::Null).await["users"]
        .as_array()
        .and_then(|users| users.iter().find(|u| u["username"] == "noor").cloned())
        .expect("is there");
    let body = json!({ "user": noor["id"], "link": link, "guild": guild });
    let refused = stage.refused("/actor/answer_link", body).await;
    assert_eq!(refused["error"]["discord"]["code"], 50013, "who does not manage the guild");
    let answer =
        stage.post("/actor/answer_link", json!({ "user": user, "link": link, "guild": guild })).await;
    let role = &answer["role"];
    assert_eq!((&role["permissions"], &role["managed"]), (&json!("8"), &json!(true)));

    // The guild comes first, and whole.
    let created = guest.frame().await;
    assert_eq!(created["t"], "GUILD_CREATE");
    let d = &created["d"];
    assert_eq!((&d["id"], d.get("unavailable")), (&json!(guild), None), "joined, not back from an outage");
    assert!(d["roles"].as_array().expect("roles").iter().any(|r| r["id"] == role["id"]));
    let member =
        d["members"].as_array().expect("members").iter().find(|m| m["user"]["id"] == app.id.as_str());
    assert_eq!(member.expect("itself")["roles"], json!([role["id"]]));
    let integration = guest.until("INTEGRATION_CREATE").await;
    assert_eq!(
        (&integration["application"]["id"], &integration["type"]),
        (&json!(app.id), &json!("discord"))
    );
    assert_eq!(integration["guild_id"], guild.as_str());
    assert_eq!(quiet.until("GUILD_CREATE").await["id"], guild.as_str());
    let path = format!("/guilds/{guild}/integrations");
    let (status, list) = stage.rest_with(&app.token, "GET", &path, None).await;
    assert_eq!((status, list.as_array().map(Vec::len)), (200, Some(2)), "{list}");

    let names = other.settled(&stage).await;
    let of = |name: &str| names.iter().filter(|n| *n == name).count();
    assert_eq!(
        [of("GUILD_ROLE_CREATE"), of("GUILD_MEMBER_ADD"), of("INTEGRATION_CREATE")],
        [1, 1, 1],
        "{names:?}"
    );
    assert!(!quiet.settled(&stage).await.contains(&"INTEGRATION_CREATE".to_owned()), "without the intent");

    // What the role allows, the bot may.
    let (status, _) =
        stage.rest_with(&app.token, "POST", &format!("/guilds/{guild}/roles"), Some(json!({}))).await;
    assert_eq!(status, 200);
    let (status, _) = stage.rest("DELETE", &format!("{path}/{}", app.id), None).await;
    assert_eq!(status, 204);
    assert_eq!(guest.until("GUILD_DELETE").await, json!({ "id": guild }));
    let gone = other.until("INTEGRATION_DELETE").await;
    assert_eq!(gone, json!({ "id": app.id, "guild_id": guild, "application_id": app.id }));
}

#[tokio::test]
async fn a_page_from_elsewhere_agrees_to_nothing() {
    let stage = Stage::new().await;
    let app = app(&stage).await;
    let url = format!("{}/actor/answer_link", stage.sim.addresses().control_url);
    let body = json!({
        "user": stage.ids.user, "guild": stage.ids.guild,
        "link": format!("?client_id={}&scope=bot&permissions=8", app.id),
    });
    let http = reqwest::Client::new();
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let answer = http.post(&url).header("Origin", origin).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), 403, "{origin}");
    }
    // What a form of another page can send without being asked first.
    for kind in ["application/x-www-form-urlencoded", "text/plain"] {
        let request = http.post(&url).header("Content-Type", kind).body(body.to_string());
        assert_eq!(request.send().await.expect("an answer").status(), 415, "{kind}");
    }
    let world = stage.control("GET", "/world", Value::Null).await;
    let members = world["guilds"][0]["members"].as_array().expect("members").clone();
    assert!(members.iter().all(|m| m["user"]["id"] != app.id.as_str()));
    // And no page may show ours in a frame, to have it clicked unseen.
    let page =
        http.get(stage.sim.addresses().control_url.replace("/_sim/v1", "/oauth2/authorize?client_id=1"));
    let answer = page.send().await.expect("an answer");
    let policy =
        answer.headers().get("content-security-policy").map(|v| v.to_str().expect("text").to_owned());
    assert!(policy.is_some_and(|p| p.contains("frame-ancestors 'none'")), "{:?}", answer.headers());
}
