//! What the wired bot keeps, counts and tells of itself, over a real data folder.

use std::time::Duration;

use cogwright_command::{Cog, CommandResult, Ctx, command};
use cogwright_sim::{After, EntryKind};
use cogwright_store::{Store, StoreOptions};
use cogwright_testkit::{Kit, Message, PATIENCE};
use serde_json::json;

use crate::helpers::{IDENTIFY, says, sent};

/// Once in an hour.
#[command(cooldown = "1 per 1h per user")]
async fn rare(ctx: Ctx) -> CommandResult {
    ctx.reply("this time").await
}

async fn kit() -> Kit {
    Kit::builder().builtin().frozen().start().await.unwrap()
}

#[tokio::test]
async fn a_long_cooldown_survives_a_restart() {
    let kit = Kit::builder().builtin().cog(Cog::new("Fun").command(rare)).frozen().start().await.unwrap();
    says(&kit, &kit.owner(), "!rare", "this time").await;
    let kit = kit.again(|_| ()).await.unwrap();
    says(&kit, &kit.owner(), "!rare", "Command on Cooldown").await;
    says(&kit, &kit.newcomer("other").unwrap(), "!rare", "this time").await;
    kit.advance(Duration::from_secs(3_601));
    says(&kit, &kit.owner(), "!rare", "this time").await;
    kit.stop().await.unwrap();
}

/// Waits until the bot shows this status.
async fn shows(kit: &Kit, text: &str, after: u64) {
    let frame = json!({ "direction": "in", "op": 3, "d": { "activities": [{ "name": text }] } });
    let shown = kit.sim().wait_for(EntryKind::Gateway, frame, After::Seq(after), PATIENCE).await;
    assert!(shown.is_some(), "{text:?} was not shown");
}

