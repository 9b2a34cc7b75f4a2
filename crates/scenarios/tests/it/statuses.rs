//! What people see of the bot's status: each kind, each dot and each variable as the gateway gets them, and as the local
//! Discord shows them then.

use std::collections::BTreeSet;
use std::time::Duration;

use cogwright_config::{Activity, Presence, Settings, StatusEntry};
use cogwright_sim::{After, EntryKind};
use cogwright_sim_world::commands::{self, Scope};
use cogwright_sim_world::{Actor, Status};
use cogwright_testkit::{Kit, PATIENCE};
use serde_json::{Value, json};

use crate::helpers::{other_guild, says};

/// A status of the rotation, and what is to come of it.
struct Row {
    kind: Activity,
    /// See Discord docs: Gateway Events / Activity Types.
    number: u64,
    presence: Presence,
    /// See Discord docs: Gateway Events / Status Types.
    word: &'static str,
    /// What others see of that.
    seen: Status,
    text: &'static str,
    /// The variable that stands in the text.
    variable: &'static str,
}

/// Every kind, every dot and every variable. Discord takes five changes in 20 seconds, so one bot shows half of it.
const ROWS: [Row; 6] = [
    Row {
        kind: Activity::Playing,
        number: 0,
        presence: Presence::Online,
        word: "online",
        seen: Status::Online,
        text: "in {guilds} servers",
        variable: "guilds",
    },
    Row {
        kind: Activity::Streaming,
        number: 1,
        presence: Presence::Dnd,
        word: "dnd",
        seen: Status::Dnd,
        text: "to {users} users",
        variable: "users",
    },
    Row {
        kind: Activity::Listening,
        number: 2,
        presence: Presence::Idle,
        word: "idle",
        seen: Status::Idle,
        text: "for {commands} commands",
        variable: "commands",
    },
    Row {
        kind: Activity::Watching,
        number: 3,
        presence: Presence::Invisible,
        word: "invisible",
        seen: Status::Offline,
        text: "with {shards} shards",
        variable: "shards",
    },
    Row {
        kind: Activity::Custom,
        number: 4,
        presence: Presence::Online,
        word: "online",
        seen: Status::Online,
        text: "up {uptime}",
        variable: "uptime",
    },
    Row {
        kind: Activity::Competing,
        number: 5,
        presence: Presence::Idle,
        word: "idle",
        seen: Status::Idle,
        text: "{unknown} in {shards}",
        variable: "shards",
    },
];

fn rotate(settings: &mut Settings, rows: &[Row]) {
    let entry = |row: &Row| StatusEntry { kind: row.kind, text: row.text.to_owned(), presence: row.presence };
    // Only on demand.
    settings.status.interval = Duration::from_secs(24 * 60 * 60);
    settings.status.statuses = rows.iter().map(entry).collect();
}

/// What a variable stands for, found out another way than the bot's.
fn stands_for(kit: &Kit, variable: &str) -> String {
    let bot = kit.bot_user();
    match variable {
        // Since the start, which was an hour and a minute ago.
        "uptime" => "1h 1m".to_owned(),
        "shards" => kit.sim().gateway_sessions().len().to_string(),
        "guilds" => kit.sim().read(|world, _| world.guilds_of(bot).count()).to_string(),
        // Whoever is in two of its guilds counts twice, as in Discord's own counts.
        "users" => kit
            .sim()
            .read(|world, _| world.guilds_of(bot).map(|guild| guild.members.len()).sum::<usize>())
            .to_string(),
        "commands" => registered(kit).to_string(),
        other => panic!("{other}"),
    }
}

/// The slash commands that are registered; of a group each of its own.
fn registered(kit: &Kit) -> usize {
    // See Discord docs: Application Commands / Application Command Option Type.
    fn leaves(command: &Value) -> usize {
        let options = command["options"].as_array().map(Vec::as_slice).unwrap_or_default();
        let inner = options.iter().filter(|option| option["type"] == 1 || option["type"] == 2);
        inner.map(leaves).sum::<usize>().max(1)
    }
    let registered = kit.sim().read(|world, _| {
        let application = world.default_ids().unwrap().application;
        let scope = Scope { application, guild: None };
        commands::list(world, Actor::bot(application), scope, false).unwrap()
    });
    let registered = registered.as_array().unwrap().iter().filter(|command| command["type"] == 1);
    registered.map(leaves).sum()
}

