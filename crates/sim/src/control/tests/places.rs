//! A person makes, changes and removes channels and posts and changes the guild; the audit log has it.

use serde_json::{Value, json};

use super::{call, sim};
use crate::Sim;

struct Place {
    sim: Sim,
    guild: String,
    owner: String,
    noor: String,
}

impl Place {
    fn new() -> Self {
        let sim = sim();
        let ids = sim.read(|world, _| world.default_ids()).unwrap();
        let noor = sim.read(|w, _| w.users().find(|u| u.username == "noor").unwrap().id);
        Self { sim, guild: ids.guild.to_string(), owner: ids.user.to_string(), noor: noor.to_string() }
    }

    /// Acts as the owner unless the body names somebody.
    async fn act(&self, function: &str, mut body: Value) -> (u16, Value) {
        if body.get("user").is_none() {
            body["user"] = json!(self.owner);
        }
        let (status, answer) = call(&self.sim, "POST", &format!("/actor/{function}"), body).await;
        (status.as_u16(), answer)
    }

    /// `(action, reason)` of the newest entry.
    async fn newest(&self) -> (Value, Value) {
        let path = format!("/view/{}/guilds/{}/audit_log?limit=1", self.owner, self.guild);
        let (_, log) = call(&self.sim, "GET", &path, Value::Null).await;
        let entry = &log["audit_log_entries"][0];
        (entry["action_type"].clone(), entry["reason"].clone())
    }
}

#[tokio::test]
async fn a_person_forwards_what_they_can_see() {
    let place = Place::new();
    let channel = place.sim.read(|world, _| world.default_ids()).unwrap().channel.to_string();
    let (_, said) = place.act("send_message", json!({ "channel": channel, "text": "look" })).await;
    let set = json!({ "name": "away", "type": 0 });
    let (_, away) = place.act("create_channel", json!({ "guild": place.guild, "set": set })).await;
    let body = json!({ "channel": away["id"], "forward": said["id"] });
    let (status, forwarded) = place.act("send_message", body.clone()).await;
    assert_eq!((status, &forwarded["message_reference"]["type"]), (200, &json!(1)), "{forwarded}");
    assert_eq!(forwarded["message_snapshots"][0]["message"]["content"], "look");
    let mut both = body.clone();
    both["reply_to"] = said["id"].clone();
    assert_eq!(place.act("send_message", both).await.1["error"]["field"], "forward");
    let mut more = body;
    more["text"] = json!("and more");
    assert_eq!(place.act("send_message", more).await.1["error"]["discord"]["code"], 160_011);
    let (status, missing) = place.act("send_message", json!({ "channel": channel, "forward": "5" })).await;
    assert_eq!((status, &missing["error"]["code"]), (404, &json!("not_found")));
}

#[tokio::test]
async fn a_person_makes_changes_and_removes_a_channel() {
    let place = Place::new();
    let body = json!({ "guild": place.guild, "set": { "name": "Night Shift", "type": 0 }, "reason": "late" });
    let (status, channel) = place.act("create_channel", body).await;
    assert_eq!((status, &channel["name"]), (200, &json!("night-shift")));
    assert_eq!(place.newest().await, (json!(10), json!("late")));

    let id = &channel["id"];
    let edit = json!({ "channel": id, "set": { "topic": "quiet please", "rate_limit_per_user": 5 } });
    let (status, changed) = place.act("edit_channel", edit).await;
    assert_eq!(
        (status, &changed["topic"], &changed["rate_limit_per_user"]),
        (200, &json!("quiet please"), &json!(5))
    );
    let (_, cleared) = place.act("edit_channel", json!({ "channel": id, "set": { "topic": null } })).await;
    assert_eq!(cleared["topic"], Value::Null, "null clears");
    let wrong = json!({ "channel": id, "set": { "rate_limit_per_user": 21_601 } });
    assert_eq!(place.act("edit_channel", wrong).await.1["error"]["discord"]["code"], 50035);

    for (function, body) in [
        ("create_channel", json!({ "user": place.noor, "guild": place.guild, "set": { "name": "x" } })),
        ("edit_channel", json!({ "user": place.noor, "channel": id, "set": { "name": "x" } })),
        ("delete_channel", json!({ "user": place.noor, "channel": id })),
    ] {
        let (status, answer) = place.act(function, body).await;
        assert_eq!((status, &answer["error"]["discord"]["code"]), (403, &json!(50013)), "{function}");
    }
    let (status, gone) = place.act("delete_channel", json!({ "channel": id, "reason": "quiet" })).await;
    assert_eq!((status, &gone["id"]), (200, id));
    assert_eq!(place.newest().await, (json!(12), json!("quiet")));
    assert_eq!(place.act("delete_channel", json!({ "channel": id })).await.0, 404);
}

