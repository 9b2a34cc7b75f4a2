//! Invites: who may make, see, revoke and accept them, what the gateway and the audit log tell.

use std::time::Duration;

use cogwright_sim_world::{
    Actor, ApiError, ChannelId, RoleId, Status, UserId, Viewer, intents, invites, permissions as p,
    places::{self, operator},
};
use serde_json::{Value, json};

use crate::{
    helpers::{NOW, id, role},
    stage::Stage,
};

fn create(stage: &Stage, actor: Actor, body: Value) -> invites::CreateInvite {
    invites::CreateInvite { actor, channel: stage.ids.channel, body, files: Vec::new() }
}

/// The code of an invite of the owner's.
#[track_caller]
fn new_code(stage: &mut Stage, body: Value) -> String {
    let made = stage.does(create(stage, stage.owner, body));
    made["code"].as_str().expect("a code").to_owned()
}

/// Somebody who is in no guild.
fn stranger(stage: &mut Stage) -> UserId {
    id(&stage.does(operator::CreateUser { body: json!({ "username": "stranger" }) }))
}

fn accept(user: UserId, code: &str) -> invites::AcceptInvite {
    invites::AcceptInvite { user, code: code.to_owned() }
}

#[test]
fn those_who_manage_the_channel_are_told_with_the_intent() {
    let mut stage = Stage::new();
    let (made, events) = stage.apply(create(&stage, stage.owner, json!({ "max_uses": 3 })));
    assert_eq!(stage.told_with(&events, intents::GUILD_INVITES), ["INVITE_CREATE"]);
    assert_eq!(stage.told_with(&events, intents::GUILDS), [""; 0]);
    assert_eq!(stage.told_as(&events, &Viewer::Person(stage.noor.user)), [""; 0], "no MANAGE_CHANNELS");
    assert_eq!(
        stage.told_as(&events, &Viewer::Person(stage.owner.user)),
        ["INVITE_CREATE", "GUILD_AUDIT_LOG_ENTRY_CREATE"]
    );
    let data = &events[0].data;
    assert_eq!((&data["code"], &data["max_uses"], &data["uses"]), (&made["code"], &json!(3), &json!(0)));
    assert_eq!(data["channel_id"], stage.ids.channel.to_string());
    let entry = stage.audit_entry();
    let codes = |entry: &Value| entry["changes"].as_array().map(|c| c[0].clone());
    assert_eq!(entry["action_type"], 40);
    assert_eq!(codes(&entry), Some(json!({ "key": "code", "new_value": made["code"] })));
    let (_, events) = stage.apply(create(&stage, stage.owner, json!({ "max_uses": 3 })));
    assert!(events.is_empty(), "the same invite again");
    let code = made["code"].as_str().expect("a code").to_owned();
    let actor = stage.owner;
    let (_, events) = stage.apply(invites::RevokeInvite { actor, code: code.clone() });
    assert_eq!(stage.told_with(&events, intents::GUILD_INVITES), ["INVITE_DELETE"]);
    assert_eq!(
        *events[0].data,
        json!({ "channel_id": stage.ids.channel, "guild_id": stage.guild, "code": code })
    );
    let entry = stage.audit_entry();
    assert_eq!((&entry["action_type"], &entry["target_id"]), (&json!(42), &Value::Null));
}

#[test]
fn making_and_revoking_need_their_permissions() {
    let mut stage = Stage::new();
    let (guild, noor, owner) = (stage.guild, stage.noor, stage.owner);
    let code = new_code(&mut stage, json!({}));
    assert_eq!(stage.refused(invites::RevokeInvite { actor: noor, code: code.clone() }), 50013);
    let read = |r: Result<Value, ApiError>| r.expect_err("refused").code;
    assert_eq!(read(invites::channel_invites(&stage.world, noor, stage.ids.channel, NOW)), 50013);
    assert_eq!(read(invites::guild_invites(&stage.world, noor, guild, NOW)), 50013);
    assert_eq!(read(invites::vanity_url(&stage.world, noor, guild, NOW)), 50013);
    assert_eq!(invites::target_users(&stage.world, noor, &code, NOW).expect_err("refused").code, 50013);
    // A moderator may see the log, and with it the invites, but not how often they were used.
    let mika = stage.mika;
    let seen = invites::guild_invites(&stage.world, mika, guild, NOW).expect("VIEW_AUDIT_LOG");
    assert_eq!((&seen[0]["code"], seen[0].get("uses")), (&json!(code), None));
    stage.does(create(&stage, noor, json!({})));
    let newcomer = role(&stage.world, &stage.ids, "Newcomer");
    assert_eq!(stage.refused(create(&stage, noor, json!({ "role_ids": [newcomer] }))), 50013, "MANAGE_ROLES");
    let file = cogwright_sim_world::Upload {
        index: 0,
        filename: "u.csv".into(),
        content_type: None,
        bytes: b"1\n".to_vec(),
    };
    let some = invites::CreateInvite { files: vec![file], ..create(&stage, noor, json!({})) };
    assert_eq!(stage.refused(some), 50013, "MANAGE_GUILD");
    let body = json!({ "permissions": p::VIEW_CHANNEL.to_string() });
    stage.does(operator::PatchRole { guild, role: guild.into(), body });
    assert_eq!(stage.refused(create(&stage, noor, json!({}))), 50013);
    let managed = role(&stage.world, &stage.ids, "Cogwright");
    assert_eq!(stage.refused(create(&stage, owner, json!({ "role_ids": [managed] }))), 50013);
    let body = json!({ "recipient_id": noor.user });
    let dm: ChannelId = id(&stage.does(places::OpenDm { actor: owner, body }));
    let there = invites::CreateInvite { channel: dm, ..create(&stage, owner, json!({})) };
    assert_eq!(stage.refused(there), 50003);
}

