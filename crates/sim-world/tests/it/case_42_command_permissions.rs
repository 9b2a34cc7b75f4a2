//! Acceptance case 42: who may use a command, beside what its default permissions say.

use cogwright_sim_world::{
    Action, Actor, ApiError, ApplicationId, Audience, AuditAction, ChannelId, CommandId, DefaultIds, Event,
    EventKind, GuildId, UserId, World,
    commands::{self, CreateCommand, DeleteCommand, EditCommand, Scope, SetCommandPermissions},
    permissions as p,
    places::{self, operator},
};
use serde_json::{Value, json};

use crate::helpers::{NOW, default_world, id, person, refused, role};

/// The default world, whose bot has `/open` and `/closed`, the latter with default permissions "0".
struct Stage {
    world: World,
    ids: DefaultIds,
    open: CommandId,
    closed: CommandId,
}

impl Stage {
    fn new() -> Self {
        let (world, ids) = default_world();
        let mut stage = Self { world, ids, open: CommandId::new(1), closed: CommandId::new(1) };
        stage.open = stage.create(json!({ "name": "open", "description": "d" }));
        stage.closed =
            stage.create(json!({ "name": "closed", "description": "d", "default_member_permissions": "0" }));
        stage
    }

    fn apply<A: Action>(&mut self, action: A) -> Result<(A::Output, Vec<Event>), ApiError> {
        self.world.apply(action, NOW).map(|applied| (applied.output, applied.events))
    }

    fn create(&mut self, body: Value) -> CommandId {
        let (actor, scope) = (self.bot(), self.global());
        id(&self.apply(CreateCommand { actor, scope, body }).expect("is allowed").0.command)
    }

    fn bot(&self) -> Actor {
        Actor::bot(self.ids.application)
    }

    fn global(&self) -> Scope {
        Scope { application: self.ids.application, guild: None }
    }

    fn local(&self) -> Scope {
        Scope { guild: Some(self.ids.guild), ..self.global() }
    }

    fn set(&self, user: UserId, command: u64, permissions: Value) -> SetCommandPermissions {
        SetCommandPermissions {
            application: self.ids.application,
            user,
            scope: self.local(),
            command: CommandId::new(command),
            body: json!({ "permissions": permissions }),
        }
    }

    /// Robin, the owner, sets them.
    #[track_caller]
    fn put(&mut self, command: u64, permissions: Value) -> Vec<Event> {
        let set = self.set(self.ids.user, command, permissions);
        self.apply(set).expect("is allowed").1
    }

    fn person(&self, name: &str) -> UserId {
        person(&self.world, name)
    }

    /// Which of the two somebody may use in a channel.
    fn usable(&self, name: &str, channel: ChannelId) -> Vec<String> {
        let list = commands::usable(&self.world, self.person(name), channel, NOW).expect("is allowed");
        let mut names: Vec<String> = list.into_iter().map(|c| c.name.clone()).collect();
        names.sort();
        names
    }

    fn channel(&self, name: &str) -> ChannelId {
        let guild = self.world.guild(self.ids.guild).expect("is there");
        let is_it = |id: &&ChannelId| self.world.channel(**id).is_ok_and(|c| c.name == name);
        *guild.channels.iter().find(is_it).expect("a channel")
    }

    fn role(&self, name: &str) -> u64 {
        role(&self.world, &self.ids, name).get()
    }
}

fn one(id: impl Into<u64>, kind: u8, permission: bool) -> Value {
    json!({ "id": id.into().to_string(), "type": kind, "permission": permission })
}

