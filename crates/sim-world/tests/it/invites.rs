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

/// A file that lists these users.
fn list(users: &[UserId]) -> cogwright_sim_world::Upload {
    let lines: Vec<String> = users.iter().map(ToString::to_string).collect();
    let bytes = lines.join("\n").into_bytes();
    cogwright_sim_world::Upload { index: 0, filename: "u.csv".into(), content_type: None, bytes }
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
    let mut data = (*events[0].data).clone();
    assert_eq!(data["inviter"]["id"], stage.owner.user.to_string());
    data["inviter"] = Value::Null;
    let end = NOW.plus(Duration::from_secs(86_400));
    let expected = json!({
        "type": 0, "code": made["code"], "channel_id": stage.ids.channel, "guild_id": stage.guild, "inviter": null,
        "expires_at": end.iso(), "flags": 0, "uses": 0, "max_uses": 3, "max_age": 86_400, "temporary": false,
        "created_at": NOW.iso(),
    });
    assert_eq!(data, expected);
    assert_eq!((&made["expires_at"], &made["created_at"]), (&json!(end.iso()), &json!(NOW.iso())));
    let channel = json!({ "id": stage.ids.channel, "type": 0, "name": "general" });
    assert_eq!((&made["channel"], &made["inviter"]["id"]), (&channel, &json!(stage.owner.user)));
    let entry = stage.audit_entry();
    assert_eq!((&entry["action_type"], &entry["target_id"]), (&json!(40), &Value::Null));
    let (code, channel, owner) = (made["code"].clone(), stage.ids.channel, stage.owner.user);
    let facts = |value: &str| {
        json!([
            { "key": "code", value: code },
            { "key": "channel_id", value: channel },
            { "key": "inviter_id", value: owner },
            { "key": "uses", value: 0 },
            { "key": "max_uses", value: 3 },
            { "key": "max_age", value: 86_400 },
            { "key": "temporary", value: false },
            { "key": "flags", value: 0 },
        ])
    };
    assert_eq!(entry["changes"], facts("new_value"));
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
    assert_eq!((&entry["action_type"], &entry["changes"]), (&json!(42), &facts("old_value")));
    // Roles are told by their ids.
    let newcomer = role(&stage.world, &stage.ids, "Newcomer");
    let body = json!({ "role_ids": [newcomer, newcomer] });
    let (made, events) = stage.apply(create(&stage, stage.owner, body));
    assert_eq!(events[0].data["role_ids"], json!([newcomer]));
    assert_eq!(
        (&made["roles"][0]["name"], made["roles"].as_array().map(Vec::len)),
        (&json!("Newcomer"), Some(1))
    );
}

#[test]
fn an_invite_is_made_again_only_for_the_same() {
    let mut stage = Stage::new();
    let newcomer = role(&stage.world, &stage.ids, "Newcomer");
    let plain = new_code(&mut stage, json!({}));
    assert_eq!(new_code(&mut stage, json!({})), plain);
    let same = [
        json!({ "unique": true }),
        json!({ "max_age": 60 }),
        json!({ "max_uses": 1 }),
        json!({ "temporary": true }),
        json!({ "role_ids": [newcomer] }),
    ];
    let mut codes = vec![plain.clone()];
    for body in same {
        let code = new_code(&mut stage, body.clone());
        assert!(!codes.contains(&code), "{body}");
        codes.push(code);
    }
    let files = vec![list(&[stage.noor.user])];
    let made = stage.does(invites::CreateInvite { files, ..create(&stage, stage.owner, json!({})) });
    assert!(!codes.iter().any(|code| made["code"] == json!(code)));
    let mika = stage.mika;
    stage.grant("Regular", p::CREATE_INSTANT_INVITE);
    let others = stage.does(create(&stage, mika, json!({})));
    assert_ne!(others["code"], json!(plain), "another person's");
    // What has lost its roles is an invite without them.
    stage.does(invites::RevokeInvite { actor: stage.owner, code: plain });
    for code in &codes[1..2] {
        stage.does(invites::RevokeInvite { actor: stage.owner, code: code.clone() });
    }
    stage.does(operator::DeleteRole { guild: stage.guild, role: newcomer });
    assert_eq!(new_code(&mut stage, json!({})), codes[5]);
}

#[test]
fn lists_are_of_their_channel_and_guild() {
    let mut stage = Stage::new();
    let (owner, guild, channel) = (stage.owner, stage.guild, stage.ids.channel);
    let near = stage.made(guild, "near", 0);
    let other = stage.does(operator::CreateGuild { body: json!({ "name": "Other", "owner": owner.user }) });
    let far = stage.made(id(&other), "far", 0);
    let mut made = |channel| {
        let there = invites::CreateInvite { channel, ..create(&stage, owner, json!({})) };
        stage.does(there)["code"].clone()
    };
    let (here, near_code, far_code) = (made(channel), made(near), made(far));
    let codes = |list: Result<Value, ApiError>| -> Vec<Value> {
        let list = list.expect("is allowed");
        list.as_array().expect("a list").iter().map(|i| i["code"].clone()).collect()
    };
    assert_eq!(
        codes(invites::channel_invites(&stage.world, owner, channel, NOW)),
        std::slice::from_ref(&here)
    );
    assert_eq!(
        codes(invites::channel_invites(&stage.world, owner, near, NOW)),
        std::slice::from_ref(&near_code)
    );
    let mut both = codes(invites::guild_invites(&stage.world, owner, guild, NOW));
    both.sort_by_key(|code| *code != here);
    assert_eq!(both, [here, near_code]);
    assert_eq!(codes(invites::guild_invites(&stage.world, owner, id(&other), NOW)), [far_code]);
    let body = json!({ "name": "t", "type": 11 });
    let thread: ChannelId =
        id(&stage.does(places::CreateThread { actor: owner, channel, body, files: Vec::new() }));
    let there = invites::CreateInvite { channel: thread, ..create(&stage, owner, json!({})) };
    assert_eq!(stage.refused(there), 50024);
}

