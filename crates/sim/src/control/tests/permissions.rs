//! Roles, overwrites and applications over the control API, and why somebody may do something.

use axum::http::StatusCode;
use cogwright_sim_world::{DefaultIds, permissions as p};
use serde_json::{Value, json};

use super::{call, message, sim};
use crate::Sim;

struct Stage {
    sim: Sim,
    ids: DefaultIds,
}

impl Stage {
    fn new() -> Self {
        let sim = sim();
        let ids = sim.read(|world, _| world.default_ids()).unwrap();
        Self { sim, ids }
    }

    async fn ok(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = call(&self.sim, method, path, body).await;
        assert_eq!(status, StatusCode::OK, "{method} {path}: {answer}");
        answer
    }

    /// The status and Discord's code of a refusal.
    async fn refused(&self, method: &str, path: &str, body: Value) -> (u16, u64) {
        let (status, answer) = call(&self.sim, method, path, body).await;
        (status.as_u16(), answer["error"]["discord"]["code"].as_u64().unwrap_or(0))
    }

    fn person(&self, name: &str) -> String {
        self.sim.read(|w, _| w.users().find(|u| u.username == name).unwrap().id).to_string()
    }

    fn channel(&self, name: &str) -> String {
        self.sim.read(|world, _| {
            let guild = world.guild(self.ids.guild).unwrap();
            let mut channels = guild.channels.iter().filter_map(|id| world.channel(*id).ok());
            channels.find(|c| c.name == name).unwrap().id.to_string()
        })
    }

    async fn why(&self, channel: &str, user: &str, permission: &str) -> Value {
        let path = format!("/world/channels/{channel}/permissions/{user}");
        let why = self.ok("GET", &path, Value::Null).await;
        let all = why["permissions"].as_array().unwrap();
        all.iter().find(|row| row["name"] == permission).unwrap_or_else(|| panic!("no {permission}")).clone()
    }
}

#[tokio::test]
async fn it_is_told_what_somebody_may_do_and_which_step_decided() {
    let stage = Stage::new();
    let (mika, noor) = (stage.person("mika"), stage.person("noor"));
    let news = stage.channel("announcements");
    let sending = stage.why(&news, &noor, "SEND_MESSAGES").await;
    assert_eq!(
        (&sending["granted"], &sending["decided_by"]["by"]),
        (&json!(false), &json!("everyone_overwrite"))
    );
    let embeds = stage.why(&news, &noor, "EMBED_LINKS").await;
    assert_eq!(embeds["decided_by"]["by"], "no_sending");
    let sending = stage.why(&news, &mika, "SEND_MESSAGES").await;
    assert_eq!((&sending["granted"], &sending["decided_by"]["by"]), (&json!(true), &json!("role_overwrite")));
    assert_eq!(sending["decided_by"]["text"], "The channel allows it for the role Moderator.");
    let steps: Vec<&str> =
        sending["steps"].as_array().unwrap().iter().map(|s| s["by"].as_str().unwrap()).collect();
    assert_eq!(steps, ["everyone", "everyone_overwrite", "role_overwrite"]);
    let ban = stage.why(&news, &noor, "BAN_MEMBERS").await;
    assert_eq!(
        (&ban["granted"], &ban["decided_by"]["by"], &ban["steps"]),
        (&json!(false), &json!("nothing"), &json!([]))
    );
    let bot = stage.ids.application.to_string();
    assert_eq!(stage.why(&news, &bot, "SEND_MESSAGES").await["decided_by"]["by"], "administrator");

    // Guild-wide, and what is asked for wrongly.
    let guild = stage.ids.guild;
    let owner = stage.ids.user;
    let why = stage.ok("GET", &format!("/world/guilds/{guild}/permissions/{owner}"), Value::Null).await;
    assert_eq!((&why["bits"], &why["ruled_by"]), (&json!(p::ALL.to_string()), &Value::Null));
    assert!(why["permissions"].as_array().unwrap().iter().all(|row| row["decided_by"]["by"] == "owner"));
    let path = |channel: &str, user: &str| format!("/world/channels/{channel}/permissions/{user}");
    assert_eq!(stage.refused("GET", &path("17", &noor), Value::Null).await, (404, 10003));
    let (status, answer) = call(&stage.sim, "GET", &path(&news, "17"), Value::Null).await;
    assert_eq!((status.as_u16(), message(&answer)), (404, "There is no user 17."));

    let names = stage.ok("GET", "/permissions", Value::Null).await;
    assert_eq!(names.as_array().unwrap().len(), p::NAMES.len());
    assert!(
        names.as_array().unwrap().contains(&json!({ "name": "BAN_MEMBERS", "bit": "4", "scope": "guild" }))
    );
}

