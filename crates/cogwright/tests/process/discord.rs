//! The local Discord of a test, and somebody who writes there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cogwright_sim::{Entry, EntryKind, RateLimitMode, Sim, SimConfig};
use cogwright_sim_world::{Actor, Author, DefaultIds, Message, MessageId, World, messages};
use cogwright_testkit::Answers;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use crate::process::PATIENCE;

/// Opcodes. See Discord docs: Opcodes and Status Codes / Gateway Opcodes.
pub(crate) const IDENTIFY: u64 = 2;
pub(crate) const RESUME: u64 = 6;

pub(crate) struct Discord {
    pub(crate) sim: Sim,
    pub(crate) ids: DefaultIds,
}

impl Discord {
    pub(crate) async fn start() -> Self {
        let mut config = SimConfig::default();
        config.settings.rate_limits = RateLimitMode::Off;
        let sim = Sim::serve(config, |addresses, now| World::default_world(&addresses.cdn_base, now).0).await;
        let sim = sim.unwrap();
        let ids = sim.read(|world, _| world.default_ids()).unwrap();
        Self { sim, ids }
    }

    /// HOST:PORT.
    pub(crate) fn host(&self) -> String {
        self.sim.addresses().gateway_url.trim_start_matches("ws://").to_owned()
    }

    /// The owner of the guild and the bot writes a message.
    pub(crate) fn says(&self, text: &str) -> MessageId {
        let (actor, channel) = (Actor::person(self.ids.user), self.ids.channel);
        let create =
            messages::CreateMessage { actor, channel, body: json!({ "content": text }), files: Vec::new() };
        self.sim.apply(create).unwrap()["id"].as_str().unwrap().parse().unwrap()
    }

    /// When the bot replied, by the message that it replied to. World time, which runs like real time.
    pub(crate) fn replies(&self) -> BTreeMap<MessageId, Vec<Duration>> {
        self.sim.read(|world, _| {
            let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
            for message in world.channel(self.ids.channel).unwrap().messages.values() {
                if let (Author::User(author), Some((_, to))) = (&message.author, message.reference)
                    && *author == self.ids.application.into()
                {
                    found.entry(to).or_default().push(Duration::from_millis(message.sent.ms()));
                }
            }
            found
        })
    }

    /// Each of these calls was answered, and exactly once, by whatever was ever said. To be asked once the bot has ended:
    /// what it still has to do may be to answer once more.
    pub(crate) fn each_once<'a>(&self, asked: impl IntoIterator<Item = &'a MessageId>) {
        assert_eq!(self.answers().wrong(asked), [""; 0]);
    }

    /// Everything that the bot has ever said.
    pub(crate) fn answers(&self) -> Answers {
        Answers::read(&self.sim, self.ids.application.into(), self.ids.channel)
    }

    /// The messages with which the bot replied to one, the oldest first.
    pub(crate) fn replies_to(&self, asked: MessageId) -> Vec<Message> {
        self.sim.read(|world, _| {
            let messages = world.channel(self.ids.channel).unwrap().messages.values();
            let of_bot = |message: &&Message| matches!(&message.author, Author::User(author) if *author == self.ids.application.into());
            let replied = |message: &&Message| message.reference.is_some_and(|(_, to)| to == asked);
            messages.filter(of_bot).filter(replied).cloned().collect()
        })
    }

    /// Waits until all of them have an answer.
    pub(crate) async fn answered(&self, asked: &[MessageId]) {
        let open = || {
            let replies = self.replies();
            (0..asked.len()).filter(|n| !replies.contains_key(&asked[*n])).collect::<Vec<_>>()
        };
        let answered = self.awaited(|| open().is_empty().then_some(())).await;
        assert!(answered.is_some(), "of {} commands these were never answered: {:?}", asked.len(), open());
    }

    /// Waits until `find` finds something in the world; `None` when it never does.
    pub(crate) async fn awaited<T>(&self, find: impl Fn() -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + PATIENCE;
        let mut changes = self.sim.changes();
        loop {
            changes.mark_unchanged();
            if let Some(found) = find() {
                return Some(found);
            }
            timeout_at(deadline, changes.changed()).await.ok()?.unwrap();
        }
    }

    /// How many gateway frames of this opcode came in after a journal entry.
    pub(crate) fn sent(&self, op: u64, after: u64) -> usize {
        self.frames(&[("direction", json!("in")), ("op", json!(op))], after).len()
    }

    /// The gateway frames after a journal entry in which all of `fields` are as given.
    pub(crate) fn frames(&self, fields: &[(&str, Value)], after: u64) -> Vec<Arc<Entry>> {
        let like = |entry: &Entry| {
            entry.kind == EntryKind::Gateway
                && fields.iter().all(|(name, value)| entry.field(name).as_deref() == Some(value))
        };
        let (frames, _, dropped) = self.sim.journal().query(after, usize::MAX, like);
        assert_eq!(dropped, 0, "the journal holds all of it");
        frames
    }
}