#[tokio::test]
async fn a_person_moves_several_channels_in_one_step_or_none() {
    let place = Place::new();
    let mut ids = Vec::new();
    for name in ["one", "two", "three"] {
        let body = json!({ "guild": place.guild, "set": { "name": name, "type": 0 } });
        ids.push(place.act("create_channel", body).await.1["id"].clone());
    }
    let positions = || {
        let (sim, path, ids) = (place.sim.clone(), format!("/world/guilds/{}", place.guild), ids.clone());
        async move {
            let (_, guild) = call(&sim, "GET", &path, Value::Null).await;
            let channels = guild["channels"].as_array().unwrap().clone();
            let at = |id: &Value| channels.iter().find(|c| c["id"] == *id).unwrap()["position"].clone();
            ids.iter().map(at).collect::<Vec<_>>()
        }
    };
    let moves = json!([{ "id": ids[0], "position": 72 }, { "id": ids[1], "position": 71 }, { "id": ids[2], "position": 70 }]);
    let body = json!({ "guild": place.guild, "channels": moves, "reason": "upside down" });
    assert_eq!(place.act("move_channels", body).await, (200, json!({})));
    assert_eq!(positions().await, [72, 71, 70]);
    assert_eq!(place.newest().await, (json!(11), json!("upside down")));

    let half = json!([{ "id": ids[0], "position": 5 }, { "id": "17", "position": 6 }]);
    let (status, answer) =
        place.act("move_channels", json!({ "guild": place.guild, "channels": half })).await;
    assert_eq!((status, &answer["error"]["discord"]["code"]), (404, &json!(10003)));
    let body =
        json!({ "user": place.noor, "guild": place.guild, "channels": [{ "id": ids[0], "position": 5 }] });
    let (status, answer) = place.act("move_channels", body).await;
    assert_eq!((status, &answer["error"]["discord"]["code"]), (403, &json!(50013)));
    assert_eq!(positions().await, [72, 71, 70], "a refusal moves none");
}

#[tokio::test]
async fn a_post_takes_the_forum_s_tags() {
    let place = Place::new();
    let set = json!({ "name": "ideas", "type": 15, "available_tags": [{ "name": "brass" }] });
    let (_, forum) = place.act("create_channel", json!({ "guild": place.guild, "set": set })).await;
    let tag = &forum["available_tags"][0]["id"];
    let post = json!({ "channel": forum["id"], "name": "Gears", "text": "more of them", "tags": [tag] });
    let (status, made) = place.act("create_thread", post).await;
    assert_eq!((status, &made["applied_tags"]), (200, &json!([tag])));
    let unknown = json!({ "channel": forum["id"], "name": "Gears", "text": "more", "tags": ["17"] });
    assert_eq!(place.act("create_thread", unknown).await.0, 400);
}

