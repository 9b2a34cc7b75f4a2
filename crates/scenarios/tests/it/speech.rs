//! What the bot says where it may not say all, after an edit, and of commands that are switched off.

use std::time::Duration;

use cogwright_runtime::builtin_cogs;
use cogwright_sim_world::messages::EditMessage;
use cogwright_sim_world::places::operator;
use cogwright_sim_world::{Actor, Author, World, places, wire};
use cogwright_testkit::{Kit, Message};
use serde_json::json;

use crate::helpers::{answer, frozen_kit, kit, replies, requests, says};

/// See Discord docs: Permissions / Bitwise Permission Flags.
const SEND_MESSAGES: u64 = 1 << 11;
const EMBED_LINKS: u64 = 1 << 14;

/// Denies the bot a permission in the owner's channel. Its role is one of an administrator, whom nothing can be denied,
/// and is so no longer.
fn deny(kit: &Kit, permission: u64) {
    let own = |world: &World| {
        let roles = &world.guild(kit.guild()).unwrap().roles;
        roles.values().find(|role| role.bot.is_some()).unwrap().id
    };
    let role = kit.sim().read(|world, _| own(world));
    let body = json!({ "permissions": "0" });
    kit.sim().apply(operator::PatchRole { guild: kit.guild(), role, body }).unwrap();
    let body = json!({ "type": 1, "deny": permission.to_string(), "allow": "0" });
    let (channel, target) = (kit.owner().channel(), kit.bot_user().get());
    kit.sim().apply(places::SetOverwrite { actor: None, channel, target, body }).unwrap();
}

/// Somebody edits what they wrote.
fn edits(kit: &Kit, message: &Message, text: &str) {
    let owner = kit.owner();
    let edit = EditMessage {
        actor: Actor::person(owner.id()),
        channel: owner.channel(),
        message: message.id().parse().unwrap(),
        body: json!({ "content": text }),
        files: Vec::new(),
    };
    kit.sim().apply(edit).unwrap();
}

/// The bot's answers to a message that are there now.
fn standing(kit: &Kit, asked: &Message) -> Vec<Message> {
    kit.sim().read(|world, _| {
        let messages = world.channel(kit.owner().channel()).unwrap().messages.values();
        let answers = messages.filter(|message| {
            message.author == Author::User(kit.bot_user())
                && message.reference.is_some_and(|(_, to)| to.to_string() == asked.id())
        });
        answers.map(|message| Message(wire::message(world, message, None))).collect()
    })
}

#[tokio::test]
async fn where_embeds_are_denied_the_help_menu_comes_in_words() {
    let kit = kit().await;
    deny(&kit, EMBED_LINKS);
    let menu = answer(&kit, &kit.owner(), "!help").await;
    assert_eq!(menu["embeds"], json!([]), "{}", menu.0);
    assert!(menu.content().contains("Help Menu**") && !menu.controls().is_empty(), "{}", menu.0);
    assert!(requests(&kit, "create_message", 0).iter().all(|sent| crate::helpers::status(sent) == 200));
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn where_the_bot_may_not_speak_it_spends_no_request() {
    let kit = kit().await;
    deny(&kit, SEND_MESSAGES);
    let owner = kit.owner();
    for line in ["!help", "!echo", "!mentionprefix bogus"] {
        owner.says(line).unwrap();
    }
    owner.slash("ping", json!(null)).await.unwrap();
    deny(&kit, 0);
    says(&kit, &owner, "!help", "Help Menu").await;
    assert_eq!(requests(&kit, "create_message", 0).len(), 1, "{}", kit.transcript().unwrap());
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_name_that_is_none_costs_no_cooldown_and_names_in_groups_are_found() {
    let kit = frozen_kit().await;
    let owner = kit.owner();
    says(&kit, &owner, "!help nosuchcmd", "I do not know `nosuchcmd`").await;
    says(&kit, &owner, "!help \"mentionprefix enable\"", "!mentionprefix enable").await;
    kit.advance(Duration::from_secs(11));
    says(&kit, &owner, "!help mentionprefix enable", "!mentionprefix enable").await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_help_that_is_switched_off_is_silent_and_nobody_is_sent_to_it() {
    let kit = Kit::builder()
        .cogs(builtin_cogs())
        .settings(|settings| settings.commands.disabled = vec!["help".to_owned()])
        .start()
        .await
        .unwrap();
    let owner = kit.owner();
    let silent = [owner.says("!help").unwrap(), owner.says(&format!("<@{}> help", kit.bot_user())).unwrap()];
    let changed = answer(&kit, &owner, "!setprefix ?").await.to_string();
    assert!(changed.contains("Prefix Changed") && !changed.contains("help"), "{changed}");
    let told = answer(&kit, &owner, &format!("<@{}>", kit.bot_user())).await.to_string();
    assert!(!told.contains("help"), "{told}");
    let replies = replies(&kit, owner.channel());
    assert!(silent.iter().all(|message| !replies.contains_key(message.id())), "{replies:?}");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn an_edit_from_components_to_an_embed_and_back_replaces_the_answer() {
    let kit = Kit::builder()
        .cogs(builtin_cogs())
        .settings(|settings| settings.commands.edit_tracking = true)
        .start()
        .await
        .unwrap();
    let owner = kit.owner();
    let asked = owner.says("!demo").unwrap();
    let first = kit.reply_to(&asked).await.unwrap();
    let alone = async |part: &str| {
        let met = |_: &Message| {
            let now = standing(&kit, &asked);
            now.len() == 1 && now[0].to_string().contains(part)
        };
        kit.until(&asked, &format!("one answer, with {part:?}"), met).await.unwrap();
    };
    for (line, part) in [
        ("!echo good morning", "good morning"),
        ("!demo", "What a bot can show"),
        ("!echo times:9 a", "Invalid"),
    ] {
        edits(&kit, &asked, line);
        alone(part).await;
    }
    assert!(kit.look(&first).is_none());
    // However fast they come, the latest counts.
    for line in ["!echo one", "!demo", "!echo times:8 b", "!echo the latest"] {
        edits(&kit, &asked, line);
    }
    alone("the latest").await;
    kit.stop().await.unwrap();
}
