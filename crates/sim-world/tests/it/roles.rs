//! Roles, overwrites and installing applications as a person does them: rank, what one may grant, what bots learn.

use cogwright_sim_world::{
    Action, Actor, ApiError, ApplicationId, ChannelId, DefaultIds, Event, EventKind, GuildId, RoleId, UserId,
    Viewer, World, commands, intents, permissions as p,
    places::{self, operator},
};
use serde_json::{Value, json};

use crate::helpers::{NOW, default_world, id, person, refused, role};

/// The default world, in which Mika the moderator also may manage roles and channels.
struct Stage {
    world: World,
    ids: DefaultIds,
    guild: GuildId,
    mika: Actor,
    owner: Actor,
}

impl Stage {
    fn new() -> Self {
        let (world, ids) = default_world();
        let mika = Actor::person(person(&world, "mika"));
        let (guild, owner) = (ids.guild, Actor::person(ids.user));
        let mut stage = Self { world, ids, guild, mika, owner };
        let role = stage.role("Moderator");
        let bits = stage.world.guild(guild).expect("is there").roles[&role].permissions | p::MANAGE_ROLES;
        let body = json!({ "permissions": bits.to_string() });
        stage.apply(operator::PatchRole { guild, role, body }).expect("is allowed");
        stage
    }

    fn apply<A: Action>(&mut self, action: A) -> Result<(A::Output, Vec<Event>), ApiError> {
        self.world.apply(action, NOW).map(|applied| (applied.output, applied.events))
    }

    #[track_caller]
    fn refused<A: Action>(&mut self, action: A) -> u32
    where
        A::Output: std::fmt::Debug,
    {
        refused(&mut self.world, action).code
    }

    fn role(&self, name: &str) -> RoleId {
        role(&self.world, &self.ids, name)
    }

    fn positions(&self) -> Vec<(String, i64)> {
        let roles = self.world.guild(self.guild).expect("is there").roles.values();
        let mut list: Vec<_> = roles.map(|r| (r.name.clone(), r.position)).collect();
        list.sort_by_key(|(_, position)| *position);
        list
    }

    fn person(&self, name: &str) -> UserId {
        person(&self.world, name)
    }

    /// What the default bot's gateway session would be sent.
    fn told(&self, events: &[Event]) -> Vec<&'static str> {
        let bot =
            Viewer::Bot { application: self.ids.application, intents: intents::ALL, large_threshold: 50 };
        events.iter().filter(|e| self.world.sees(e, &bot, NOW).is_some()).map(|e| e.kind.name()).collect()
    }
}

#[test]
fn roles_below_ones_own_are_made_changed_and_removed_and_bots_are_told() {
    let mut stage = Stage::new();
    let (actor, guild) = (stage.mika, stage.guild);
    let body = json!({ "name": "Helper", "colors": { "primary_color": 0x00AA_BBCC }, "hoist": true });
    let (role, events) = stage.apply(places::CreateRole { actor, guild, body }).expect("is allowed");
    assert_eq!((role["name"].as_str(), role["color"].as_u64()), (Some("Helper"), Some(0x00AA_BBCC)));
    // Bots that may read the audit log get its entry live.
    assert_eq!(stage.told(&events), ["GUILD_ROLE_CREATE", "GUILD_AUDIT_LOG_ENTRY_CREATE"]);
    let role: RoleId = id(&role);
    let body = json!({ "permissions": p::KICK_MEMBERS.to_string(), "name": null });
    let (changed, events) = stage.apply(places::PatchRole { actor, guild, role, body }).expect("is allowed");
    assert_eq!(changed["permissions"], p::KICK_MEMBERS.to_string());
    assert_eq!(changed["name"], "Helper", "null changes nothing");
    assert_eq!(stage.told(&events), ["GUILD_ROLE_UPDATE", "GUILD_AUDIT_LOG_ENTRY_CREATE"]);
    let ((), events) = stage.apply(places::DeleteRole { actor, guild, role }).expect("is allowed");
    assert_eq!(stage.told(&events), ["GUILD_ROLE_DELETE", "GUILD_AUDIT_LOG_ENTRY_CREATE"]);
    // Without a change nobody is told of one.
    let role = stage.role("Regular");
    let (_, events) = stage
        .apply(places::PatchRole { actor, guild, role, body: json!({ "name": "Regular" }) })
        .expect("is allowed");
    assert_eq!(stage.told(&events), [""; 0]);
}

