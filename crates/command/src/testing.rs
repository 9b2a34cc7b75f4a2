//! Stand-ins for the unit tests: a wire that writes down what it is asked, a small town of people
//! and channels, a clock that is moved by hand, and events as Discord sends them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use cogwright_discord::Owners;
pub(crate) use cogwright_lifecycle::HandClock;
use cogwright_lifecycle::Tasks;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::watch;
use twilight_model::channel::ChannelType;
use twilight_model::gateway::event::Event;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, MessageMarker, RoleMarker, UserMarker};

use crate::args::{Args, Channel, Known, Message, Role, User};
use crate::autocomplete::Suggest;
use crate::catalog::Catalog;
use crate::cog::Cog;
use crate::ctx::{Invocation, Trigger};
use crate::directory::{Directory, Lookup, Query};
use crate::dispatch::{Dispatcher, Limits};
use crate::invoker::Invoker;
use crate::policy::Policy;
use crate::services::{CommandSettings, NoVitals, Parts};
use crate::spec::{Handler, Spec};
use crate::wire::{Call, MessageRef, Wire, WireError};

/// The bot's own id.
pub(crate) const BOT: u64 = 900_000_000_000_000_001;
/// Who calls commands.
pub(crate) const ALICE: u64 = Town::ALICE;
/// Somebody else.
pub(crate) const BOB: u64 = 100_000_000_000_000_002;
/// The owner of the guild.
pub(crate) const CAROL: u64 = 100_000_000_000_000_003;
pub(crate) const GUILD: u64 = 200_000_000_000_000_001;
pub(crate) const CHANNEL: u64 = Town::SQUARE;

/// One person, one role and that of everybody, two that are called alike, two channels with the same message in both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Town;

impl Town {
    pub(crate) const ALICE: u64 = 100_000_000_000_000_001;
    pub(crate) const BAKERS: u64 = 100_000_000_000_000_005;
    pub(crate) const SQUARE: u64 = 100_000_000_000_000_007;
    pub(crate) const VAULT: u64 = 100_000_000_000_000_008;
    pub(crate) const NOTE: u64 = 100_000_000_000_000_009;
    /// Where the bot may not embed links.
    pub(crate) const HALL: u64 = 100_000_000_000_000_010;
    /// Where the bot may not speak.
    pub(crate) const CELLAR: u64 = 100_000_000_000_000_011;
}

fn hit(query: Query<'_>, id: u64, name: &str) -> bool {
    match query {
        Query::Id(given) => given == id,
        Query::Name(given) => given.eq_ignore_ascii_case(name),
    }
}

impl Directory for Town {
    fn user<'a>(&'a self, _: Option<Id<GuildMarker>>, query: Query<'a>) -> BoxFuture<'a, Lookup<User>> {
        let alice = hit(query, Self::ALICE, "alice").then(person_alice);
        Box::pin(std::future::ready(alice.into()))
    }

    fn role(&self, _: Id<GuildMarker>, query: Query<'_>) -> Lookup<Role> {
        if query == Query::Name("twins") {
            return Lookup::Ambiguous;
        }
        if query == Query::Id(GUILD) {
            return Lookup::Found(Role { id: Id::new(GUILD), name: "@everyone".into() });
        }
        let bakers = || Role { id: Id::new(Self::BAKERS), name: "Bakers".into() };
        hit(query, Self::BAKERS, "bakers").then(bakers).into()
    }

    fn channel(&self, _: Id<GuildMarker>, query: Query<'_>) -> Lookup<Channel> {
        let square =
            Channel { id: Id::new(Self::SQUARE), name: "square".into(), kind: ChannelType::GuildText };
        hit(query, Self::SQUARE, "square").then_some(square).into()
    }

    fn message(
        &self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
    ) -> BoxFuture<'_, Option<Message>> {
        let note = Message {
            id: Id::new(Self::NOTE),
            channel,
            guild: None,
            author: person_alice(),
            content: "note".into(),
            attachments: vec![],
        };
        Box::pin(std::future::ready((message.get() == Self::NOTE).then_some(note)))
    }

    fn is_nsfw(&self, _: Id<GuildMarker>, channel: Id<ChannelMarker>) -> Option<bool> {
        Some(channel.get() == Self::VAULT)
    }

    /// Bakers may kick, and read the square; others may not. The owner may everything.
    fn permissions(
        &self,
        guild: Id<GuildMarker>,
        channel: Id<ChannelMarker>,
        user: Id<UserMarker>,
        roles: &[Id<RoleMarker>],
    ) -> Option<Permissions> {
        if self.owner(guild) == Some(user) {
            return Some(Permissions::all());
        }
        let baker = roles.contains(&Id::new(Self::BAKERS));
        let read = Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY;
        let read = if channel.get() == Self::SQUARE { read } else { Permissions::empty() };
        Some(if baker { Permissions::KICK_MEMBERS | read } else { Permissions::empty() })
    }

    fn own_permissions(&self, _: Id<GuildMarker>, channel: Id<ChannelMarker>) -> Option<Permissions> {
        let all = Permissions::SEND_MESSAGES | Permissions::EMBED_LINKS | Permissions::MANAGE_MESSAGES;
        Some(match channel.get() {
            Self::HALL => all - Permissions::EMBED_LINKS,
            Self::CELLAR => Permissions::MANAGE_MESSAGES,
            _ => all,
        })
    }

    fn owner(&self, _: Id<GuildMarker>) -> Option<Id<UserMarker>> {
        Some(Id::new(CAROL))
    }
}

