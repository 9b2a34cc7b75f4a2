//! What many scenarios need: kits, people's roles, and questions to the local Discord about what the bot did.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cogwright_command::{Cog, CommandResult, Ctx, command};
use cogwright_runtime::builtin_cogs;
use cogwright_sim::{Entry, EntryKind, FaultSpec};
use cogwright_sim_world::places::operator;
use cogwright_sim_world::{Actor, Author, ChannelId, places};
use cogwright_testkit::{Answers, Kit, Message, PATIENCE, Person};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use crate::paper::Paper;

/// Opcodes. See Discord docs: Opcodes and Status Codes / Gateway Opcodes.
pub(crate) const IDENTIFY: u64 = 2;
pub(crate) const RESUME: u64 = 6;

/// The bot that everybody gets.
pub(crate) async fn kit() -> Kit {
    Kit::with_cogs(builtin_cogs()).await.unwrap()
}

/// The same with world time frozen.
pub(crate) async fn frozen_kit() -> Kit {
    Kit::builder().cogs(builtin_cogs()).frozen().start().await.unwrap()
}

/// Says that it was called.
#[command]
async fn hello(ctx: Ctx) -> CommandResult {
    ctx.reply("hello there").await
}

/// For moderators.
#[command(permissions(BAN_MEMBERS))]
async fn moderate(ctx: Ctx) -> CommandResult {
    ctx.reply("moderated").await
}

/// For the bot's owners.
#[command(owner_only)]
async fn secret(ctx: Ctx) -> CommandResult {
    ctx.reply("told").await
}

/// A cog of commands for everybody, moderators and owners.
pub(crate) fn tiers(name: &str) -> Cog {
    Cog::new(name).command(hello).command(moderate).command(secret)
}

/// Adds a fault and answers its id.
pub(crate) fn add(kit: &Kit, spec: FaultSpec) -> String {
    kit.sim().add_fault(spec).unwrap().id
}

/// How often a fault has struck.
pub(crate) fn fired(kit: &Kit, id: &str) -> u64 {
    kit.sim().faults().iter().find(|f| f.id == id).map_or(0, |f| f.fired)
}

/// How often each message was replied to by the bot.
pub(crate) fn replies(kit: &Kit, channel: ChannelId) -> BTreeMap<String, usize> {
    kit.sim().read(|world, _| {
        let mut found = BTreeMap::new();
        for message in world.channel(channel).unwrap().messages.values() {
            if let (Author::User(author), Some((_, to))) = (&message.author, message.reference)
                && *author == kit.bot_user()
            {
                *found.entry(to.to_string()).or_default() += 1;
            }
        }
        found
    })
}

/// Says a line and waits for the answer.
pub(crate) async fn answer(kit: &Kit, person: &Person, line: &str) -> Message {
    let asked = person.says(line).unwrap();
    kit.reply_to(&asked).await.unwrap()
}

/// Says it and waits until the answer, edits included, has this part.
pub(crate) async fn says(kit: &Kit, person: &Person, line: &str, part: &str) -> Message {
    let answer = answer(kit, person, line).await;
    let met = |message: &Message| message.to_string().contains(part);
    kit.until(&answer, &format!("{part:?} in the answer to {line:?}"), met).await.unwrap()
}

/// Asks and waits for the answer; it must be the only one.
pub(crate) async fn answered_once(kit: &Kit, text: &str) -> Message {
    let owner = kit.owner();
    let asked = owner.says(&format!("!echo {text}")).unwrap();
    let reply = kit.reply_to(&asked).await.unwrap();
    assert!(reply.content().contains(text), "{}", reply.content());
    assert_eq!(replies(kit, owner.channel())[asked.id()], 1, "{text}");
    reply
}

/// Every one of them was answered, and once.
pub(crate) async fn each_answered_once(kit: &Kit, asked: &[Message]) {
    answered(kit, asked).await;
    let answers = Answers::read(kit.sim(), kit.bot_user(), kit.owner().channel());
    assert_eq!(answers.wrong(asked.iter().map(Message::id)), [""; 0], "of {}", asked.len());
}