#[tokio::test]
async fn statuses_rotate_and_are_kept() {
    let kit = kit().await;
    let owner = kit.owner();
    shows(&kit, "1 servers", 0).await;
    says(&kit, &owner, "!status add playing \"with {shards} shard\"", "Status added").await;
    let before = kit.sim().journal().last();
    says(&kit, &owner, "!status interval 30s", "Interval changed").await;
    // Whether the rotation already waits cannot be seen; time passes until it has turned.
    {
        let turned = shows(&kit, "with 1 shard", before);
        tokio::pin!(turned);
        while tokio::time::timeout(Duration::from_millis(50), &mut turned).await.is_err() {
            kit.advance(Duration::from_secs(30));
        }
    }
    let before = kit.sim().journal().last();
    says(&kit, &owner, "!status next", "servers").await;
    shows(&kit, "1 servers", before).await;
    let kit = kit.again(|_| ()).await.unwrap();
    let list = says(&kit, &kit.owner(), "!status list", "was changed by commands").await.to_string();
    assert!(list.contains("with {shards} shard") && list.contains("{guilds} servers"), "{list}");
    assert!(list.contains("Each is shown for 30 s"), "{list}");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn use_is_counted_for_the_server_and_in_total() {
    let folder = tempfile::tempdir().unwrap();
    let kit = Kit::builder().builtin().data(folder.path()).start().await.unwrap();
    let owner = kit.owner();
    let direct = owner.in_dm_with(kit.bot_user()).unwrap();
    for person in [&owner, &owner, &direct] {
        says(&kit, person, "!ping", "Pong!").await;
    }
    says(&kit, &owner, "!echo", "Missing Argument").await;
    let guild = kit.guild();
    kit.stop().await.unwrap();
    let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
    let of = |rows: Vec<cogwright_store::UsageRow>, name: &str| {
        rows.into_iter().find(|row| row.command == name).map(|row| row.count)
    };
    assert_eq!(of(store.usage().top(50).await.unwrap(), "ping"), Some(3));
    let here = store.guild(guild.get()).usage().top(50).await.unwrap();
    assert_eq!(of(here.clone(), "ping"), Some(2), "{here:?}");
    assert_eq!(of(here, "echo"), None, "what did not run is not counted");
    store.close().await.unwrap();
}

/// The number in a field of `stats`.
fn fact(message: &Message, name: &str) -> u64 {
    let fields = message["embeds"][0]["fields"].as_array().unwrap();
    let field = fields.iter().find(|field| field["name"].as_str().unwrap().contains(name)).unwrap();
    let digits: String = field["value"].as_str().unwrap().chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no number in {field}"))
}

#[tokio::test]
async fn stats_counts_commands_messages_and_slash_commands() {
    let kit = kit().await;
    let owner = kit.owner();
    let before = says(&kit, &owner, "!stats", "Bot Statistics").await;
    for _ in 0..3 {
        says(&kit, &owner, "!ping", "Pong!").await;
    }
    owner.says("just talk").unwrap();
    kit.advance(Duration::from_secs(11));
    let after = says(&kit, &owner, "!stats", "Bot Statistics").await;
    let more = |name| fact(&after, name) - fact(&before, name);
    assert_eq!(more("Commands Processed"), 4, "three pings and one of the two stats: {}", after.0);
    assert!(more("Messages Seen") >= 5, "{}", after.0);
    assert!(fact(&after, "Slash Commands") > 15, "{}", after.0);
    kit.stop().await.unwrap();
}

fn writes(kit: &Kit) -> usize {
    let of_commands = |e: &cogwright_sim::Entry| {
        let changes = e.field("method").is_some_and(|method| *method != json!("GET"));
        changes && e.field("operation").is_some_and(|o| o.to_string().contains("application_command"))
    };
    kit.sim().journal().query(0, usize::MAX, of_commands).0.len()
}

#[tokio::test]
async fn a_sync_without_changes_writes_nothing() {
    let kit = kit().await;
    let at_first = writes(&kit);
    assert!(at_first >= 1);
    says(&kit, &kit.owner(), "!sync", "Sync Complete").await;
    assert_eq!(writes(&kit), at_first, "nothing had changed");
    let kit = kit.again(|_| ()).await.unwrap();
    says(&kit, &kit.owner(), "!sync", "Sync Complete").await;
    assert_eq!(writes(&kit), at_first, "nor after a restart");
    says(&kit, &kit.owner(), "!sync true", "Sync Complete").await;
    assert!(writes(&kit) > at_first, "it is forced");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn why_explains_a_refusal_and_a_bot_owner_passes() {
    let kit = kit().await;
    let (owner, member) = (kit.owner(), kit.newcomer("member").unwrap());
    crate::guild_settings::guild_owner(&kit);
    let asked = member.says("!setprefix ?").unwrap();
    kit.reply_to(&asked).await.unwrap();
    let told = says(&kit, &owner, &format!("!why {}", asked.id()), "Why: setprefix").await.to_string();
    assert!(told.contains("user permissions") && told.contains("Administrator"), "{told}");
    says(&kit, &owner, "!setprefix ?", "Prefix Changed").await;
    says(&kit, &owner, "?ping", "Pong!").await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_prefix_survives_a_restart_and_a_damaged_file_of_a_server_is_found() {
    let kit = kit().await;
    let guild = kit.guild();
    says(&kit, &kit.owner(), "!setprefix ?", "Prefix Changed").await;
    let kit = kit.again(|_| ()).await.unwrap();
    says(&kit, &kit.owner(), "?integritycheck", "System Integrity Check Passed").await;
    let damage = |folder: &std::path::Path| {
        std::fs::write(folder.join(guild.to_string()).join("guild.db"), "this is no database").unwrap();
    };
    let kit = kit.again(damage).await.unwrap();
    let direct = kit.owner().in_dm_with(kit.bot_user()).unwrap();
    let failed = says(&kit, &direct, "!integritycheck", "System Integrity Check Failed").await.to_string();
    assert!(failed.contains(&guild.to_string()), "{failed}");
    // The rest of the bot goes on.
    says(&kit, &direct, "!ping", "Pong!").await;
    assert_eq!(sent(&kit, IDENTIFY), 1, "all three were one session");
    kit.stop().await.unwrap();
}