fn person_alice() -> User {
    User {
        id: Id::new(Town::ALICE),
        name: "alice".into(),
        display_name: "Alice".into(),
        bot: false,
        roles: None,
        joined_at: None,
        permissions: None,
    }
}

/// Alice as somebody who calls.
pub(crate) fn alice() -> Invoker {
    Invoker {
        avatar: None,
        id: Id::new(ALICE),
        name: "alice".into(),
        display_name: "Alice".into(),
        roles: vec![],
        permissions: None,
    }
}

/// What is known of a message in the square.
pub(crate) fn known(invoker: &Invoker) -> Known<'_> {
    Known {
        guild: Some(Id::new(GUILD)),
        channel: Id::new(CHANNEL),
        invoker,
        users: vec![],
        attachments: vec![],
        directory: &Town,
    }
}

/// Time that stands still until it is advanced.
pub(crate) fn clock() -> HandClock {
    HandClock::at(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000))
}

/// Writes down calls and answers them with messages of rising ids.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    calls: Mutex<Vec<Call>>,
    errors: Mutex<VecDeque<WireError>>,
    count: watch::Sender<usize>,
}

impl Tape {
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    /// The next call fails.
    pub(crate) fn fail(&self, error: WireError) {
        self.errors.lock().unwrap().push_back(error);
    }

    /// Waits for `count` calls in all and answers with the last.
    pub(crate) async fn wait(&self, count: usize) -> Call {
        let mut seen = self.count.subscribe();
        let waiting = seen.wait_for(|seen| *seen >= count);
        let done = tokio::time::timeout(Duration::from_secs(10), waiting).await;
        assert!(done.is_ok(), "only these calls came: {:#?}", self.calls());
        self.calls()[count - 1].clone()
    }
}

impl Wire for Tape {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Option<MessageRef>, WireError>> {
        let located = !matches!(call, Call::Typing { .. });
        let number = {
            let mut calls = self.calls.lock().unwrap();
            calls.push(call);
            calls.len()
        };
        let error = self.errors.lock().unwrap().pop_front();
        self.count.send_replace(number);
        let at = MessageRef {
            channel: Id::new(CHANNEL),
            message: Id::new(800_000_000_000_000_000 + number as u64),
        };
        Box::pin(std::future::ready(error.map_or(Ok(located.then_some(at)), Err)))
    }
}

/// What a dispatcher is built from, and the ends of it that tests hold.
pub(crate) fn parts(cog: Cog) -> (Parts, Arc<Tape>, HandClock) {
    let (tape, clock) = (Arc::new(Tape::default()), clock());
    let parts = Parts {
        catalog: Catalog::build([cog]).expect("the commands are sound"),
        wire: Arc::clone(&tape) as Arc<dyn Wire>,
        directory: Arc::new(Town),
        vitals: Arc::new(NoVitals),
        clock: Arc::new(clock.clone()),
        tasks: Tasks::new("test"),
        settings: CommandSettings::default(),
        bot: Id::new(BOT),
        policy: Policy::default(),
    };
    (parts, tape, clock)
}

/// A dispatcher with everything around it.
pub(crate) struct Stage {
    pub(crate) dispatcher: Dispatcher,
    pub(crate) tape: Arc<Tape>,
    pub(crate) clock: HandClock,
    pub(crate) tasks: Tasks,
    next: u64,
}

impl Stage {
    pub(crate) fn new(cog: Cog) -> Self {
        Self::with_limits(cog, Limits::default())
    }

    pub(crate) fn with_limits(cog: Cog, limits: Limits) -> Self {
        Self::on(parts(cog), |parts| Dispatcher::with_limits(parts, limits))
    }

    /// With parts that were changed.
    pub(crate) fn with_parts(cog: Cog, change: impl FnOnce(&mut Parts)) -> Self {
        let mut set = parts(cog);
        change(&mut set.0);
        Self::on(set, Dispatcher::new)
    }

    fn on(
        (parts, tape, clock): (Parts, Arc<Tape>, HandClock),
        open: impl FnOnce(Parts) -> Dispatcher,
    ) -> Self {
        let tasks = parts.tasks.clone();
        Self { dispatcher: open(parts), tape, clock, tasks, next: 700_000_000_000_000_000 }
    }

    /// Lets every task end.
    pub(crate) async fn settle(&self) {
        let left = self.tasks.shutdown(Duration::from_secs(10)).await;
        assert!(left.is_empty(), "{left:?}");
    }

    fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Somebody writes; answers with the message's id.
    pub(crate) fn say(&mut self, user: u64, text: &str) -> u64 {
        self.say_with(user, text, json!({}))
    }