/// Waits until all of them are answered, as long as there are more and more.
pub(crate) async fn answered(kit: &Kit, asked: &[Message]) {
    let channel = kit.owner().channel();
    let mut changes = kit.sim().changes();
    let (mut open, mut deadline) = (asked.len(), Instant::now() + PATIENCE);
    while open > 0 {
        changes.mark_unchanged();
        let known = replies(kit, channel);
        let left = asked.iter().filter(|asked| !known.contains_key(asked.id())).count();
        if left < open {
            (open, deadline) = (left, Instant::now() + PATIENCE);
        } else {
            let more = timeout_at(deadline, changes.changed()).await;
            assert!(
                more.is_ok(),
                "{left} of {} were never answered:\n{}",
                asked.len(),
                kit.transcript().unwrap().text()
            );
        }
    }
}

/// Waits until the bot has a connected session.
pub(crate) async fn connected(kit: &Kit) {
    let mut changes = kit.sim().changes();
    let connected = || kit.sim().gateway_sessions().iter().any(|s| s["state"] == "connected");
    tokio::time::timeout(PATIENCE * 2, async {
        while !connected() {
            drop(tokio::time::timeout(Duration::from_millis(50), changes.changed()).await);
        }
    })
    .await
    .unwrap();
}

/// Waits until the bot that keeps its sessions on this paper has dealt with everything that it was sent until now.
pub(crate) async fn caught_up(kit: &Kit, paper: &Paper) {
    let session = paper.until(|_| true).await.session;
    let sessions = kit.sim().gateway_sessions();
    let sent =
        sessions.iter().find(|found| found["id"] == session.as_str()).unwrap()["seq"].as_u64().unwrap();
    paper.until(|entry| entry.session == session && entry.handled >= sent).await;
}

/// The journal's entries of a kind after a number in which all of `fields` are as given.
fn entries(kit: &Kit, kind: EntryKind, after: u64, fields: &[(&str, Value)]) -> Vec<Arc<Entry>> {
    let like = |entry: &Entry| {
        entry.kind == kind && fields.iter().all(|(name, value)| entry.field(name).as_deref() == Some(value))
    };
    kit.sim().journal().query(after, usize::MAX, like).0
}

/// How many gateway frames of this opcode the bot has sent.
pub(crate) fn sent(kit: &Kit, op: u64) -> usize {
    frames(kit, op, 0).len()
}

/// The gateway frames of this opcode that the bot has sent after a journal entry.
pub(crate) fn frames(kit: &Kit, op: u64, after: u64) -> Vec<Arc<Entry>> {
    entries(kit, EntryKind::Gateway, after, &[("direction", json!("in")), ("op", json!(op))])
}

/// The gateway connections that the bot has made after a journal entry.
pub(crate) fn opened(kit: &Kit, after: u64) -> Vec<Arc<Entry>> {
    entries(kit, EntryKind::Gateway, after, &[("direction", json!("open"))])
}

/// The requests for one of Discord's operations after a journal entry.
pub(crate) fn requests(kit: &Kit, operation: &str, after: u64) -> Vec<Arc<Entry>> {
    entries(kit, EntryKind::Rest, after, &[("operation", json!(operation))])
}

/// How a request was answered.
pub(crate) fn status(request: &Entry) -> u64 {
    request.field("status").and_then(|status| status.as_u64()).unwrap()
}

/// A new role of the guild with these permissions, as Discord's decimal number.
pub(crate) fn role(kit: &Kit, name: &str, permissions: &str) -> String {
    let body = json!({ "name": name, "permissions": permissions });
    let role = kit.sim().apply(operator::CreateRole { guild: kit.guild(), body }).unwrap();
    role["id"].as_str().unwrap().to_owned()
}

/// Another guild of the same owner, with the bot in it; its owner there.
pub(crate) fn other_guild(kit: &Kit, owner: &Person) -> Person {
    let body = json!({ "name": "Elsewhere", "owner": owner.id() });
    let guild = kit.sim().apply(operator::CreateGuild { body }).unwrap();
    let id = guild["id"].as_str().unwrap().to_owned();
    let bot = json!({ "user": kit.bot_user() });
    kit.sim().apply(operator::AddMember { guild: id.parse().unwrap(), body: bot }).unwrap();
    owner.in_channel(guild["channels"][0]["id"].as_str().unwrap().parse().unwrap())
}

/// Gives somebody a role.
pub(crate) fn give(kit: &Kit, by: &Person, person: &Person, role: &str) {
    let give = places::SetMemberRole {
        actor: Actor::person(by.id()),
        guild: kit.guild(),
        user: person.id(),
        role: role.parse().unwrap(),
        give: true,
    };
    kit.sim().apply(give).unwrap();
}
