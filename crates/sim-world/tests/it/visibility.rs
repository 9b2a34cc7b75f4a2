//! Random histories of a channel that is hidden and shown again: who may not view it learns nothing of what
//! happens there, who may learns of all of it. What is visible is tracked here by hand, not asked of the world.

use cogwright_sim_world::{
    Action, Actor, ApplicationId, ChannelId, DefaultIds, Event, EventKind, MessageId, Timestamp, UserId,
    Viewer, World, intents,
    messages::{AddReaction, CreateMessage, DeleteMessage, EditMessage, Pin, StartTyping},
    places::{CreateThread, operator},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::helpers::{NOW, default_world, id};

#[derive(Clone, Copy, Debug)]
enum Step {
    Hide,
    Show,
    Say,
    Edit,
    React,
    Pin,
    Delete,
    Type,
    Thread,
    SayInThread,
    Rename,
}

fn step() -> impl Strategy<Value = Step> {
    use Step::{Delete, Edit, Hide, Pin, React, Rename, Say, SayInThread, Show, Thread, Type};
    prop::sample::select(vec![Hide, Show, Say, Edit, React, Pin, Delete, Type, Thread, SayInThread, Rename])
}

/// A person and a bot without any roles, who look on.
struct Onlookers {
    person: UserId,
    bot: ApplicationId,
}

impl Onlookers {
    fn viewers(&self, bits: u64) -> [Viewer; 3] {
        let bot = |intents| Viewer::Bot { application: self.bot, intents, large_threshold: 50 };
        [Viewer::Person(self.person), bot(bits), bot(intents::ALL)]
    }
}

struct Play {
    world: World,
    ids: DefaultIds,
    who: Onlookers,
    channel: ChannelId,
    thread: Option<ChannelId>,
    message: Option<MessageId>,
    visible: bool,
    clock: u64,
}

impl Play {
    fn new() -> Self {
        let (mut world, ids) = default_world();
        let mut make = |action: Value, kind: &str| -> Value {
            let applied = match kind {
                "user" => world.apply(operator::CreateUser { body: action }, NOW).map(|a| a.output),
                "application" => {
                    world.apply(operator::CreateApplication { body: action }, NOW).map(|a| a.output)
                }
                _ => world
                    .apply(operator::CreateChannel { guild: ids.guild, body: action }, NOW)
                    .map(|a| a.output),
            };
            applied.expect("made")
        };
        let person = id(&make(json!({ "username": "onlooker" }), "user"));
        let application = json!({ "name": "onlooker", "guilds": [ids.guild], "permissions": "0",
            "privileged_intents": ["presence", "members", "message_content"] });
        let made = make(application, "application");
        let bot = id(&made["user"]);
        let channel = id(&make(json!({ "name": "stage", "type": 0 }), "channel"));
        world
            .apply(operator::AddMember { guild: ids.guild, body: json!({ "user": person }) }, NOW)
            .expect("joined");
        let who = Onlookers { person, bot };
        Self { world, ids, who, channel, thread: None, message: None, visible: true, clock: NOW.ms() }
    }

    fn apply<A: Action>(&mut self, action: A) -> Option<(A::Output, Vec<Event>)> {
        self.clock += 1000;
        let applied = self.world.apply(action, Timestamp::from_ms(self.clock)).ok()?;
        Some((applied.output, applied.events))
    }

    /// Performs a step; the events, or none when it makes no sense now.
    fn step(&mut self, step: Step) -> Vec<Event> {
        let actor = Actor::person(self.ids.user);
        let channel = self.channel;
        let say = |channel| CreateMessage {
            actor,
            channel,
            body: json!({ "content": "words" }),
            files: Vec::new(),
        };
        let events = match (step, self.message, self.thread) {
            (Step::Hide | Step::Show, ..) => {
                self.visible = matches!(step, Step::Show);
                let deny = if self.visible { "0" } else { "1024" };
                let overwrite = json!([{ "id": self.ids.guild, "type": 0, "allow": "0", "deny": deny }]);
                self.apply(operator::PatchChannel {
                    channel,
                    body: json!({ "permission_overwrites": overwrite }),
                })
                .map(|a| a.1)
            }
            (Step::Rename, ..) => {
                let body = json!({ "name": format!("stage-{}", self.clock) });
                self.apply(operator::PatchChannel { channel, body }).map(|a| a.1)
            }
            (Step::Say, ..) => self.apply(say(channel)).map(|(message, events)| {
                self.message = Some(id(&message));
                events
            }),
            (Step::Type, ..) => self.apply(StartTyping { actor, channel }).map(|a| a.1),
            (Step::Edit, Some(message), _) => {
                let body = json!({ "content": format!("other words {}", self.clock) });
                self.apply(EditMessage { actor, channel, message, body, files: Vec::new() }).map(|a| a.1)
            }
            (Step::React, Some(message), _) => {
                self.apply(AddReaction { actor, channel, message, emoji: "👍".into() }).map(|a| a.1)
            }
            (Step::Pin, Some(message), _) => self.apply(Pin { actor, channel, message }).map(|a| a.1),
            (Step::Delete, Some(message), _) => {
                self.message = None;
                self.apply(DeleteMessage { actor, channel, message }).map(|a| a.1)
            }
            (Step::Thread, _, None) => {
                let body = json!({ "name": "aside", "type": 11 });
                self.apply(CreateThread { actor, channel, body, files: Vec::new() }).map(
                    |(thread, events)| {
                        self.thread = Some(id(&thread));
                        events
                    },
                )
            }
            (Step::SayInThread, _, Some(thread)) => self.apply(say(thread)).map(|a| a.1),
            _ => None,
        };
        events.unwrap_or_default()
    }

    /// Whether an event's payload is about the channel or its thread.
    fn concerns(&self, event: &Event) -> bool {
        let ids = [Some(self.channel), self.thread].into_iter().flatten().map(|c| c.to_string());
        let keys = ["channel_id", "id", "parent_id"];
        ids.into_iter().any(|id| keys.iter().any(|key| event.data[key] == id.as_str()))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_viewer_learns_of_a_channel_exactly_when_it_may_view_it(
        steps in prop::collection::vec(step(), 1..25),
        bits in any::<u64>(),
    ) {
        let mut play = Play::new();
        for (number, step) in steps.iter().enumerate() {
            let was_visible = play.visible;
            let events = play.step(*step);
            let now = Timestamp::from_ms(play.clock);
            for event in events.iter().filter(|e| play.concerns(e)) {
                for viewer in play.who.viewers(bits & intents::ALL) {
                    let sees = play.world.sees(event, &viewer, now).is_some();
                    // Losing sight of a channel is told as its end, and that is the last of it.
                    let farewell = was_visible && event.kind == EventKind::ChannelDelete;
                    prop_assert!(
                        !sees || play.visible || farewell,
                        "step {number} {step:?}: {viewer:?} sees {} of a hidden channel", event.kind.name()
                    );
                    // Changes of permissions are told in a form of their own.
                    let told = !matches!(step, Step::Hide | Step::Show)
                        // Without having joined the thread, its membership is of no concern to a bot.
                        && event.kind != EventKind::ThreadMembersUpdate;
                    let all = matches!(viewer, Viewer::Bot { intents, .. } if intents == intents::ALL);
                    prop_assert!(
                        sees || !play.visible || !told || !all,
                        "step {number} {step:?}: {viewer:?} misses {}", event.kind.name()
                    );
                }
            }
        }
    }
}