/// The next status after a journal entry that each of the shards sends.
async fn sent(kit: &Kit, shards: usize, mut after: u64) -> Vec<Value> {
    let (mut sessions, mut found) = (BTreeSet::new(), Vec::new());
    while found.len() < shards {
        let frame = json!({ "direction": "in", "op": 3 });
        let next = kit.sim().wait_for(EntryKind::Gateway, frame, After::Seq(after), PATIENCE).await;
        let next = next.unwrap_or_else(|| panic!("only these were sent: {found:?}"));
        after = next.seq;
        assert!(sessions.insert(next.field("session").unwrap().to_string()), "each shard for itself");
        found.push(next.field("d").unwrap().into_owned());
    }
    found
}

/// Each is shown after the one before it, by every shard, and in the local Discord's own view of the bot.
async fn each_is_shown(rows: &[Row], settings: fn(&mut Settings)) {
    let kit = Kit::builder().builtin().frozen().settings(settings).start().await.unwrap();
    let (owner, shards) = (kit.owner(), kit.sim().gateway_sessions().len());
    sent(&kit, shards, 0).await;
    other_guild(&kit, &owner);
    kit.advance(Duration::from_secs(61 * 60));
    // The first of them was there from the start, before the hour and the other guild: it comes last.
    for row in rows[1..].iter().chain(&rows[..1]) {
        let before = kit.sim().journal().last();
        says(&kit, &owner, "!status next", "").await;
        let text = row.text.replace(&format!("{{{}}}", row.variable), &stands_for(&kit, row.variable));
        // A custom status says what its state is; its name only has to be something.
        let custom = row.kind == Activity::Custom;
        let name = if custom { "Custom Status" } else { &text };
        let state = if custom { json!(text) } else { Value::Null };
        for d in sent(&kit, shards, before).await {
            let shown = &d["activities"][0];
            assert_eq!(d["activities"].as_array().map(Vec::len), Some(1), "{d}");
            assert_eq!((&d["status"], &shown["type"]), (&json!(row.word), &json!(row.number)), "{d}");
            assert_eq!((&shown["name"], &shown["state"]), (&json!(name), &state), "{d}");
        }
        let met = || {
            kit.sim().read(|world, _| {
                let bot = world.user(kit.bot_user()).unwrap();
                bot.status == row.seen && bot.activities[0]["type"] == row.number && {
                    let shown = &bot.activities[0];
                    shown[if custom { "state" } else { "name" }] == text.as_str()
                }
            })
        };
        let mut changes = kit.sim().changes();
        let seen = async {
            while !met() {
                changes.changed().await.unwrap();
            }
        };
        assert!(tokio::time::timeout(PATIENCE, seen).await.is_ok(), "nobody sees {text:?}");
    }
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn the_first_kinds_of_status_are_shown_as_they_are_set() {
    each_is_shown(&ROWS[..3], |settings| rotate(settings, &ROWS[..3])).await;
}

#[tokio::test]
async fn the_other_kinds_of_status_are_shown_by_both_of_two_shards() {
    let two = |settings: &mut Settings| {
        rotate(settings, &ROWS[3..]);
        settings.sharding.count = Some(2);
    };
    each_is_shown(&ROWS[3..], two).await;
}

#[test]
fn every_kind_every_dot_and_every_variable_is_among_them() {
    let count = |of: fn(&Row) -> String| ROWS.iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(count(|row| format!("{:?}", row.kind)), 6);
    assert_eq!(count(|row| format!("{:?}", row.presence)), 4);
    assert_eq!(count(|row| row.variable.to_owned()), 5);
}