#[test]
fn case_42_a_closed_command_is_hidden_until_somebody_is_let_in() {
    let mut stage = Stage::new();
    let (general, closed) = (stage.ids.channel, stage.closed.get());
    assert_eq!(stage.usable("noor", general), ["open"]);
    assert_eq!(stage.usable("robin", general), ["closed", "open"], "administrators may always");
    let noor = stage.person("noor");
    let events = stage.put(closed, json!([one(noor, 2, true)]));
    assert_eq!(stage.usable("noor", general), ["closed", "open"]);
    assert_eq!(stage.usable("sasha", general), ["open"]);
    // To be let in does not help where one may use no commands at all.
    let (guild, off_topic) = (stage.ids.guild, stage.channel("off-topic"));
    let deny = json!([{ "id": guild, "type": 0, "deny": p::USE_APPLICATION_COMMANDS.to_string() }]);
    let body = json!({ "permission_overwrites": deny });
    stage.apply(operator::PatchChannel { channel: off_topic, body }).expect("is allowed");
    assert!(stage.usable("noor", off_topic).is_empty());
    // Another guild has its own.
    let other = json!({ "name": "Other", "owner": stage.ids.user });
    let other = id(&stage.apply(operator::CreateGuild { body: other }).expect("is allowed").0);
    let bot = json!({ "user": UserId::from(stage.ids.application) });
    stage.apply(operator::AddMember { guild: other, body: bot }).expect("is allowed");
    let there = Scope { guild: Some(other), ..stage.global() };
    assert_eq!(commands::permissions(&stage.world, stage.bot(), there), Ok(json!([])));

    let told =
        events.iter().find(|e| e.kind == EventKind::ApplicationCommandPermissionsUpdate).expect("is told");
    assert_eq!(told.audience, Audience::Application(Some(stage.ids.guild), stage.ids.application));
    let object = json!({
        "id": stage.closed, "application_id": stage.ids.application, "guild_id": stage.ids.guild,
        "permissions": [one(noor, 2, true)],
    });
    assert_eq!(*told.data, object);
    let read = commands::permissions_of(&stage.world, stage.bot(), stage.local(), stage.closed);
    assert_eq!(read.as_ref(), Ok(&object));
    assert_eq!(commands::permissions(&stage.world, stage.bot(), stage.local()), Ok(json!([object])));
    let entry = stage
        .world
        .guild(stage.ids.guild)
        .expect("is there")
        .audit
        .entries()
        .next_back()
        .expect("one")
        .clone();
    assert_eq!(
        (entry.action, entry.user, entry.target),
        (AuditAction::ApplicationCommandPermissionUpdate, stage.ids.user, Some(closed))
    );
    assert_eq!(entry.changes, [json!({ "key": noor.to_string(), "new_value": one(noor, 2, true) })]);
    assert_eq!(entry.options["application_id"], stage.ids.application.to_string());

    assert!(stage.put(closed, json!([one(noor, 2, true)])).is_empty(), "nothing changed");
    assert!(!stage.put(closed, json!([])).is_empty());
    assert_eq!(stage.usable("noor", general), ["open"]);
    let read = commands::permissions_of(&stage.world, stage.bot(), stage.local(), stage.closed);
    assert_eq!(read.map_err(|e| (e.status, e.code)), Err((404, 10066)));
}

#[test]
fn a_member_counts_before_roles_roles_before_everybody_a_command_before_its_application() {
    let mut stage = Stage::new();
    let (general, open, app) = (stage.ids.channel, stage.open.get(), stage.ids.application.get());
    let everyone = stage.ids.guild;
    let (regular, moderator, sasha) = (stage.role("Regular"), stage.role("Moderator"), stage.person("sasha"));
    stage.put(open, json!([one(everyone, 1, false), one(regular, 1, true)]));
    assert!(stage.usable("noor", general).is_empty());
    assert_eq!(stage.usable("sasha", general), ["open"]);
    // Mika is both; one role that may is enough.
    stage.put(open, json!([one(regular, 1, false), one(moderator, 1, true)]));
    assert_eq!(
        (stage.usable("mika", general), stage.usable("sasha", general)),
        (vec!["open".into()], vec![])
    );
    stage.put(open, json!([one(regular, 1, false), one(sasha, 2, true)]));
    assert_eq!(stage.usable("sasha", general), ["open"]);

    // The application's say goes for commands that have none of their own.
    stage.put(app, json!([one(everyone, 1, false), one(sasha, 2, true)]));
    assert!(stage.usable("noor", general).is_empty());
    assert_eq!(stage.usable("sasha", general), ["closed", "open"]);
    stage.put(open, json!([one(everyone, 1, true)]));
    assert_eq!(stage.usable("noor", general), ["open"]);
    assert_eq!(
        commands::permissions(&stage.world, stage.bot(), stage.local())
            .expect("is allowed")
            .as_array()
            .map(Vec::len),
        Some(2)
    );
}

#[test]
fn a_command_can_be_off_in_a_channel_or_in_all_but_one() {
    let mut stage = Stage::new();
    let (general, other) = (stage.ids.channel, stage.channel("off-topic"));
    let open = stage.open.get();
    stage.put(open, json!([one(general, 3, false)]));
    assert!(stage.usable("noor", general).is_empty());
    assert_eq!(stage.usable("noor", other), ["open"]);
    let noor = stage.person("noor");
    stage.put(open, json!([one(general, 3, false), one(noor, 2, true)]));
    assert!(stage.usable("noor", general).is_empty(), "a member's own permission does not open a channel");
    let all = stage.ids.guild.get() - 1;
    stage.put(open, json!([one(all, 3, false), one(general, 3, true)]));
    assert_eq!((stage.usable("noor", general), stage.usable("noor", other)), (vec!["open".into()], vec![]));
    let read =
        commands::permissions_of(&stage.world, stage.bot(), stage.local(), stage.open).expect("is set");
    assert_eq!(read["permissions"], json!([one(all, 3, false), one(general, 3, true)]));
    // Threads are as their channel.
    let thread = places::CreateThread {
        actor: Actor::person(noor),
        channel: other,
        body: json!({ "name": "t", "type": 11 }),
        files: Vec::new(),
    };
    let thread: ChannelId = id(&stage.apply(thread).expect("is allowed").0);
    assert!(stage.usable("noor", thread).is_empty());
    assert_eq!(stage.usable("robin", thread), ["closed", "open"]);
}

