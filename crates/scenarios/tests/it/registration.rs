//! Registering commands: how many, in which order, and what becomes of those that do not fit.

use std::time::Duration;

use cogwright_command::{Cog, Handler, Spec, Triggers};
use cogwright_runtime::Bot;
use cogwright_sim::{After, EntryKind, FaultKind, FaultSpec, LimitScope};
use cogwright_sim_world::commands::{self, CreateCommand, Scope};
use cogwright_sim_world::places::operator::PatchApplication;
use cogwright_sim_world::{Actor, GuildId};
use cogwright_testkit::{Kit, Message, PATIENCE};
use serde_json::{Value, json};

use crate::helpers::{IDENTIFY, kit, other_guild, requests, says, sent, status};
use crate::log::Log;

fn command(name: String) -> Spec {
    Spec::new(name, "Answers", Handler::new(|ctx, _| async move { ctx.reply("here I am").await }))
}

/// Commands of these numbers; the last is a pure slash command.
fn cog(numbers: std::ops::Range<usize>) -> Cog {
    let last = numbers.end - 1;
    numbers.fold(Cog::new("Many"), |cog, n| {
        let spec = command(format!("c{n}"));
        cog.command(if n == last { spec.triggers(Triggers::SLASH) } else { spec })
    })
}

/// Another bot of the same application, as after a restart with other commands.
async fn again(kit: &Kit, cog: Cog) -> Bot {
    let bot = kit.another([cog]).start().await.unwrap();
    assert!(bot.ready().await);
    bot
}

/// The writing requests about commands after this point of the journal, by operation.
pub(crate) fn writes(kit: &Kit, after: u64) -> Vec<String> {
    let (found, ..) = kit.sim().journal().query(after, usize::MAX, |e| e.kind == EntryKind::Rest);
    let operations = found.iter().filter_map(|e| e.field("operation")?.as_str().map(str::to_owned));
    operations.filter(|o| o.contains("application_command") && !o.starts_with("list")).collect()
}

