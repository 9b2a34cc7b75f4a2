//! A small world for tests: a guild of two people and a bot, with time that the test moves.

use serde_json::{Map, Value, json};

use super::{
    AppWebhook, Callback, Click, EditOriginal, FirstAnswer, FollowUp, Invoke, SubmitModal, first_answer,
};
use crate::{
    Action, Actor, ApiError, ApplicationId, Applied, Audience, ChannelId, CommandKind, Event, EventKind,
    GuildId, InteractionId, MessageId, Timestamp, UserId, World,
    commands::{CreateCommand, Scope},
    places::{OpenDm, operator},
};

pub(crate) const START: u64 = 1_792_000_000_000;

pub(crate) struct Fixture {
    pub world: World,
    pub now: Timestamp,
    pub guild: GuildId,
    pub channel: ChannelId,
    /// Owns the guild.
    pub alice: UserId,
    pub bob: UserId,
    pub app: ApplicationId,
    /// Of all actions so far.
    pub events: Vec<Event>,
}

fn id<T: std::str::FromStr>(value: &Value) -> T
where
    T::Err: std::fmt::Debug,
{
    value.as_str().unwrap().parse().unwrap()
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let mut fixture = Self {
            world: World::new("http://127.0.0.1:1/cdn"),
            now: Timestamp::from_ms(START),
            guild: GuildId::new(1),
            channel: ChannelId::new(1),
            alice: UserId::new(1),
            bob: UserId::new(1),
            app: ApplicationId::new(1),
            events: Vec::new(),
        };
        fixture.alice = fixture.person("alice");
        fixture.bob = fixture.person("bob");
        let guild =
            fixture.ok(operator::CreateGuild { body: json!({ "name": "Test", "owner": fixture.alice }) });
        fixture.guild = id(&guild["id"]);
        fixture.ok(operator::AddMember { guild: fixture.guild, body: json!({ "user": fixture.bob }) });
        fixture.app = fixture.application("Sim", Some(fixture.guild));
        fixture.channel = fixture.new_channel(json!({ "name": "tests" }));
        fixture.events.clear();
        fixture
    }

    pub(crate) fn person(&mut self, name: &str) -> UserId {
        id(&self.ok(operator::CreateUser { body: json!({ "username": name }) })["id"])
    }

    pub(crate) fn application(&mut self, name: &str, guild: Option<GuildId>) -> ApplicationId {
        let guilds: Vec<GuildId> = guild.into_iter().collect();
        let body = json!({ "name": name, "guilds": guilds, "permissions": "8" });
        id(&self.ok(operator::CreateApplication { body })["user"]["id"])
    }

    pub(crate) fn new_channel(&mut self, body: Value) -> ChannelId {
        id(&self.ok(operator::CreateChannel { guild: self.guild, body })["id"])
    }

    pub(crate) fn dm(&mut self, user: UserId) -> ChannelId {
        let bot: UserId = self.app.into();
        id(&self.ok(OpenDm { actor: Actor::person(user), body: json!({ "recipient_id": bot }) })["id"])
    }

    pub(crate) fn apply<A: Action>(&mut self, action: A) -> Result<A::Output, ApiError> {
        let Applied { output, events } = self.world.apply(action, self.now)?;
        self.events.extend(events);
        Ok(output)
    }

    pub(crate) fn ok<A: Action>(&mut self, action: A) -> A::Output {
        self.apply(action).unwrap_or_else(|e| panic!("refused: {}", e.body()))
    }

    pub(crate) fn err<A: Action>(&mut self, action: A) -> ApiError
    where
        A::Output: std::fmt::Debug,
    {
        self.apply(action).expect_err("should be refused")
    }

    pub(crate) fn pass(&mut self, ms: u64) {
        self.now = Timestamp::from_ms(self.now.ms() + ms);
        let events = self.world.tick(self.now);
        self.events.extend(events);
    }

    pub(crate) fn global(&self) -> Scope {
        Scope { application: self.app, guild: None }
    }

    pub(crate) fn local(&self) -> Scope {
        Scope { application: self.app, guild: Some(self.guild) }
    }

    pub(crate) fn create(&self, scope: Scope, body: Value) -> CreateCommand {
        CreateCommand { actor: Actor::bot(self.app), scope, body }
    }

    pub(crate) fn command(&mut self, body: Value) -> Value {
        let create = self.create(self.global(), body);
        self.ok(create).command
    }

    pub(crate) fn slash(&self, user: UserId, name: &str, options: Value) -> Invoke {
        Invoke {
            user,
            channel: self.channel,
            kind: CommandKind::ChatInput,
            name: name.into(),
            options,
            target: None,
            application: None,
        }
    }

    /// Registers /ping and has alice use it.
    pub(crate) fn ping(&mut self) -> InteractionId {
        self.command(json!({ "name": "ping", "description": "p" }));
        let slash = self.slash(self.alice, "ping", json!({}));
        self.ok(slash)
    }

    pub(crate) fn webhook(&self, interaction: InteractionId) -> AppWebhook {
        let token = self.world.interaction(interaction).unwrap().token.clone();
        AppWebhook { application: self.app, token }
    }

    pub(crate) fn callback(&self, interaction: InteractionId, body: Value) -> Callback {
        let token = self.webhook(interaction).token;
        Callback { interaction, token, body, files: Vec::new(), with_response: true }
    }

    /// Answers and gives back the body of the response.
    pub(crate) fn answer(&mut self, interaction: InteractionId, body: Value) -> Value {
        let callback = self.callback(interaction, body);
        self.ok(callback).unwrap()
    }

    pub(crate) fn first(&self, interaction: InteractionId) -> FirstAnswer {
        first_answer(&self.world, interaction).expect("answered")
    }

    /// Has /ping answered with these components; the message.
    pub(crate) fn message_with(&mut self, components: Value) -> MessageId {
        let interaction = self.ping();
        let data = json!({ "content": "x", "components": components });
        let answer = self.answer(interaction, json!({ "type": 4, "data": data }));
        id(&answer["resource"]["message"]["id"])
    }

    pub(crate) fn click(&mut self, user: UserId, message: MessageId, custom_id: &str) -> InteractionId {
        self.ok(Click { user, message, custom_id: custom_id.into() })
    }

    pub(crate) fn follow_up(&self, interaction: InteractionId, body: Value) -> FollowUp {
        FollowUp { webhook: self.webhook(interaction), body, files: Vec::new() }
    }

    pub(crate) fn edit(&self, interaction: InteractionId, body: Value) -> EditOriginal {
        EditOriginal { webhook: self.webhook(interaction), body, files: Vec::new() }
    }

    pub(crate) fn submit(&self, interaction: InteractionId, custom_id: &str, values: Value) -> SubmitModal {
        let values: Map<String, Value> = values.as_object().unwrap().clone();
        let files = std::collections::BTreeMap::new();
        SubmitModal { user: self.alice, interaction, custom_id: custom_id.into(), values, files }
    }

    /// The newest event of a kind.
    pub(crate) fn last(&self, kind: EventKind) -> &Event {
        self.events.iter().rev().find(|e| e.kind == kind).unwrap_or_else(|| panic!("no {kind:?}"))
    }

    /// The newest INTERACTION_CREATE as the application got it.
    pub(crate) fn payload(&self) -> Value {
        let event = self.last(EventKind::InteractionCreate);
        assert!(matches!(event.audience, Audience::Application(_, app) if app == self.app));
        (*event.data).clone()
    }
}