#[test]
fn accepting_counts_a_use_and_the_last_one_ends_the_invite() {
    let mut stage = Stage::new();
    let user = stranger(&mut stage);
    let newcomer = role(&stage.world, &stage.ids, "Newcomer");
    let code = new_code(&mut stage, json!({ "max_uses": 1, "role_ids": [newcomer] }));
    let (joined, events) = stage.apply(accept(user, &code));
    assert_eq!((&joined["new_member"], &joined["member"]["roles"]), (&json!(true), &json!([newcomer])));
    assert_eq!(joined["invite"]["roles"][0]["id"], newcomer.to_string());
    let told = stage.told(&events);
    assert_eq!(told, ["INVITE_DELETE", "GUILD_MEMBER_ADD", "MESSAGE_CREATE"]);
    assert_eq!(stage.refused(accept(user, &code)), 10006);
    assert_eq!(stage.refused(invites::AcceptInvite { user: stage.ids.application.into(), code }), 20001);
    // Those who are there already get the roles, and use nothing up.
    let regular = role(&stage.world, &stage.ids, "Regular");
    let code = new_code(&mut stage, json!({ "max_uses": 1, "role_ids": [regular] }));
    for new_roles in [["GUILD_MEMBER_UPDATE"].as_slice(), &[]] {
        let (again, events) = stage.apply(accept(user, &code));
        assert_eq!(
            (&again["new_member"], &again["member"]["roles"]),
            (&json!(false), &json!([newcomer, regular]))
        );
        assert_eq!(stage.told(&events), new_roles);
    }
    // A role that is gone is given by no invite.
    stage.does(operator::DeleteRole { guild: stage.guild, role: regular });
    assert!(invites::invite(&stage.world, &code, false, NOW).expect("good").get("roles").is_none());
    // An invite goes with its channel.
    stage.does(operator::DeleteChannel { channel: stage.ids.channel });
    assert_eq!(stage.refused(accept(user, &code)), 10006);
}

#[test]
fn an_invite_for_some_is_no_invite_for_others() {
    let mut stage = Stage::new();
    let user = stranger(&mut stage);
    let file = |bytes: String| cogwright_sim_world::Upload {
        index: 0,
        filename: "u.csv".into(),
        content_type: None,
        bytes: bytes.into_bytes(),
    };
    let files = vec![file(format!("user_id\r\n\"{}\"\r\n", stage.noor.user))];
    let made = stage.does(invites::CreateInvite { files, ..create(&stage, stage.owner, json!({})) });
    let code = made["code"].as_str().expect("a code").to_owned();
    assert_eq!(stage.refused(accept(user, &code)), 10006);
    let files = vec![file(user.to_string())];
    let actor = stage.noor;
    assert_eq!(
        stage.refused(invites::SetTargetUsers { actor, code: code.clone(), files: files.clone() }),
        50013
    );
    stage.does(invites::SetTargetUsers { actor: stage.owner, code: code.clone(), files });
    let (actor, guild) = (stage.owner, stage.guild);
    stage.does(places::moderation::BanUser { actor, guild, user, body: json!({}) });
    assert_eq!(stage.refused(accept(user, &code)), 40007);
    stage.does(places::moderation::Unban { actor, guild, user });
    stage.does(accept(user, &code));
}

#[test]
fn expired_invites_are_forgotten_without_an_event() {
    let mut stage = Stage::new();
    let user = stranger(&mut stage);
    let code = new_code(&mut stage, json!({ "max_age": 60 }));
    let end = NOW.plus(Duration::from_secs(60));
    assert_eq!(stage.world.next_deadline(), Some(end));
    assert_eq!(stage.world.apply(accept(user, &code), end).expect_err("expired").code, 10006);
    assert!(stage.world.tick(end).is_empty());
    assert_eq!(stage.world.next_deadline(), None);
    // One that is good again in the eyes of a clock set back is gone all the same.
    assert_eq!(stage.refused(accept(user, &code)), 10006);
}

#[test]
fn who_came_for_a_visit_leaves_on_going_offline_without_a_role() {
    let mut stage = Stage::new();
    let (user, guild) = (stranger(&mut stage), stage.guild);
    let code = new_code(&mut stage, json!({ "temporary": true }));
    let offline = || places::SetPresence { user, status: Status::Offline, activities: None };
    let online = || places::SetPresence { user, status: Status::Online, activities: None };
    let role: RoleId = role(&stage.world, &stage.ids, "Newcomer");
    for stays in [false, true] {
        stage.does(online());
        stage.does(accept(user, &code));
        if stays {
            let actor = stage.owner;
            stage.does(places::SetMemberRole { actor, guild, user, role, give: true });
        }
        let ((), events) = stage.apply(offline());
        let left = stage.told(&events).contains(&"GUILD_MEMBER_REMOVE");
        assert_eq!((left, stage.world.member(guild, user).is_ok()), (!stays, stays));
    }
}
