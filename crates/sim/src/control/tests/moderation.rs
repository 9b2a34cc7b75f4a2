//! What a moderator does and reads in the playground.

use serde_json::{Value, json};

use super::{call, sim};
use crate::Sim;

/// The ids of the default guild and of its people.
struct Place {
    sim: Sim,
    guild: Value,
    owner: Value,
    mika: Value,
    noor: Value,
}

impl Place {
    fn new() -> Self {
        let sim = sim();
        let ids = sim.read(|world, _| world.default_ids()).unwrap();
        let find = |name: &str| json!(sim.read(|w, _| w.users().find(|u| u.username == name).unwrap().id));
        let (mika, noor) = (find("mika"), find("noor"));
        Self { sim, guild: json!(ids.guild), owner: json!(ids.user), mika, noor }
    }

    /// Acts as Mika, a moderator, on Noor.
    async fn act(&self, function: &str, mut more: Value) -> (u16, Value) {
        for (key, value) in [("user", &self.mika), ("guild", &self.guild), ("target", &self.noor)] {
            if more.get(key).is_none() {
                more[key] = value.clone();
            }
        }
        let (status, answer) = call(&self.sim, "POST", &format!("/actor/{function}"), more).await;
        (status.as_u16(), answer)
    }

    async fn view(&self, user: &Value, what: &str) -> (u16, Value) {
        let text = |id: &Value| id.as_str().unwrap().to_owned();
        let path = format!("/view/{}/guilds/{}/{what}", text(user), text(&self.guild));
        let (status, answer) = call(&self.sim, "GET", &path, Value::Null).await;
        (status.as_u16(), answer)
    }
}

#[tokio::test]
async fn a_moderator_bans_and_lifts_the_ban() {
    let place = Place::new();
    let reason = json!({ "reason": "spam", "delete_message_seconds": 60 });
    assert_eq!(place.act("ban", reason).await, (200, json!({})));
    let (status, bans) = place.view(&place.mika, "bans").await;
    assert_eq!((status, &bans[0]["user"]["id"], &bans[0]["reason"]), (200, &place.noor, &json!("spam")));
    let page = format!("bans?after={}", place.noor.as_str().unwrap());
    assert_eq!(place.view(&place.mika, &page).await, (200, json!([])));
    assert_eq!(place.view(&place.noor, "bans").await.1["error"]["discord"]["code"], 50001);
    let join = json!({ "user": place.noor, "guild": place.guild });
    let (status, answer) = call(&place.sim, "POST", "/actor/join", join.clone()).await;
    assert_eq!((status.as_u16(), &answer["error"]["discord"]["code"]), (403, &json!(40007)));
    assert_eq!(place.act("unban", json!({})).await, (200, json!({})));
    assert_eq!(place.act("unban", json!({})).await.1["error"]["discord"]["code"], 10026);
    assert_eq!(call(&place.sim, "POST", "/actor/join", join).await.0.as_u16(), 200);
}

#[tokio::test]
async fn a_moderator_kicks_and_times_out_those_below() {
    let place = Place::new();
    let frozen = call(&place.sim, "POST", "/clock/freeze", json!({ "at": "2030-01-01T00:00:00Z" })).await;
    assert_eq!(frozen.0.as_u16(), 200);
    let (status, member) = place.act("timeout", json!({ "seconds": 60, "reason": "calm down" })).await;
    let until = json!("2030-01-01T00:01:00.000000+00:00");
    assert_eq!((status, &member["communication_disabled_until"]), (200, &until));
    let (_, member) = place.act("timeout", json!({ "seconds": 0 })).await;
    assert_eq!(member["communication_disabled_until"], Value::Null);
    assert_eq!(place.act("timeout", json!({ "seconds": 28 * 86_400 })).await.0, 200);
    let (status, answer) = place.act("timeout", json!({ "seconds": 28 * 86_400 + 1 })).await;
    assert_eq!((status, &answer["error"]["discord"]["code"]), (400, &json!(50035)));
    for function in ["kick", "ban"] {
        let (status, answer) = place.act(function, json!({ "target": place.owner })).await;
        assert_eq!((status, &answer["error"]["discord"]["code"]), (403, &json!(50013)), "{function}");
    }
    let (status, answer) = place.act("kick", json!({ "reason": "x".repeat(513) })).await;
    assert_eq!((status, &answer["error"]["field"]), (400, &json!("reason")));
    assert_eq!(place.act("kick", json!({ "reason": "x".repeat(512) })).await.0, 200);
    assert_eq!(place.act("kick", json!({})).await.1["error"]["discord"]["code"], 10007);
}

#[tokio::test]
async fn the_audit_log_is_read_by_those_who_may() {
    let place = Place::new();
    place.act("timeout", json!({ "seconds": 60 })).await;
    place.act("kick", json!({ "reason": "enough" })).await;
    let (status, log) = place.view(&place.mika, "audit_log").await;
    assert_eq!(status, 200, "{log}");
    let told: Vec<_> = log["audit_log_entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["action_type"].as_u64(), e["reason"].as_str(), &e["user_id"], &e["target_id"]))
        .collect();
    let (mika, noor) = (&place.mika, &place.noor);
    assert_eq!(told, [(Some(20), Some("enough"), mika, noor), (Some(24), None, mika, noor)]);
    let (_, one) = place.view(&place.mika, "audit_log?action_type=24&limit=1").await;
    assert_eq!(one["audit_log_entries"].as_array().map(Vec::len), Some(1));
    let (_, first) = place.view(&place.mika, "audit_log?after=0").await;
    assert_eq!(first["audit_log_entries"][0]["action_type"], 24);
    let (status, answer) = place.view(&place.mika, "audit_log?limit=many").await;
    assert_eq!((status, &answer["error"]["field"]), (400, &json!("limit")));
    let (status, answer) = place.view(&place.mika, "audit_log?action_type=2").await;
    assert_eq!((status, &answer["error"]["discord"]["code"]), (400, &json!(50035)));
    assert_eq!(place.view(&place.noor, "audit_log").await.1["error"]["discord"]["code"], 50001);
    assert_eq!(place.view(&json!("17"), "audit_log").await.0, 404);
}
