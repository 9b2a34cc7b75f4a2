//! SKUs and entitlements.

use cogwright_sim_world::{Timestamp, World, monetization::CreateSku};
use serde_json::{Value, json};

use super::{Line, run, text, try_run};
use crate::RateLimitMode;

/// A line, the application, and the SKUs "Gold" (durable) and "Potion" (consumable).
fn shop() -> (Line, String, [String; 2]) {
    let line = Line::new(RateLimitMode::Off);
    let application = line.ids.application;
    let skus = [("Gold Plan", 2), ("Potion", 3)].map(|(name, kind)| {
        let body = json!({ "name": name, "type": kind });
        text(&line.sim.apply(CreateSku { application, body }).expect("is allowed"), "id")
    });
    (line, application.to_string(), skus)
}

fn owned(sku: &str, owner: impl ToString, kind: u8) -> Option<Value> {
    Some(json!({ "sku_id": sku, "owner_id": owner.to_string(), "owner_type": kind }))
}

#[tokio::test]
async fn test_entitlements_are_given_listed_used_up_and_taken_back() {
    let (line, app, [gold, potion]) = shop();
    let app = app.as_str();
    let (user, guild) = (line.ids.user, line.ids.guild);
    let skus = run(&line, "list_skus", &[app], None).await;
    assert_eq!((&skus[0]["slug"], &skus[1]["type"]), (&json!("gold-plan"), &json!(3)));

    let first = run(&line, "create_entitlement", &[app], owned(&gold, guild, 1)).await;
    assert_eq!((&first["guild_id"], &first["type"]), (&json!(guild), &json!(8)));
    let second = run(&line, "create_entitlement", &[app], owned(&potion, user, 2)).await;
    let (first, second) = (text(&first, "id"), text(&second, "id"));
    assert_eq!(run(&line, "get_entitlement", &[app, &second], None).await["user_id"], json!(user));
    let ids = async |query: &str| -> Vec<String> {
        let list = line.get(&format!("/applications/{app}/entitlements{query}")).await.json();
        list.as_array().expect("a list").iter().map(|e| text(e, "id")).collect()
    };
    let only = |id: &String| vec![id.clone()];
    assert_eq!(ids("").await, [second.clone(), first.clone()]);
    assert_eq!(ids(&format!("?guild_id={guild}")).await, only(&first));
    assert_eq!(ids(&format!("?user_id={user}")).await, only(&second));
    assert_eq!(ids(&format!("?sku_ids={gold},1")).await, only(&first));
    assert_eq!(ids(&format!("?after={first}")).await, only(&second));
    assert_eq!(ids(&format!("?before={second}&limit=1")).await, only(&first));

    run(&line, "consume_entitlement", &[app, &second], None).await;
    assert_eq!(run(&line, "get_entitlement", &[app, &second], None).await["consumed"], true);
    assert_eq!(try_run(&line, "consume_entitlement", &[app, &first], None).await.code(), (400, 50035));
    run(&line, "delete_entitlement", &[app, &first], None).await;
    assert_eq!(try_run(&line, "delete_entitlement", &[app, &first], None).await.code(), (404, 10029));
    assert_eq!(ids("").await, only(&second), "what was taken back is left out");
    assert_eq!(ids("?exclude_deleted=false").await.len(), 2);
}

#[tokio::test]
async fn what_is_unknown_or_another_s_is_refused() {
    let (line, app, [gold, _]) = shop();
    let app = app.as_str();
    let user = line.ids.user;
    for (body, expected) in [
        (owned("1", user, 2), (404, 10027)),
        (owned(&gold, 1, 2), (404, 10013)),
        (owned(&gold, 1, 1), (404, 10004)),
        (owned(&gold, user, 3), (400, 50035)),
        (Some(json!({})), (400, 50035)),
    ] {
        let answer = try_run(&line, "create_entitlement", &[app], body).await;
        assert_eq!(answer.code(), expected, "{answer:?}");
    }
    assert_eq!(try_run(&line, "get_entitlement", &[app, "1"], None).await.code(), (404, 10029));
    assert_eq!(try_run(&line, "list_skus", &["1"], None).await.code(), (403, 20012));
    let limit = line.get(&format!("/applications/{app}/entitlements?limit=101")).await;
    assert_eq!(limit.code(), (400, 50035));
    let bad = line.get(&format!("/applications/{app}/entitlements?sku_ids=x")).await;
    assert_eq!(bad.code(), (400, 50035));
}

#[tokio::test]
async fn an_interaction_says_what_its_person_has_and_bots_are_told() {
    let (line, app, [gold, _]) = shop();
    let app = app.as_str();
    let command = json!({ "name": "shop", "description": "What there is" });
    run(&line, "create_application_command", &[app], Some(command)).await;
    let last = line.sim.journal().last();
    let made = run(&line, "create_entitlement", &[app], owned(&gold, line.ids.user, 2)).await;
    line.invoke("shop");
    run(&line, "delete_entitlement", &[app, &text(&made, "id")], None).await;
    line.invoke("shop");
    let (entries, ..) = line.sim.journal().query(last, usize::MAX, |e| e.kind == crate::EntryKind::Event);
    let entries: Vec<Value> = entries.iter().map(|e| json!(**e)).collect();
    let of =
        |name: &str| entries.iter().filter(|e| e["event"] == name).map(|e| &e["data"]).collect::<Vec<_>>();
    assert_eq!(of("ENTITLEMENT_CREATE")[0]["sku_id"], gold);
    assert_eq!(of("ENTITLEMENT_DELETE")[0]["deleted"], true);
    let told: Vec<usize> = of("INTERACTION_CREATE")
        .iter()
        .filter_map(|data| Some(data["entitlements"].as_array()?.len()))
        .collect();
    assert_eq!(told, [1, 0]);
}

#[test]
fn what_is_gone_leaves_no_entitlement_and_an_old_world_has_none() {
    let (line, _, [gold, _]) = shop();
    let application = line.ids.application;
    let give = |body: Value| cogwright_sim_world::monetization::CreateTestEntitlement { application, body };
    line.sim.apply(give(owned(&gold, line.ids.guild, 1).expect("a body"))).expect("is allowed");
    let count = |line: &Line| {
        let wanted = cogwright_sim_world::monetization::Wanted::default();
        let all = line
            .sim
            .read(|world, _| cogwright_sim_world::monetization::entitlements(world, application, &wanted));
        all.expect("is allowed").as_array().map(Vec::len)
    };
    assert_eq!(count(&line), Some(1));
    line.sim
        .apply(cogwright_sim_world::places::operator::DeleteGuild { guild: line.ids.guild })
        .expect("is allowed");
    assert_eq!(count(&line), Some(0));
    let (world, _) = World::default_world("", Timestamp::from_ms(1_792_000_000_000));
    let mut saved = serde_json::to_value(world).expect("serialises");
    for key in ["skus", "entitlements"] {
        saved.as_object_mut().expect("an object").remove(key);
    }
    serde_json::from_value::<World>(saved).expect("a world from before is read");
}
