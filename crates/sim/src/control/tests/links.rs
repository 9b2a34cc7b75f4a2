//! Invites, webhooks and followed channels in the playground.

use serde_json::{Value, json};

use super::{call, message, sim};
use crate::Sim;

fn user(sim: &Sim, name: &str) -> Value {
    json!(sim.read(|world, _| world.users().find(|u| u.username == name).map(|u| u.id)))
}

async fn act(sim: &Sim, function: &str, body: Value) -> Value {
    let (status, answer) = call(sim, "POST", &format!("/actor/{function}"), body).await;
    assert_eq!(status.as_u16(), 200, "{function}: {answer}");
    answer
}

async fn refused(sim: &Sim, function: &str, body: Value) -> Value {
    let (_, answer) = call(sim, "POST", &format!("/actor/{function}"), body).await;
    answer["error"]["discord"]["code"].clone()
}

async fn view(sim: &Sim, user: &Value, what: &str) -> Value {
    let guild = sim.read(|world, _| world.default_ids()).unwrap().guild;
    let path = format!("/view/{}/guilds/{guild}/{what}", user.as_str().unwrap());
    call(sim, "GET", &path, Value::Null).await.1
}

#[tokio::test]
async fn a_person_invites_and_another_joins_by_the_link() {
    let sim = sim();
    let ids = sim.read(|world, _| world.default_ids()).unwrap();
    let (robin, noor) = (user(&sim, "robin"), user(&sim, "noor"));
    let (_, stranger) = call(&sim, "POST", "/world/users", json!({ "username": "stranger" })).await;
    let body = json!({ "user": robin, "channel": ids.channel, "max_uses": 1, "reason": "for a friend" });
    let made = act(&sim, "create_invite", body).await;
    let code = made["code"].as_str().unwrap();
    let entry = view(&sim, &robin, "audit_log").await;
    assert_eq!(entry["audit_log_entries"][0]["reason"], "for a friend");
    assert_eq!(view(&sim, &robin, "invites").await[0]["code"], code);
    assert_eq!(view(&sim, &noor, "invites").await["error"]["discord"]["code"], 50013);
    let link = json!({ "user": stranger["id"], "code": format!("https://discord.gg/{code}/") });
    let joined = act(&sim, "accept_invite", link.clone()).await;
    assert_eq!((&joined["new_member"], &joined["member"]["user"]["id"]), (&json!(true), &stranger["id"]));
    assert_eq!(refused(&sim, "accept_invite", link).await, 10006, "used up");
    let body = json!({ "user": noor, "channel": ids.channel });
    let made = act(&sim, "create_invite", body).await;
    let revoke = |user: &Value| json!({ "user": user, "code": made["code"] });
    assert_eq!(refused(&sim, "revoke_invite", revoke(&noor)).await, 50013);
    act(&sim, "revoke_invite", revoke(&robin)).await;
    assert_eq!(refused(&sim, "revoke_invite", revoke(&robin)).await, 10006);
    let bot = json!({ "user": ids.application, "code": "x" });
    let (status, answer) = call(&sim, "POST", "/actor/accept_invite", bot).await;
    assert_eq!(status.as_u16(), 400);
    assert!(message(&answer).contains("bot"), "{answer}");
}