#[test]
fn either_permission_revokes_and_the_list_of_people_is_for_few() {
    let mut stage = Stage::new();
    let bot = stage.bot;
    for bits in [p::MANAGE_CHANNELS, p::MANAGE_GUILD] {
        let code = new_code(&mut stage, json!({}));
        stage.bot_may(p::VIEW_CHANNEL | p::CREATE_INSTANT_INVITE);
        let revoke = || invites::RevokeInvite { actor: bot, code: code.clone() };
        assert_eq!(stage.refused(revoke()), 50013);
        stage.bot_may(p::VIEW_CHANNEL | bits);
        stage.does(revoke());
    }
    let noor = stage.noor;
    stage.bot_may(p::ADMINISTRATOR);
    let files = vec![list(&[noor.user])];
    let made = stage.does(invites::CreateInvite { files, ..create(&stage, bot, json!({})) });
    let code = made["code"].as_str().expect("a code").to_owned();
    // The inviter, then others by permission.
    let read = |stage: &Stage, actor| {
        let users = invites::target_users(&stage.world, actor, &code, NOW).map_err(|e| e.code);
        let job = invites::target_users_job(&stage.world, actor, &code, NOW).map_err(|e| e.code);
        (users.map(|_| ()), job.map(|_| ()))
    };
    let set = |actor| invites::SetTargetUsers { actor, code: code.clone(), files: vec![list(&[noor.user])] };
    stage.bot_may(p::VIEW_CHANNEL);
    assert_eq!(read(&stage, bot), (Ok(()), Ok(())));
    stage.does(set(bot));
    let second = stage.second_bot(0);
    assert_eq!(read(&stage, second), (Err(50013), Err(50013)));
    assert_eq!(stage.refused(set(second)), 50013);
    let application = second.application.expect("a bot");
    let may = |stage: &mut Stage, bits: u64| {
        let body = json!({ "permissions": bits.to_string() });
        stage.does(operator::PatchApplication { application, body });
    };
    may(&mut stage, p::VIEW_AUDIT_LOG);
    assert_eq!(read(&stage, second), (Ok(()), Ok(())));
    assert_eq!(stage.refused(set(second)), 50013);
    may(&mut stage, p::MANAGE_GUILD);
    assert_eq!(read(&stage, second), (Ok(()), Ok(())));
    stage.does(set(second));
    let job = invites::target_users_job(&stage.world, bot, &code, NOW).expect("there");
    assert_eq!((&job["created_at"], &job["completed_at"]), (&json!(NOW.iso()), &json!(NOW.iso())));
}

#[test]
fn roles_are_given_by_whoever_could_give_them_by_hand() {
    let mut stage = Stage::new();
    let bot = stage.bot;
    let newcomer = role(&stage.world, &stage.ids, "Newcomer");
    let moderator = role(&stage.world, &stage.ids, "Moderator");
    let with = |stage: &Stage, role: RoleId| create(stage, bot, json!({ "role_ids": [role] }));
    stage.bot_may(p::VIEW_CHANNEL | p::CREATE_INSTANT_INVITE);
    let asked = with(&stage, newcomer);
    assert_eq!(stage.refused(asked), 50013, "MANAGE_ROLES");
    stage.bot_may(p::VIEW_CHANNEL | p::CREATE_INSTANT_INVITE | p::MANAGE_ROLES);
    let asked = with(&stage, moderator);
    assert_eq!(stage.refused(asked), 50013, "above it");
    let asked = with(&stage, newcomer);
    stage.does(asked);
}

#[test]
fn a_target_needs_a_stream_or_an_activity_which_nobody_has() {
    let mut stage = Stage::new();
    let (owner, guild) = (stage.owner, stage.guild);
    let voice = stage.made(guild, "voice", 2);
    for (channel, kind, key, code) in [
        (stage.ids.channel, 1, "target_type", "GUILD_INVITE_INVALID_TARGET_TYPE"),
        (voice, 1, "target_user_id", "GUILD_INVITE_INVALID_STREAMER"),
        (voice, 2, "target_application_id", "GUILD_INVITE_INVALID_APPLICATION"),
    ] {
        let body = json!({ "target_type": kind });
        let there = invites::CreateInvite { channel, ..create(&stage, owner, body) };
        let refused = stage.refusal(there).body();
        assert_eq!(refused["errors"][key]["_errors"][0]["code"], code, "{refused}");
    }
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
        // Their client looks again at what it may see.
        let told = stage.told_as(&events, &Viewer::Person(user));
        assert_eq!(told.contains(&"VIEW_CHANGED"), !new_roles.is_empty());
    }
    // A role that is gone is given by no invite.
    stage.does(operator::DeleteRole { guild: stage.guild, role: regular });
    assert!(invites::invite(&stage.world, &code, false, None, NOW).expect("good").get("roles").is_none());
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
    // A role that comes with the invite is one as well.
    stage.does(operator::RemoveMember { guild, user });
    let code = new_code(&mut stage, json!({ "temporary": true, "role_ids": [role] }));
    stage.does(online());
    stage.does(accept(user, &code));
    stage.does(offline());
    assert!(stage.world.member(guild, user).is_ok());
}