#[test]
fn nobody_reaches_above_themselves_or_gives_what_they_lack() {
    let mut stage = Stage::new();
    let (actor, guild) = (stage.mika, stage.guild);
    let everyone = RoleId::from(guild);
    let (own, managed, regular) = (stage.role("Moderator"), stage.role("Cogwright"), stage.role("Regular"));
    let named = |role| places::PatchRole { actor, guild, role, body: json!({ "name": "x" }) };
    assert_eq!(stage.refused(named(own)), 50013, "one's own top role");
    assert_eq!(stage.refused(named(managed)), 50013, "a managed role");
    assert_eq!(stage.refused(places::DeleteRole { actor, guild, role: own }), 50013);
    assert_eq!(stage.refused(places::DeleteRole { actor, guild, role: managed }), 50013);
    assert_eq!(stage.refused(places::DeleteRole { actor, guild, role: everyone }), 50028);
    assert_eq!(stage.refused(places::DeleteRole { actor, guild, role: RoleId::new(1) }), 10011);
    for bits in [p::ADMINISTRATOR, p::MANAGE_GUILD, p::MANAGE_GUILD | p::KICK_MEMBERS] {
        let body = json!({ "permissions": bits.to_string() });
        assert_eq!(stage.refused(places::CreateRole { actor, guild, body: body.clone() }), 50013);
        assert_eq!(stage.refused(places::PatchRole { actor, guild, role: regular, body }), 50013);
    }
    // Taking is not giving, and the owner may do all of it.
    let body = json!({ "permissions": "0" });
    stage.apply(places::PatchRole { actor, guild, role: regular, body }).expect("is allowed");
    let body = json!({ "permissions": p::ADMINISTRATOR.to_string() });
    stage.apply(places::PatchRole { actor: stage.owner, guild, role: own, body }).expect("is allowed");
    // Somebody without MANAGE_ROLES, and somebody from elsewhere.
    let noor = Actor::person(stage.person("noor"));
    assert_eq!(stage.refused(places::CreateRole { actor: noor, guild, body: json!({}) }), 50013);
    let gradient = json!({ "colors": { "primary_color": 1, "secondary_color": 2 } });
    assert_eq!(stage.refused(places::CreateRole { actor: stage.owner, guild, body: gradient }), 50035);
}

#[test]
fn case_44_moved_roles_take_their_places_and_the_others_close_up() {
    let mut stage = Stage::new();
    let (guild, mika, owner) = (stage.guild, stage.mika, stage.owner);
    let (newcomer, regular, moderator) =
        (stage.role("Newcomer"), stage.role("Regular"), stage.role("Moderator"));
    let to = |actor, role: RoleId, position: i64| {
        let body = json!([{ "id": role, "position": position }]);
        places::MoveRoles { actor, guild, body }
    };
    let names =
        |stage: &Stage| -> Vec<String> { stage.positions().into_iter().map(|(name, _)| name).collect() };
    let (_, events) = stage.apply(to(Some(mika), newcomer, 2)).expect("is allowed");
    assert_eq!(names(&stage), ["@everyone", "Regular", "Newcomer", "Cogwright", "Moderator"]);
    let told = ["GUILD_ROLE_UPDATE", "GUILD_ROLE_UPDATE", "GUILD_AUDIT_LOG_ENTRY_CREATE"];
    assert_eq!(stage.told(&events), told, "both that changed places, and who moved the one");
    // A new role stands at 1 beside another; afterwards each has a place of its own.
    stage
        .apply(places::CreateRole { actor: owner, guild, body: json!({ "name": "New" }) })
        .expect("is allowed");
    let role = stage.role("New");
    stage.apply(to(Some(owner), role, 99)).expect("is allowed");
    assert_eq!(names(&stage), ["@everyone", "Regular", "Newcomer", "Cogwright", "Moderator", "New"]);
    let positions: Vec<i64> = stage.positions().into_iter().map(|(_, position)| position).collect();
    assert_eq!(positions, [0, 1, 2, 3, 4, 5]);

    assert_eq!(stage.refused(to(Some(mika), role, 1)), 50013, "stands above");
    assert_eq!(stage.refused(to(Some(mika), regular, 5)), 50013, "would stand above");
    assert_eq!(stage.refused(to(Some(mika), moderator, 1)), 50013, "one's own top role");
    assert_eq!(stage.refused(to(Some(owner), guild.into(), 3)), 50028);
    assert_eq!(stage.refused(to(Some(owner), RoleId::new(1), 3)), 10011);
    let body = json!([{ "position": "low" }]);
    assert_eq!(stage.refused(places::MoveRoles { actor: Some(owner), guild, body }), 50035);
    stage.apply(to(None, moderator, 1)).expect("is allowed");
    assert_eq!(names(&stage)[1], "Moderator", "no rank binds the operator");
}