#[tokio::test]
async fn a_person_installs_an_application_for_themselves_and_gives_it_up() {
    let sim = sim();
    let ids = sim.read(|world, _| world.default_ids()).unwrap();
    let (robin, noor) = (user(&sim, "robin"), user(&sim, "noor"));
    let (_, made) =
        call(&sim, "POST", "/world/applications", json!({ "name": "Pocket", "owner": robin })).await;
    let app = made["application"]["id"].as_str().unwrap().to_owned();
    let scope = cogwright_sim_world::commands::Scope { application: app.parse().unwrap(), guild: None };
    let actor = cogwright_sim_world::Actor::bot(scope.application);
    // Without integration_types a command is for all that the application is for.
    let body = json!({ "name": "pocket", "description": "x" });
    sim.apply(cogwright_sim_world::commands::CreateCommand { actor, scope, body }).unwrap();
    let slash = json!({ "user": noor, "channel": ids.channel, "name": "pocket", "application": app });
    assert_eq!(refused(&sim, "slash", slash.clone()).await, 50013, "it is nowhere yet");
    let install = json!({ "user": noor, "application": app });
    act(&sim, "install", install.clone()).await;
    let view = call(&sim, "GET", &format!("/view/{}", noor.as_str().unwrap()), Value::Null).await.1;
    assert_eq!(view["installed"], json!([app]));
    let commands = format!("/view/{}/channels/{}/commands", noor.as_str().unwrap(), ids.channel);
    let listed = call(&sim, "GET", &commands, Value::Null).await.1;
    assert!(listed.as_array().unwrap().iter().any(|c| c["name"] == "pocket"), "{listed}");
    let used = act(&sim, "slash", slash.clone()).await;
    let interaction = used["interaction"].as_str().unwrap().parse().unwrap();
    let owners = sim.read(|world, _| world.interaction(interaction).unwrap().owners.clone());
    assert_eq!(owners, json!({ "1": noor }));
    let theirs = json!({ "user": robin, "channel": ids.channel, "name": "pocket", "application": app });
    assert_eq!(refused(&sim, "slash", theirs).await, 50013, "it is noor's alone");
    let count = |sim: &Sim| {
        sim.read(|world, _| {
            let application = world.application(app.parse().unwrap()).unwrap();
            cogwright_sim_world::wire::application(world, application)["approximate_user_install_count"]
                .clone()
        })
    };
    assert_eq!(count(&sim), 1);

    let remove = json!({ "user": noor, "application": app, "remove": true });
    act(&sim, "install", remove.clone()).await;
    assert_eq!(refused(&sim, "install", remove).await, 10005, "it is gone already");
    assert_eq!(refused(&sim, "slash", slash).await, 50013);
    assert_eq!(count(&sim), 0);

    let private = json!({ "public": false });
    call(&sim, "PATCH", &format!("/world/applications/{app}"), private).await;
    assert_eq!(refused(&sim, "install", install).await, 20012);
    act(&sim, "install", json!({ "user": robin, "application": app })).await;
    // What is deleted leaves nothing behind.
    call(&sim, "DELETE", &format!("/world/applications/{app}"), Value::Null).await;
    let path = format!("/view/{}", robin.as_str().unwrap());
    assert_eq!(call(&sim, "GET", &path, Value::Null).await.1["installed"], json!([]));
}

#[tokio::test]
async fn a_person_makes_a_webhook_follows_and_publishes() {
    let sim = sim();
    let ids = sim.read(|world, _| world.default_ids()).unwrap();
    let (robin, noor) = (user(&sim, "robin"), user(&sim, "noor"));
    let body = |user: &Value| json!({ "user": user, "channel": ids.channel, "name": "Builds" });
    assert_eq!(refused(&sim, "create_webhook", body(&noor)).await, 50013);
    let made = act(&sim, "create_webhook", body(&robin)).await;
    let address = made["url"].as_str().unwrap().to_owned();
    assert_eq!(view(&sim, &robin, "webhooks").await[0]["url"], address.as_str());
    let path = address.strip_prefix("http://127.0.0.1:8787").unwrap();
    let request = http::Request::post(path)
        .header("content-type", "application/json")
        .body(axum::body::Body::from(r#"{"content":"built"}"#));
    let said = tower::ServiceExt::oneshot(crate::serve::app(&sim), request.unwrap()).await.unwrap();
    assert_eq!(said.status().as_u16(), 204, "the address is good as it stands");
    act(&sim, "delete_webhook", json!({ "user": robin, "webhook": made["id"] })).await;
    assert_eq!(view(&sim, &robin, "webhooks").await, json!([]));

    let news = sim.read(|world, _| {
        let guild = world.guild(ids.guild).unwrap();
        let mut channels = guild.channels.iter().filter_map(|id| world.channel(*id).ok());
        channels.find(|c| c.name == "announcements").unwrap().id
    });
    let follow = json!({ "user": robin, "channel": news, "into": ids.channel });
    let followed = act(&sim, "follow_channel", follow).await;
    assert_eq!(view(&sim, &robin, "webhooks").await[0]["id"], followed["webhook_id"]);
    let sent = act(&sim, "send_message", json!({ "user": robin, "channel": news, "text": "hear" })).await;
    let publish = json!({ "user": robin, "message_id": sent["id"] });
    assert_eq!(act(&sim, "publish", publish.clone()).await["flags"], 1);
    assert_eq!(refused(&sim, "publish", publish).await, 40033);
}