#[tokio::test]
async fn a_person_changes_the_guild_s_settings() {
    let place = Place::new();
    let set = json!({ "name": "Clockworks", "verification_level": 2, "description": "Tick" });
    let body = json!({ "guild": place.guild, "set": set, "reason": "new name" });
    let (status, guild) = place.act("edit_guild", body).await;
    assert_eq!(
        (status, &guild["name"], &guild["verification_level"]),
        (200, &json!("Clockworks"), &json!(2))
    );
    assert_eq!(place.newest().await, (json!(1), json!("new name")));
    let refused = json!({ "user": place.noor, "guild": place.guild, "set": { "name": "Mine" } });
    assert_eq!(place.act("edit_guild", refused).await.1["error"]["discord"]["code"], 50013);
}

#[tokio::test]
async fn a_view_tells_the_time_and_what_one_may_do_in_a_guild() {
    let place = Place::new();
    let view = |user: String| {
        let sim = place.sim.clone();
        async move { call(&sim, "GET", &format!("/view/{user}"), Value::Null).await.1 }
    };
    let bits = |view: &Value| view["guilds"][0]["permissions"].as_str().unwrap().parse::<u64>().unwrap();
    let (owner, noor) = (view(place.owner.clone()).await, view(place.noor.clone()).await);
    assert!(owner["now"].as_str().unwrap().starts_with("20"));
    assert_eq!((bits(&owner) >> 2 & 1, bits(&noor) >> 2 & 1), (1, 0), "BAN_MEMBERS");
}

#[tokio::test]
async fn a_person_plans_an_event_and_others_are_interested() {
    let place = Place::new();
    let now = place.sim.clock().now();
    let hours = |n: u64| now.plus(std::time::Duration::from_secs(3600 * n)).iso();
    let set = json!({
        "name": "Picnic", "privacy_level": 2, "entity_type": 3, "entity_metadata": { "location": "The park" },
        "scheduled_start_time": hours(1), "scheduled_end_time": hours(2),
    });
    let body = |user: &str| json!({ "user": user, "guild": place.guild, "set": set, "reason": "sunny" });
    let (status, refusal) = place.act("create_event", body(&place.noor)).await;
    assert_eq!((status, &refusal["error"]["discord"]["code"]), (403, &json!(50013)));
    let (status, event) = place.act("create_event", body(&place.owner)).await;
    assert_eq!((status, &event["creator"]["id"]), (200, &json!(place.owner)));
    assert_eq!(place.newest().await, (json!(100), json!("sunny")));

    let id = &event["id"];
    let interest =
        |remove: bool| json!({ "user": place.noor, "guild": place.guild, "event": id, "remove": remove });
    let seen = async || {
        let view = call(&place.sim, "GET", &format!("/view/{}", place.noor), Value::Null).await.1;
        let event = view["guilds"][0]["scheduled_events"][0].clone();
        (event["user_count"].clone(), event["user_rsvp"]["response"].clone())
    };
    assert_eq!(place.act("event_interest", interest(false)).await.0, 200);
    assert_eq!(seen().await, (json!(2), json!(1)));
    assert_eq!(place.act("event_interest", interest(true)).await.0, 200);
    assert_eq!(seen().await, (json!(1), Value::Null));
    let once = json!({ "user": place.noor, "guild": place.guild, "event": id, "occurrence": "1" });
    let (_, refusal) = place.act("event_interest", once).await;
    assert_eq!(refusal["error"]["discord"]["code"], 10070, "it does not recur");

    let edit = json!({ "guild": place.guild, "event": id, "set": { "status": 2 }, "reason": "now" });
    let (status, started) = place.act("edit_event", edit).await;
    assert_eq!((status, &started["status"]), (200, &json!(2)));
    assert_eq!(place.newest().await, (json!(101), json!("now")));
    let delete = json!({ "guild": place.guild, "event": id, "reason": "rain" });
    assert_eq!(place.act("delete_event", delete.clone()).await.0, 200);
    assert_eq!(place.newest().await, (json!(102), json!("rain")));
    assert_eq!(place.act("delete_event", delete).await.0, 404);
}