    /// The same with other fields of the message.
    pub(crate) fn say_with(&mut self, user: u64, text: &str, extra: Value) -> u64 {
        let id = self.id();
        let mut message = json!({
            "id": id.to_string(), "type": 0, "channel_id": CHANNEL.to_string(), "guild_id": GUILD.to_string(),
            "content": text, "timestamp": "2026-01-01T00:00:00.000000+00:00", "edited_timestamp": null, "tts": false,
            "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
            "pinned": false, "author": person(user),
            "member": {"roles": [], "deaf": false, "mute": false, "flags": 0, "joined_at": null, "nick": null}
        });
        merge(&mut message, extra);
        let message = serde_json::from_value(message).expect("a message");
        self.dispatcher.handle(&Event::MessageCreate(Box::new(message)));
        id
    }

    /// Somebody calls a slash command; answers with the interaction's id.
    pub(crate) fn slash(&mut self, user: u64, name: &str, options: Value) -> u64 {
        let data = json!({"id": "1", "type": 1, "name": name, "options": options});
        self.interact(user, 2, data, json!({}))
    }

    /// Somebody types in a slash command.
    pub(crate) fn type_in(&mut self, user: u64, name: &str, options: Value) -> u64 {
        let data = json!({"id": "1", "type": 1, "name": name, "options": options});
        self.interact(user, 4, data, json!({}))
    }

    /// Somebody presses a button of the wire id.
    pub(crate) fn press(&mut self, user: u64, custom_id: &str) -> u64 {
        let data = json!({"component_type": 2, "custom_id": custom_id});
        self.interact(user, 3, data, json!({"message": view_message()}))
    }

    /// Somebody submits a form with one text field.
    pub(crate) fn submit(&mut self, user: u64, custom_id: &str, field: &str, text: &str) -> u64 {
        let input = json!({"type": 4, "id": 2, "custom_id": field, "value": text});
        let data = json!({"custom_id": custom_id, "components": [{"type": 18, "id": 1, "component": input}]});
        self.interact(user, 5, data, json!({"message": view_message()}))
    }

    /// Any interaction of a guild.
    pub(crate) fn interact(&mut self, user: u64, kind: u8, data: Value, extra: Value) -> u64 {
        let id = self.id();
        let mut interaction = json!({
            "id": id.to_string(), "application_id": "1", "type": kind, "token": format!("token-{id}"), "version": 1,
            "guild_id": GUILD.to_string(), "channel_id": CHANNEL.to_string(),
            "channel": {"id": CHANNEL.to_string(), "type": 0}, "data": data, "locale": "en-US", "entitlements": [],
            "authorizing_integration_owners": {"0": GUILD.to_string()}, "attachment_size_limit": 10_485_760,
            "member": {"user": person(user), "roles": [], "deaf": false, "mute": false, "flags": 0,
                       "permissions": "8192", "joined_at": null, "nick": null}
        });
        merge(&mut interaction, extra);
        let interaction = serde_json::from_value(interaction).expect("an interaction");
        self.dispatcher.handle(&Event::InteractionCreate(Box::new(interaction)));
        id
    }
}

pub(crate) fn view_message() -> Value {
    json!({
        "id": "800000000000000001", "type": 0, "channel_id": CHANNEL.to_string(), "content": "",
        "timestamp": "2026-01-01T00:00:00.000000+00:00", "edited_timestamp": null, "tts": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
        "pinned": false, "author": person(BOT)
    })
}

pub(crate) fn person(id: u64) -> Value {
    let name = match id {
        ALICE => "alice",
        BOB => "bob",
        CAROL => "carol",
        _ => "bot",
    };
    json!({"id": id.to_string(), "username": name, "discriminator": "0", "avatar": null, "bot": id == BOT})
}

fn merge(into: &mut Value, extra: Value) {
    if let (Value::Object(into), Value::Object(extra)) = (into, extra) {
        into.extend(extra);
        into.retain(|_, value| *value != json!("absent"));
    }
}

/// A bot whose owner is this one.
pub(crate) fn owned_by(user: u64) -> Arc<Owners> {
    Arc::new(Owners::of([Id::new(user)]))
}

/// What is known while Alice types.
pub(crate) fn suggest(text: &str) -> Suggest {
    Suggest {
        option: "x".into(),
        text: text.into(),
        args: Args::new(),
        invoker: alice(),
        guild: None,
        channel: Id::new(CHANNEL),
        catalog: Arc::default(),
    }
}

/// A call of a command that does nothing, in the guild's only channel.
pub(crate) fn call(user: u64) -> Invocation {
    Invocation {
        spec: Arc::new(Spec::new("nothing", "Nothing", Handler::new(|_, _| async { Ok(()) }))),
        trigger: Trigger::Prefix,
        id: 700_000_000_000_000_000,
        invoker: Invoker { id: Id::new(user), ..suggest("").invoker },
        guild: Some(Id::new(GUILD)),
        channel: Id::new(CHANNEL),
        opening: "!".to_owned(),
    }
}