#[tokio::test]
async fn people_edit_roles_and_overwrites_by_rank_and_the_operator_without() {
    let stage = Stage::new();
    let (guild, owner) = (stage.ids.guild, stage.ids.user);
    let (mika, noor) = (stage.person("mika"), stage.person("noor"));
    let before = stage.sim.journal().last();
    let set = json!({ "name": "Helper", "color": 0x00AA_BBCC, "permissions": "0" });
    let role =
        stage.ok("POST", "/actor/create_role", json!({ "user": owner, "guild": guild, "set": set })).await;
    let id = role["id"].as_str().unwrap().to_owned();
    let edit = |user: &str, set: Value| json!({ "user": user, "guild": guild, "role": id, "set": set });
    let owner = owner.to_string();
    let named =
        stage.ok("POST", "/actor/edit_role", edit(&owner, json!({ "name": "Aide", "hoist": true }))).await;
    assert_eq!(
        (&named["name"], &named["color"]),
        (&json!("Aide"), &json!(0x00AA_BBCC)),
        "what is absent stays"
    );
    assert_eq!(
        stage.refused("POST", "/actor/edit_role", edit(&mika, json!({ "name": "x" }))).await,
        (403, 50013)
    );
    let place = |user: &str| json!({ "user": user, "guild": guild, "role": id, "position": 3 });
    let roles = stage.ok("POST", "/actor/move_role", place(&owner)).await;
    let moved = roles.as_array().unwrap().iter().find(|r| r["id"] == id.as_str()).unwrap();
    assert_eq!(moved["position"], 3);
    assert_eq!(stage.refused("POST", "/actor/move_role", place(&noor)).await, (403, 50013));
    let all = stage
        .ok("PATCH", &format!("/world/guilds/{guild}/roles"), json!([{ "id": id, "position": 1 }]))
        .await;
    assert_eq!(all.as_array().unwrap().len(), 6);

    let channel = stage.ids.channel.to_string();
    let over = |user: &str| {
        let deny = p::ADD_REACTIONS.to_string();
        json!({ "user": user, "channel": channel, "target": noor, "type": "member", "deny": deny })
    };
    stage.ok("POST", "/actor/set_overwrite", over(&owner)).await;
    assert_eq!(stage.why(&channel, &noor, "ADD_REACTIONS").await["decided_by"]["by"], "member_overwrite");
    assert_eq!(stage.refused("POST", "/actor/set_overwrite", over(&noor)).await, (403, 50013));
    let gone = |user: &str| json!({ "user": user, "channel": channel, "target": noor });
    assert_eq!(stage.refused("POST", "/actor/remove_overwrite", gone(&noor)).await, (403, 50013));
    stage.ok("POST", "/actor/remove_overwrite", gone(&owner)).await;
    assert_eq!(stage.why(&channel, &noor, "ADD_REACTIONS").await["granted"], true);
    let path = format!("/world/channels/{channel}/overwrites/{id}");
    stage.ok("PUT", &path, json!({ "type": "role", "allow": "2048" })).await;
    stage.ok("DELETE", &path, Value::Null).await;
    assert_eq!(stage.refused("DELETE", &path, Value::Null).await, (404, 10009));
    let (status, answer) = call(&stage.sim, "PUT", &path, json!({ "type": "person" })).await;
    assert_eq!((status.as_u16(), &answer["error"]["field"]), (400, &json!("type")));

    let remove = |user: &str| json!({ "user": user, "guild": guild, "role": id });
    assert_eq!(stage.refused("POST", "/actor/delete_role", remove(&mika)).await, (403, 50013));
    stage.ok("POST", "/actor/delete_role", remove(&owner)).await;
    let events: Vec<String> = stage
        .sim
        .journal()
        .query(before, 1000, |_| true)
        .0
        .iter()
        .filter_map(|entry| Some(entry.field("event")?.as_str()?.to_owned()))
        .collect();
    for event in ["GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "CHANNEL_UPDATE", "GUILD_ROLE_DELETE"] {
        assert!(events.iter().any(|e| e == event), "no {event} in {events:?}");
    }
}