/// The inner code at a path of a 50035.
pub(crate) fn code_at(error: &ApiError, path: &str) -> String {
    assert_eq!((error.status, error.code), (400, 50035), "{}", error.body());
    let tree = error.errors.as_ref().unwrap();
    let node = path.split('.').fold(tree, |node, key| &node[key]);
    node["_errors"][0]["code"].as_str().unwrap_or_else(|| panic!("nothing at {path} in {tree}")).to_owned()
}

/// A change at some place of a JSON value.
#[derive(Clone, Debug)]
pub(crate) struct Mutation {
    /// Which of the value's nodes, counted in order and taken modulo their number.
    place: usize,
    /// What it becomes; absent: it is removed, or doubled in a list.
    value: Option<Value>,
}

impl Mutation {
    pub(crate) fn apply(&self, value: &mut Value) {
        let place = self.place % count(value);
        self.at(value, &mut { place });
    }

    fn at(&self, value: &mut Value, left: &mut usize) -> bool {
        if *left == 0 {
            match (&self.value, &mut *value) {
                (Some(new), _) => *value = new.clone(),
                (None, Value::Array(list)) if !list.is_empty() => list.push(list[0].clone()),
                (None, Value::Object(map)) => {
                    let first = map.keys().next().cloned();
                    first.and_then(|key| map.shift_remove(&key));
                }
                _ => *value = Value::Null,
            }
            return true;
        }
        *left -= 1;
        match value {
            Value::Array(list) => list.iter_mut().any(|v| self.at(v, left)),
            Value::Object(map) => map.values_mut().any(|v| self.at(v, left)),
            _ => false,
        }
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// One to four changes.
pub(crate) fn mutations() -> impl proptest::strategy::Strategy<Value = Vec<Mutation>> {
    use proptest::prelude::*;
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3i64..30).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("x".repeat(7000))),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[[[[]]]], { "type": 3 }, 1])),
        Just(json!("18446744073709551615")),
    ];
    let one = (any::<usize>(), proptest::option::weighted(0.8, value));
    proptest::collection::vec(one.prop_map(|(place, value)| Mutation { place, value }), 1..5)
}