#[tokio::test]
async fn the_101st_command_becomes_a_prefix_command_until_a_slot_is_free() {
    let kit = Kit::with_cogs([cog(0..101)]).await.unwrap();
    let owner = kit.owner();
    assert!(owner.slash("c100", Value::Null).await.is_err(), "has no slash form");
    assert_eq!(owner.slash("c94", Value::Null).await.unwrap().kind, Some("message"));
    // A pure slash command is called by prefix now, by the same definition.
    let asked = owner.says("!c100").unwrap();
    assert!(kit.reply_to(&asked).await.unwrap().content().contains("here I am"));

    let second = again(&kit, cog(10..101)).await;
    assert_eq!(owner.slash("c100", Value::Null).await.unwrap().kind, Some("message"), "a slot was free");
    second.stop().await.unwrap();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn deletions_come_first_and_an_unchanged_set_writes_nothing() {
    let kit = Kit::with_cogs([cog(0..4)]).await.unwrap();
    let before = kit.sim().journal().last();
    again(&kit, cog(0..4)).await.stop().await.unwrap();
    assert_eq!(writes(&kit, before), [""; 0]);
    again(&kit, cog(1..5)).await.stop().await.unwrap();
    assert_eq!(writes(&kit, before), ["delete_application_command", "create_application_command"]);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn what_fails_in_passing_is_done_in_the_end_and_the_rest_is_kept() {
    let kit = Kit::with_cogs([cog(0..4)]).await.unwrap();
    let trouble = FaultKind::Rest5xx { status: 502, carried_out: false };
    kit.sim().add_fault(FaultSpec::new(trouble).operation("create_application_command")).unwrap();
    let before = kit.sim().journal().last();
    let second = again(&kit, cog(0..7)).await;
    // Three are new; the first attempt at one of them failed.
    let creates = writes(&kit, before);
    assert_eq!(creates, ["create_application_command"; 4]);
    assert_eq!(kit.owner().slash("c6", Value::Null).await.unwrap().kind, Some("message"));
    let report = second.command_sync().sync(false).await.unwrap();
    assert_eq!((report.unchanged, report.writes), (7, 0));
    let forced = second.command_sync().sync(true).await.unwrap();
    assert_eq!((forced.updated.len(), forced.writes), (7, 1));
    second.stop().await.unwrap();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn what_fails_for_good_takes_nothing_along_and_comes_with_the_next_sync() {
    let kit = Kit::with_cogs([cog(0..4)]).await.unwrap();
    let owner = kit.owner();
    let trouble = FaultKind::Rest5xx { status: 503, carried_out: false };
    let fault = FaultSpec::new(trouble).operation("create_application_command").always();
    kit.sim().add_fault(fault).unwrap();
    let before = kit.sim().journal().last();
    let second = again(&kit, cog(1..5)).await;
    let done = writes(&kit, before);
    assert_eq!(done[0], "delete_application_command", "deletions come first");
    // Four rounds, and no more.
    assert_eq!(done[1..], ["create_application_command"; 4]);
    assert!(owner.slash("c0", Value::Null).await.is_err(), "is gone");
    assert!(owner.slash("c4", Value::Null).await.is_err(), "could not be registered");
    assert_eq!(owner.slash("c2", Value::Null).await.unwrap().kind, Some("message"), "stays");
    kit.sim().clear_faults();
    let before = kit.sim().journal().last();
    let report = second.command_sync().sync(false).await.unwrap();
    assert_eq!((report.created, report.unchanged, report.writes), (vec!["c4".to_owned()], 3, 1));
    assert_eq!(writes(&kit, before), ["create_application_command"]);
    assert_eq!(owner.slash("c4", Value::Null).await.unwrap().kind, Some("message"));
    second.stop().await.unwrap();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_rate_limited_sync_waits_and_goes_on_beside_everything_else() {
    let limit = FaultKind::Rest429 { scope: LimitScope::User, retry_after: 1.6 };
    let fault = FaultSpec::new(limit).operation("bulk_set_application_commands");
    let begun = tokio::time::Instant::now();
    let kit = Kit::builder().cog(cog(0..20)).fault(fault).start().await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(1_600));
    // Shards have not waited for it.
    let sets = requests(&kit, "bulk_set_application_commands", 0);
    let ready = json!({ "direction": "out", "t": "READY" });
    let ready = kit.sim().wait_for(EntryKind::Gateway, ready, After::Start, PATIENCE).await.unwrap();
    assert_eq!(sets.iter().map(|entry| status(entry)).collect::<Vec<_>>(), [429, 200]);
    assert!(ready.seq < sets[1].seq);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_bot_without_message_content_is_called_by_mention_and_slash() {
    let kit = kit().await;
    let ids = kit.sim().read(|world, _| world.default_ids()).unwrap();
    let off = json!({ "privileged_intents": [] });
    kit.sim().apply(PatchApplication { application: ids.application, body: off }).unwrap();
    let second = kit.another([Cog::new("One").command(command("here".to_owned()))]).start().await.unwrap();
    assert!(second.ready().await, "asks for no intent that the portal refuses");
    let owner = kit.owner();
    let asked = owner.says(&format!("<@{}> here", kit.bot_user())).unwrap();
    assert!(kit.reply_to(&asked).await.unwrap().content().contains("here I am"));
    assert_eq!(owner.slash("here", Value::Null).await.unwrap().kind, Some("message"));
    second.stop().await.unwrap();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn intents_refused_by_the_gateway_alone_are_left_out_too() {
    // The portal still says yes, the gateway says no: as after a change between the two questions.
    let refused = FaultSpec::new(FaultKind::Close { code: 4014 }).event("IDENTIFY");
    let kit = Kit::builder().cog(Cog::new("One").command(command("here".to_owned()))).fault(refused);
    let kit = kit.start().await.unwrap();
    let owner = kit.owner();
    let asked = owner.says(&format!("<@{}> here", kit.bot_user())).unwrap();
    assert!(kit.reply_to(&asked).await.unwrap().content().contains("here I am"));
    assert_eq!(sent(&kit, IDENTIFY), 2);
    kit.stop().await.unwrap();
}

/// Of an earlier bot of the same application, which registered its commands in a guild alone.
fn leave_behind(kit: &Kit, guild: GuildId, names: &[String]) {
    let application = kit.sim().read(|world, _| world.default_ids()).unwrap().application;
    let scope = Scope { application, guild: Some(guild) };
    for name in names {
        let body = json!({ "name": name, "description": "Of long ago" });
        kit.sim().apply(CreateCommand { actor: Actor::bot(application), scope, body }).unwrap();
    }
}

/// The names of the commands that are registered in a guild alone, or everywhere.
fn registered(kit: &Kit, guild: Option<GuildId>) -> Vec<String> {
    let found = kit.sim().read(|world, _| {
        let application = world.default_ids().unwrap().application;
        commands::list(world, Actor::bot(application), Scope { application, guild }, false).unwrap()
    });
    found.as_array().unwrap().iter().map(|command| command["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_an_earlier_bot_left_in_a_server_is_removed_there_and_nowhere_else() {
    let log = Log::read();
    let kit = Kit::builder().builtin().start().await.unwrap();
    let (owner, here) = (kit.owner(), kit.guild());
    let elsewhere = other_guild(&kit, &owner);
    let there = kit.sim().read(|world, _| world.channel(elsewhere.channel()).unwrap().guild.unwrap());
    let everywhere = registered(&kit, None);
    let left = ["old", "ping"].map(str::to_owned);
    for guild in [here, there] {
        leave_behind(&kit, guild, &left);
    }
    let stale = owner.slash("old", Value::Null).await.unwrap().message.unwrap().to_string();
    assert!(stale.contains("does not exist any more"), "Discord offers it, and nobody answers: {stale}");

    // A sync of the bot's own commands does not look there.
    let before = kit.sim().journal().last();
    says(&kit, &owner, "!sync", "Sync Complete").await;
    assert_eq!((writes(&kit, before), registered(&kit, Some(here)).len()), (vec![], 2));
    let shown = says(&kit, &owner, "!sync here", "Sync Complete").await.to_string();
    assert!(
        shown.contains("2 commands that this server had for itself") && shown.contains("`old`, `ping`"),
        "{shown}"
    );
    assert_eq!(writes(&kit, before), ["delete_guild_application_command"; 2]);
    assert_eq!(registered(&kit, Some(here)), [""; 0]);
    assert_eq!((registered(&kit, Some(there)), registered(&kit, None)), (left.to_vec(), everywhere));
    let line = log.line(&["commands registered", "old ping"]).await;
    assert!(line.contains(&format!("guild={here}")), "{line}");
    assert!(owner.slash("old", Value::Null).await.is_err(), "is not offered any more");
    let ping = Message(owner.slash("ping", Value::Null).await.unwrap().message.unwrap());
    let pong = |shown: &Message| shown.to_string().contains("Pong");
    kit.until(&ping, "that the bot's own stays", pong).await.unwrap();

    let before = kit.sim().journal().last();
    let again = owner.slash("sync", json!({ "here": true })).await.unwrap();
    let again = Message(again.message.unwrap());
    let met = |shown: &Message| shown.to_string().contains("has no commands of its own");
    kit.until(&again, "that there is nothing", met).await.unwrap();
    assert_eq!(
        (writes(&kit, before), requests(&kit, "list_guild_application_commands", before).len()),
        (vec![], 1)
    );

    // Many go with one request.
    leave_behind(&kit, here, &(0..9).map(|n| format!("old{n}")).collect::<Vec<_>>());
    says(&kit, &owner, "!sync here", "9 commands that this server had").await;
    assert_eq!(writes(&kit, before), ["bulk_set_guild_application_commands"]);
    assert_eq!(registered(&kit, Some(here)), [""; 0]);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_servers_own_commands_are_asked_for_in_a_server_that_the_bot_is_in() {
    let kit = Kit::builder().builtin().start().await.unwrap();
    let owner = kit.owner();
    let direct = owner.in_dm_with(kit.bot_user()).unwrap();
    says(&kit, &direct, "!sync here", "There is no server here.").await;
    says(&kit, &owner, "!sync here force", "not those of a server").await;
    // Where the bot is not, or may register nothing, Discord says so, and it is told.
    let outside = kit.bot().command_sync().sync_guild("7".parse().unwrap()).await.unwrap_err();
    assert!(outside.to_string().contains("50001"), "{outside}");
    kit.stop().await.unwrap();
}