#[tokio::test]
async fn people_give_and_take_roles_below_their_own_and_the_operator_any() {
    let stage = Stage::new();
    let (guild, owner) = (stage.ids.guild, stage.ids.user.to_string());
    let newcomer = |name: &'static str| {
        let stage = &stage;
        async move {
            let user = stage.ok("POST", "/world/users", json!({ "username": name })).await["id"].clone();
            stage.ok("POST", &format!("/world/guilds/{guild}/members"), json!({ "user": user })).await;
            user.as_str().unwrap().to_owned()
        }
    };
    let (mika, noor) = (newcomer("chief.to.be").await, newcomer("aide.to.be").await);
    let roles = format!("/world/guilds/{guild}/roles");
    let role = |name: &'static str, permissions: u64| {
        let (stage, roles, set) =
            (&stage, &roles, json!({ "name": name, "permissions": permissions.to_string() }));
        async move { stage.ok("POST", roles, set).await["id"].as_str().unwrap().to_owned() }
    };
    let (aide, chief) = (role("Aide", 0).await, role("Chief", p::MANAGE_ROLES).await);
    stage.ok("PATCH", &roles, json!([{ "id": chief, "position": 2 }, { "id": aide, "position": 1 }])).await;
    let held = |user: &str| {
        let user: cogwright_sim_world::UserId = user.parse().unwrap();
        stage.sim.read(|world, _| world.member(guild, user).unwrap().roles.clone())
    };
    let has = |user: &str, role: &str| held(user).iter().any(|held| held.to_string() == role);
    let body = |user: &str, target: &str, role: &str| json!({ "user": user, "guild": guild, "target": target, "role": role, "reason": "helps" });
    stage.ok("POST", "/actor/give_role", body(&owner, &mika, &chief)).await;
    assert!(has(&mika, &chief));
    stage.ok("POST", "/actor/give_role", body(&mika, &noor, &aide)).await;
    assert!(has(&noor, &aide));
    let log = stage.ok("GET", &format!("/view/{owner}/guilds/{guild}/audit_log?limit=1"), Value::Null).await;
    let entry = &log["audit_log_entries"][0];
    assert_eq!((&entry["action_type"], &entry["reason"]), (&json!(25), &json!("helps")));
    // At one's own top role, without the permission, an unknown role, everybody's.
    assert_eq!(stage.refused("POST", "/actor/give_role", body(&mika, &noor, &chief)).await, (403, 50013));
    assert_eq!(stage.refused("POST", "/actor/take_role", body(&noor, &noor, &aide)).await, (403, 50013));
    assert_eq!(stage.refused("POST", "/actor/give_role", body(&owner, &noor, "17")).await, (404, 10011));
    let everyone = guild.to_string();
    assert_eq!(stage.refused("POST", "/actor/give_role", body(&owner, &noor, &everyone)).await, (400, 50028));
    stage.ok("POST", "/actor/take_role", body(&mika, &noor, &aide)).await;
    assert!(!has(&noor, &aide));

    let path = |user: &str, role: &str| format!("/world/guilds/{guild}/members/{user}/roles/{role}");
    for _ in 0..2 {
        let member = stage.ok("PUT", &path(&noor, &chief), Value::Null).await;
        let given = member["roles"].as_array().unwrap().iter().filter(|held| **held == json!(chief)).count();
        assert_eq!(given, 1, "once, however often");
    }
    stage.ok("DELETE", &path(&noor, &chief), Value::Null).await;
    assert!(!has(&noor, &chief));
    assert_eq!(stage.refused("PUT", &path(&noor, &everyone), Value::Null).await, (400, 50028));
    assert_eq!(stage.refused("PUT", &path(&noor, "17"), Value::Null).await, (404, 10011));
    assert_eq!(stage.refused("DELETE", &path("17", &chief), Value::Null).await, (404, 10007));
}

#[tokio::test]
async fn an_application_is_invited_by_who_manages_the_guild_and_removed() {
    let stage = Stage::new();
    let (guild, owner) = (stage.ids.guild, stage.ids.user.to_string());
    let made = stage.ok("POST", "/world/applications", json!({ "name": "Guest" })).await;
    let application = made["application"]["id"].clone();
    let invite = |user: &str, scopes: Value| json!({ "user": user, "application": application, "guild": guild, "scopes": scopes, "permissions": "8" });
    let noor = stage.person("noor");
    let both = json!(["bot", "applications.commands"]);
    assert_eq!(stage.refused("POST", "/actor/authorize", invite(&noor, both.clone())).await, (403, 50013));
    assert_eq!(
        stage.refused("POST", "/actor/authorize", invite(&owner, json!(["email"]))).await,
        (400, 50035)
    );
    let answer = stage.ok("POST", "/actor/authorize", invite(&owner, both)).await;
    assert_eq!((&answer["role"]["permissions"], &answer["role"]["managed"]), (&json!("8"), &json!(true)));
    let read = stage.ok("GET", &format!("/world/guilds/{guild}"), Value::Null).await;
    assert!(read["applications"].as_array().unwrap().contains(&application));
    assert!(read["roles"].as_array().unwrap().iter().any(|role| role["id"] == answer["role"]["id"]));
    let remove = |user: &str| json!({ "user": user, "application": application, "guild": guild });
    assert_eq!(stage.refused("POST", "/actor/remove_application", remove(&noor)).await, (403, 50013));
    stage.ok("POST", "/actor/remove_application", remove(&owner)).await;
    assert_eq!(stage.refused("POST", "/actor/remove_application", remove(&owner)).await, (404, 10005));
}