#[test]
fn case_44_who_holds_a_role_is_counted_and_a_deleted_one_leaves_nothing() {
    let mut stage = Stage::new();
    let (guild, owner, channel) = (stage.guild, stage.owner, stage.ids.channel);
    let count = |stage: &Stage, role: RoleId| {
        let counts = places::role_member_counts(&stage.world, owner, guild, NOW).expect("is allowed");
        assert_eq!(counts.get(guild.to_string()), None, "@everyone is not counted");
        counts[role.to_string()].as_u64()
    };
    let (role, _) = stage
        .apply(places::CreateRole { actor: owner, guild, body: json!({ "name": "New" }) })
        .expect("is allowed");
    let role: RoleId = id(&role);
    assert_eq!(count(&stage, role), Some(0));
    let holders = [stage.person("noor"), stage.mika.user];
    for user in holders {
        stage
            .apply(places::SetMemberRole { actor: owner, guild, user, role, give: true })
            .expect("is allowed");
    }
    assert_eq!(count(&stage, role), Some(2));
    let body = json!({ "type": 0, "deny": p::ADD_REACTIONS.to_string() });
    stage
        .apply(places::SetOverwrite { actor: Some(owner), channel, target: role.get(), body })
        .expect("is allowed");
    // A new role and "Newcomer" both stand at 1; of two at one position the older ranks higher.
    let newcomer = stage.role("Newcomer");
    let positions: Vec<i64> =
        [role, newcomer].map(|id| stage.world.guild(guild).expect("is there").roles[&id].position).into();
    assert_eq!(positions, [1, 1]);
    let body = json!({ "permissions": p::MANAGE_ROLES.to_string() });
    stage.apply(places::PatchRole { actor: owner, guild, role: newcomer, body }).expect("is allowed");
    let body = json!({ "username": "newest" });
    let (person, _) = stage.apply(operator::CreateUser { body }).expect("is allowed");
    let user: UserId = id(&person);
    stage.apply(places::JoinGuild { user, guild }).expect("is allowed");
    stage
        .apply(places::SetMemberRole { actor: owner, guild, user, role: newcomer, give: true })
        .expect("is allowed");
    let rename =
        |role| places::PatchRole { actor: Actor::person(user), guild, role, body: json!({ "name": "x" }) };
    stage.apply(rename(role)).expect("stands below");
    assert_eq!(stage.refused(rename(newcomer)), 50013);

    let ((), events) = stage.apply(places::DeleteRole { actor: owner, guild, role }).expect("is allowed");
    let told = stage.told(&events);
    for (event, times) in [("GUILD_ROLE_DELETE", 1), ("GUILD_MEMBER_UPDATE", 2), ("CHANNEL_UPDATE", 1)] {
        assert_eq!(told.iter().filter(|name| **name == event).count(), times, "{event} in {told:?}");
    }
    let guild = stage.world.guild(guild).expect("is there");
    assert!(holders.iter().all(|user| !guild.members[user].roles.contains(&role)));
    assert!(stage.world.channel(channel).expect("is there").overwrites.iter().all(|o| o.id != role.get()));
}