#[test]
fn who_sets_them_needs_rights_and_means_something_that_is_there() {
    let mut stage = Stage::new();
    let (robin, mika) = (stage.ids.user, stage.person("mika"));
    let (general, open, closed) = (stage.ids.channel, stage.open.get(), stage.closed.get());
    let everyone = one(stage.ids.guild, 1, true);
    let try_set = |stage: &mut Stage, user, command, permissions| {
        let set = stage.set(user, command, permissions);
        refused(&mut stage.world, set).code
    };
    assert_eq!(try_set(&mut stage, mika, open, json!([everyone])), 50013, "no Manage Server");
    let guild = stage.ids.guild;
    let may = json!({ "permissions": ((1_u64 << 5) | (1 << 28)).to_string() });
    let moderator = role(&stage.world, &stage.ids, "Moderator");
    stage.apply(operator::PatchRole { guild, role: moderator, body: may }).expect("is allowed");
    let set = stage.set(mika, open, json!([everyone.clone()]));
    stage.apply(set).expect("with both it is allowed");
    assert_eq!(try_set(&mut stage, mika, closed, json!([everyone])), 50013, "a command they cannot use");
    assert_eq!(
        try_set(&mut stage, mika, open, json!([one(moderator, 1, true)])),
        50013,
        "their own top role"
    );
    assert_eq!(try_set(&mut stage, mika, open, json!([one(general, 3, true)])), 50013, "no Manage Channels");

    for (list, path) in [
        (Value::Null, "permissions"),
        (json!({}), "permissions"),
        (json!([{}]), "permissions.0.id"),
        (json!([one(1_u64, 1, true)]), "permissions.0.id"),
        (json!([one(1_u64, 2, true)]), "permissions.0.id"),
        (json!([one(1_u64, 3, true)]), "permissions.0.id"),
        (json!([one(1_u64, 4, true)]), "permissions.0.type"),
        (json!([one(robin, 2, true), one(robin, 2, false)]), "permissions.1.id"),
        (json!(vec![everyone.clone(); 101]), "permissions"),
    ] {
        let set = stage.set(robin, open, list.clone());
        let error = refused(&mut stage.world, set);
        let tree = error.errors.as_ref().expect("a tree");
        let at = path.split('.').fold(tree, |node, key| &node[key]);
        assert!(at["_errors"][0]["code"].is_string(), "{path}: {tree}");
    }
    assert_eq!(try_set(&mut stage, robin, 1, json!([everyone])), 10063);
    let elsewhere = SetCommandPermissions {
        scope: Scope { guild: Some(GuildId::new(1)), ..stage.local() },
        ..stage.set(robin, open, json!([everyone]))
    };
    assert_eq!(refused(&mut stage.world, elsewhere).code, 10004);
    let foreign = SetCommandPermissions {
        application: ApplicationId::new(1),
        ..stage.set(robin, open, json!([everyone]))
    };
    assert_eq!(refused(&mut stage.world, foreign).code, 20012, "another application's token");
}

#[test]
fn they_go_with_what_they_are_about() {
    let mut stage = Stage::new();
    let (guild, open, closed) = (stage.ids.guild, stage.open.get(), stage.closed.get());
    let (channel, noor) = (stage.channel("off-topic"), stage.person("noor"));
    let newcomer = role(&stage.world, &stage.ids, "Newcomer");
    let count = |stage: &Stage, command| {
        commands::permissions_of(&stage.world, stage.bot(), stage.local(), CommandId::new(command))
            .ok()
            .map(|o| o["permissions"].as_array().map_or(0, Vec::len))
    };
    stage.put(
        open,
        json!([one(channel, 3, false), one(noor, 2, true), one(newcomer, 1, true), one(guild, 1, true)]),
    );
    stage.put(closed, json!([one(noor, 2, true)]));
    stage.apply(operator::DeleteChannel { channel }).expect("is allowed");
    assert_eq!(count(&stage, open), Some(3));
    stage.apply(operator::DeleteRole { guild, role: newcomer }).expect("is allowed");
    assert_eq!(count(&stage, open), Some(2));
    stage.apply(operator::DeleteUser { user: noor }).expect("is allowed");
    assert_eq!((count(&stage, open), count(&stage, closed)), (Some(1), None));

    // A renamed command starts anew, a changed one does not.
    let (actor, scope) = (stage.bot(), stage.global());
    let edit = |body: Value, stage: &Stage| EditCommand { actor, scope, command: stage.open, body };
    let change = edit(json!({ "description": "other" }), &stage);
    stage.apply(change).expect("is allowed");
    assert_eq!(count(&stage, open), Some(1));
    let change = edit(json!({ "name": "renamed" }), &stage);
    stage.apply(change).expect("is allowed");
    assert_eq!(count(&stage, open), None);
    stage.put(open, json!([one(guild, 1, true)]));
    stage.put(closed, json!([one(guild, 1, true)]));
    stage.apply(DeleteCommand { actor, scope, command: stage.open }).expect("is allowed");
    assert_eq!(
        commands::permissions(&stage.world, stage.bot(), stage.local())
            .expect("is allowed")
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    let remove =
        places::RemoveApplication { user: stage.ids.user, application: stage.ids.application, guild };
    stage.apply(remove).expect("is allowed");
    assert_eq!(serde_json::to_value(&stage.world).expect("serialises")["command_permissions"], json!([]));
}
