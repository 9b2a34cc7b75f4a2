//! Components that outlive the process: what a message showed before a restart or a kill works after it. The bot with
//! the commands for it is this very program, started once more to be [`the_bot`].

use std::path::Path;
use std::process::Command;

use cogwright::{Bot, Cog, CommandResult, Ctx, PersistentPress, Reply, command, persistent_id, ui};
use cogwright_config::Sources;
use cogwright_discord::Endpoint;
use cogwright_runtime::{BotBuilder, launch};
use cogwright_sim::Interacted;
use cogwright_sim_world::places::operator;
use cogwright_sim_world::{Message, MessageId, UserId, interactions};
use serde_json::json;
use tokio::task::spawn_blocking;

use crate::discord::Discord;
use crate::process::Process;

/// Where the local Discord of [`the_bot`] is.
const HOST: &str = "COGWRIGHT_TEST_HOST";
/// Set for a bot of a later version, which has given up tallies.
const LATER: &str = "COGWRIGHT_TEST_LATER";

/// A tally that knows how far it has come by its own button alone.
fn board(count: u32) -> Result<Reply, cogwright::Failure> {
    let more = ui::success(persistent_id("tally", &count.to_string())?, "More");
    let close = ui::danger(persistent_id("close", &count.to_string())?, "Close");
    Ok(Reply::text(format!("{count} so far")).component(ui::row([more.into(), close.into()])))
}

/// Starts a tally, for whoever manages messages.
#[command(permissions(MANAGE_MESSAGES))]
async fn tally(ctx: Ctx) -> CommandResult {
    ctx.reply(board(0)?).await
}

async fn more(press: PersistentPress) -> CommandResult {
    let count: u32 = press.state().parse()?;
    press.update(board(count + 1)?).await
}

async fn close(press: PersistentPress) -> CommandResult {
    press.update(format!("{} in the end", press.state())).await
}

/// No test: the bot of the test below, in a process of its own.
#[test]
#[ignore = "a process that a test starts"]
fn the_bot() {
    let Ok(host) = std::env::var(HOST) else { return };
    let cog = Cog::new("Tallies").command(tally);
    let cog = if std::env::var_os(LATER).is_some() {
        cog
    } else {
        cog.persistent("tally", more).persistent_of("tally", "close", close)
    };
    let endpoint = Endpoint::local(host);
    let (watch, log) = launch::prepare(Sources::default(), &endpoint).unwrap();
    let settings = watch.running().settings.clone();
    let data = settings.database.base_path.clone();
    let bot =
        BotBuilder::new(settings).endpoint(endpoint).data(data).cogs(Bot::builder().cog(cog).into_cogs());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(launch::run(bot, watch, log)).unwrap();
}

/// [`the_bot`], once it is ready.
async fn start(discord: &Discord, folder: &Path, later: bool) -> Process {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "lasting::the_bot", "--ignored", "--nocapture"]).env(HOST, discord.host());
    if later {
        command.env(LATER, "1");
    }
    let (folder, token) = (folder.to_owned(), discord.ids.token.clone());
    spawn_blocking(move || Process::of(command, &folder, &token).ready()).await.unwrap()
}

/// What the bot answers a message.
async fn shown(discord: &Discord, asked: MessageId) -> Message {
    discord.awaited(|| discord.replies_to(asked).pop()).await.unwrap()
}

/// The message as it is now.
fn now(discord: &Discord, message: MessageId) -> Message {
    discord.sim.read(|world, _| world.message(discord.ids.channel, message).unwrap().clone())
}

/// Somebody presses the button with this label.
async fn press(discord: &Discord, user: UserId, on: &Message, label: &str) -> Interacted {
    let rows = now(discord, on.id).components;
    let buttons = rows[0]["components"].as_array().unwrap();
    let button = buttons.iter().find(|button| button["label"] == label).unwrap();
    let custom_id = button["custom_id"].as_str().unwrap().to_owned();
    discord.sim.interact(interactions::Click { user, message: on.id, custom_id }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_persistent_component_works_after_a_kill_and_after_a_restart() {
    let (discord, folder) = (Discord::start().await, tempfile::tempdir().unwrap());
    let owner = discord.ids.user;
    let guild = discord.ids.guild;
    let somebody =
        discord.sim.apply(operator::CreateUser { body: json!({ "username": "somebody" }) }).unwrap();
    let somebody: UserId = somebody["id"].as_str().unwrap().parse().unwrap();
    discord.sim.apply(operator::AddMember { guild, body: json!({ "user": somebody }) }).unwrap();

    let first = start(&discord, folder.path(), false).await;
    let tally = shown(&discord, discord.says("!tally")).await;
    let pressed = async |user, label| press(&discord, user, &tally, label).await;
    let is = |text: &str| assert_eq!(now(&discord, tally.id).content, text);
    assert_eq!(pressed(somebody, "More").await.kind, Some("update"));
    is("1 so far");

    spawn_blocking(|| first.kill()).await.unwrap();
    let second = start(&discord, folder.path(), false).await;
    assert_eq!(pressed(somebody, "More").await.kind, Some("update"));
    is("2 so far");

    let (ended, said) = spawn_blocking(|| second.stop()).await.unwrap();
    assert_eq!(ended.code(), Some(0), "{said}");
    let third = start(&discord, folder.path(), false).await;
    assert_eq!(pressed(somebody, "More").await.kind, Some("update"));
    is("3 so far");
    // The checks of its command are those of this process.
    let refused = pressed(somebody, "Close").await;
    assert!(refused.ephemeral && refused.message.unwrap().to_string().contains("Manage Messages"));
    is("3 so far");

    spawn_blocking(|| third.stop()).await.unwrap();
    let later = start(&discord, folder.path(), true).await;
    let told = pressed(somebody, "More").await;
    let text = "This menu is closed. Run the command again to get a fresh one.";
    assert!(told.ephemeral && told.message.unwrap()["content"] == text, "this version knows of no tallies");
    spawn_blocking(|| later.stop()).await.unwrap();
    let last = start(&discord, folder.path(), false).await;
    assert_eq!(pressed(owner, "Close").await.kind, Some("update"));
    is("3 in the end");
    spawn_blocking(|| last.stop()).await.unwrap();
}