#[test]
fn an_overwrite_is_set_and_removed_and_bots_see_channels_go_and_come() {
    let mut stage = Stage::new();
    let (guild, owner, channel) = (stage.guild, stage.owner, stage.ids.channel);
    let set = |actor, target: u64, body: Value| places::SetOverwrite { actor, channel, target, body };
    let body = json!({ "type": 0, "allow": "0", "deny": p::ADD_REACTIONS.to_string() });
    let ((), events) = stage.apply(set(Some(owner), guild.get(), body.clone())).expect("is allowed");
    assert_eq!(stage.told(&events), ["CHANNEL_UPDATE", "GUILD_AUDIT_LOG_ENTRY_CREATE"]);
    assert_eq!(stage.world.channel(channel).expect("is there").overwrites.len(), 1);
    // The same again is no news; the other way round replaces it.
    assert_eq!(
        stage.apply(set(None, guild.get(), body)).expect("is allowed").1.len(),
        5 - 1,
        "four people look again"
    );
    let body = json!({ "type": 0, "allow": p::ADD_REACTIONS.to_string() });
    stage.apply(set(None, guild.get(), body)).expect("is allowed");
    assert_eq!(stage.world.channel(channel).expect("is there").overwrites[0].deny, 0);

    // A bot that is no administrator loses the channel and gets it back.
    let role = stage.role("Cogwright");
    let body = json!({ "permissions": p::VIEW_CHANNEL.to_string() });
    stage.apply(operator::PatchRole { guild, role, body }).expect("is allowed");
    let hidden = json!({ "type": 1, "deny": p::VIEW_CHANNEL.to_string() });
    let bot = UserId::from(stage.ids.application);
    let ((), events) = stage.apply(set(Some(owner), bot.get(), hidden)).expect("is allowed");
    assert_eq!(stage.told(&events), ["CHANNEL_DELETE"]);
    let ((), events) = stage
        .apply(places::DeleteOverwrite { actor: Some(owner), channel, target: bot.get() })
        .expect("is allowed");
    assert_eq!(stage.told(&events), ["CHANNEL_CREATE", "CHANNEL_UPDATE"]);
    let again = places::DeleteOverwrite { actor: Some(owner), channel, target: bot.get() };
    assert_eq!(stage.refused(again), 10009);
    assert_eq!(stage.refused(set(Some(owner), 17, json!({ "type": 0 }))), 10009);
    assert_eq!(stage.refused(set(Some(owner), 17, json!({ "type": 0, "allow": "much" }))), 50035);

    // MANAGE_ROLES is needed, and bits that one holds.
    let mika = stage.mika;
    let noor = Actor::person(stage.person("noor"));
    let kick = |bits: u64| json!({ "type": 0, "deny": bits.to_string() });
    assert_eq!(stage.refused(set(Some(noor), guild.get(), kick(p::ADD_REACTIONS))), 50013);
    assert_eq!(stage.refused(set(Some(mika), guild.get(), kick(p::MANAGE_CHANNELS))), 50013);
    stage.apply(set(Some(mika), guild.get(), kick(p::ADD_REACTIONS))).expect("is allowed");
}

fn invite(
    user: Actor,
    application: ApplicationId,
    guild: GuildId,
    body: Value,
) -> places::AuthorizeApplication {
    places::AuthorizeApplication { user: user.user, application, guild, body }
}

#[test]
fn case_40_an_invited_bot_joins_with_a_managed_role_and_is_told_live() {
    let mut stage = Stage::new();
    let (guild, owner) = (stage.guild, stage.owner);
    let (made, _) =
        stage.apply(operator::CreateApplication { body: json!({ "name": "Guest" }) }).expect("is allowed");
    let application: ApplicationId = id(&made["application"]);
    let both =
        json!({ "scopes": ["bot", "applications.commands"], "permissions": p::KICK_MEMBERS.to_string() });
    let noor = Actor::person(stage.person("noor"));
    assert_eq!(stage.refused(invite(noor, application, guild, both.clone())), 50013, "no Manage Guild");
    assert_eq!(stage.refused(invite(owner, ApplicationId::new(1), guild, both.clone())), 10002);
    assert_eq!(stage.refused(invite(owner, application, GuildId::new(1), both.clone())), 10004);
    for scopes in [json!([]), json!(["identify"]), json!("bot"), Value::Null] {
        assert_eq!(stage.refused(invite(owner, application, guild, json!({ "scopes": scopes }))), 50035);
    }
    let (answer, events) = stage.apply(invite(owner, application, guild, both)).expect("is allowed");
    assert_eq!(answer["role"]["permissions"], p::KICK_MEMBERS.to_string());
    assert_eq!((&answer["role"]["managed"], &answer["role"]["name"]), (&json!(true), &json!("Guest")));
    assert_eq!(answer["member"]["roles"], json!([answer["role"]["id"]]));
    let bot = Viewer::Bot { application, intents: intents::ALL, large_threshold: 50 };
    let created: Vec<_> = events.iter().filter(|e| e.kind == EventKind::GuildCreate).collect();
    assert_eq!(created.len(), 1);
    assert!(stage.world.sees(created[0], &bot, NOW).is_some(), "GUILD_CREATE reaches the bot");
    assert_eq!(
        stage.world.guild_permissions(guild, application.into(), NOW) & p::KICK_MEMBERS,
        p::KICK_MEMBERS
    );
    // Invited again it has the new permissions, in the same role.
    let less = json!({ "scopes": ["bot"], "permissions": "0" });
    let (again, _) = stage.apply(invite(owner, application, guild, less)).expect("is allowed");
    assert_eq!((&again["role"]["id"], &again["role"]["permissions"]), (&answer["role"]["id"], &json!("0")));

    let remove = |user: Actor| places::RemoveApplication { user: user.user, application, guild };
    assert_eq!(stage.refused(remove(noor)), 50013);
    let ((), events) = stage.apply(remove(owner)).expect("is allowed");
    let deleted = events.iter().find(|e| e.kind == EventKind::GuildDelete).expect("it is told");
    assert!(stage.world.sees(deleted, &bot, NOW).is_some());
    assert!(!stage.world.guild(guild).expect("is there").roles.values().any(|r| r.bot == Some(application)));
    assert_eq!(stage.refused(remove(owner)), 10005);
}

#[test]
fn an_application_that_is_not_public_is_for_its_owner_only() {
    let mut stage = Stage::new();
    let (guild, owner, mika) = (stage.guild, stage.owner, stage.mika);
    let body = json!({ "name": "Private", "owner": mika.user, "public": false });
    let (made, _) = stage.apply(operator::CreateApplication { body }).expect("is allowed");
    let application: ApplicationId = id(&made["application"]);
    let scopes = json!({ "scopes": ["bot"] });
    assert_eq!(stage.refused(invite(owner, application, guild, scopes.clone())), 20012);
    assert_eq!(stage.refused(invite(mika, application, guild, scopes.clone())), 50013, "no Manage Guild");
    stage.apply(operator::PatchGuild { guild, body: json!({ "owner": mika.user }) }).expect("is allowed");
    let (answer, _) = stage.apply(invite(mika, application, guild, scopes)).expect("is allowed");
    assert!(answer["member"].is_object());
    assert_eq!(answer["role"], Value::Null, "without permissions there is no managed role");
}

#[test]
fn commands_alone_need_no_bot_in_the_guild() {
    let mut stage = Stage::new();
    let (guild, owner, channel) = (stage.guild, stage.owner, stage.ids.channel);
    let (made, _) =
        stage.apply(operator::CreateApplication { body: json!({ "name": "Guest" }) }).expect("is allowed");
    let application: ApplicationId = id(&made["application"]);
    let body = json!({ "name": "hello", "description": "Says hello" });
    stage
        .apply(commands::CreateCommand {
            actor: Actor::bot(application),
            scope: commands::Scope { application, guild: None },
            body,
        })
        .expect("is allowed");
    let there = |stage: &Stage, channel: ChannelId| {
        let list = commands::usable(&stage.world, owner.user, channel, NOW).expect("is allowed");
        list.iter().any(|c| c.application == application)
    };
    assert!(!there(&stage, channel));
    let only = json!({ "scopes": ["applications.commands"] });
    let (answer, events) = stage.apply(invite(owner, application, guild, only)).expect("is allowed");
    assert_eq!((&answer["member"], &answer["role"]), (&Value::Null, &Value::Null));
    assert!(events.iter().all(|e| e.kind != EventKind::GuildCreate), "no bot joins");
    let told = ["GUILD_INTEGRATIONS_UPDATE", "INTEGRATION_CREATE", "GUILD_AUDIT_LOG_ENTRY_CREATE"];
    assert_eq!(stage.told(&events), told);
    assert!(there(&stage, channel));
    stage.apply(places::RemoveApplication { user: owner.user, application, guild }).expect("is allowed");
    assert!(!there(&stage, channel));
}
