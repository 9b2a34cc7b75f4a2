//! The help menu: only its invoker, pages, and its end by time.

use std::time::Duration;

use cogwright_runtime::builtin_cogs;
use cogwright_testkit::{Kit, Message};
use serde_json::Value;

use crate::helpers::{answer, frozen_kit, kit, tiers};

fn number_of(message: &Message, menu: &str, label: &str) -> String {
    let control = message.control(menu).unwrap().to_owned();
    let select = message.controls().into_iter().find(|c| c["custom_id"] == control.as_str()).unwrap();
    let options = select["options"].as_array().unwrap();
    let option = options.iter().find(|option| option["label"] == label).unwrap();
    option["value"].as_str().unwrap().to_owned()
}

fn all_disabled(message: &Message) -> bool {
    let controls = message.controls();
    !controls.is_empty() && controls.iter().all(|c| c["disabled"] == true)
}

#[tokio::test]
async fn only_the_invoker_turns_pages() {
    let kit = kit().await;
    let (owner, stranger) = (kit.owner(), kit.newcomer("stranger").unwrap());
    let opened = owner.slash("help", Value::Null).await.unwrap();
    let menu = Message(opened.message.unwrap());
    let refused = stranger.chooses(&menu, "Choose a category", &["0"]).await.unwrap();
    assert_eq!((refused.kind, refused.ephemeral), (Some("message"), true));
    assert_eq!(kit.look(&menu).unwrap()["embeds"], menu["embeds"], "nothing changed for the stranger");
    let turned = owner.chooses(&menu, "Choose a category", &["0"]).await.unwrap();
    assert_eq!(turned.kind, Some("update"));
    assert_ne!(turned.message.unwrap()["embeds"], menu["embeds"]);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn case_24_the_menu_disables_itself_when_its_time_is_over() {
    let kit = frozen_kit().await;
    let asked = kit.owner().says("!help").unwrap();
    let by_prefix = kit.reply_to(&asked).await.unwrap();
    kit.advance(Duration::from_secs(11));
    let by_slash = Message(kit.owner().slash("help", Value::Null).await.unwrap().message.unwrap());
    assert!(!all_disabled(&by_prefix) && !all_disabled(&by_slash));
    kit.advance(Duration::from_secs(301));
    kit.until(&by_prefix, "the menu's end", all_disabled).await.unwrap();
    kit.until(&by_slash, "the menu's end", all_disabled).await.unwrap();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn case_24_a_menu_is_still_closed_after_its_token_has_expired() {
    let kit = frozen_kit().await;
    let menu = Message(kit.owner().slash("help", Value::Null).await.unwrap().message.unwrap());
    // The interaction's token is good for 15 minutes; after that the edit needs the bot's own.
    kit.advance(Duration::from_secs(16 * 60));
    kit.until(&menu, "the menu's end", all_disabled).await.unwrap();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn one_command_is_shown_in_full_and_a_near_miss_is_corrected() {
    let kit = frozen_kit().await;
    let owner = kit.owner();
    let page = kit.reply_to(&owner.says("!help echo").unwrap()).await.unwrap();
    assert!(page["embeds"][0].to_string().contains("!echo"), "{}", page.0);
    let soon = kit.reply_to(&owner.says("!help ping").unwrap()).await.unwrap();
    assert!(soon.to_string().contains("Try again in **10.0 seconds**"), "{}", soon.0);
    kit.advance(Duration::from_secs(11));
    let group = kit.reply_to(&owner.says("!help mentionprefix").unwrap()).await.unwrap();
    assert!(group.to_string().contains("`!mentionprefix enable`"), "{}", group.0);
    kit.advance(Duration::from_secs(11));
    let miss = kit.reply_to(&owner.says("!help ecko").unwrap()).await.unwrap();
    assert!(miss.to_string().contains("echo"), "{}", miss.0);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn categories_commands_and_the_way_back() {
    let kit = kit().await;
    let owner = kit.owner();
    let menu = Message(owner.slash("help", Value::Null).await.unwrap().message.unwrap());
    let (text, bot) = (menu.to_string(), kit.bot_user());
    for part in
        ["Help Menu", "Current prefix: `!` or ", &format!("<@{bot}> name"), "`/name`", "Requested by Robin"]
    {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    let settings = number_of(&menu, "Choose a category", "Server Settings");
    let page = owner.chooses(&menu, "Choose a category", &[&settings]).await.unwrap();
    let page = Message(page.message.unwrap());
    let text = page.to_string();
    for part in ["Total commands: 6 | Page 1/2", "⚡ !config [command] [role] [none]", "Legend", "🔸", "🔹"]
    {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    let second = Message(owner.clicks(&page, "Next").await.unwrap().message.unwrap());
    assert!(second.to_string().contains("Page 2/2"), "{}", second.0);
    let number = number_of(&second, "Show a command in full", "!setprefix");
    let command = owner.chooses(&second, "Show a command in full", &[&number]).await.unwrap();
    let command = Message(command.message.unwrap());
    for part in ["How to Call It", "`!setprefix <prefix>`", "`!setprefix ?`", "Whoever has **Administrator**"]
    {
        assert!(command.to_string().contains(part), "{part} is missing: {}", command.0);
    }
    let back = Message(owner.clicks(&command, "Back").await.unwrap().message.unwrap());
    assert!(back.to_string().contains("Page 2/2"));
    let main = Message(owner.clicks(&back, "Back to Main").await.unwrap().message.unwrap());
    assert_eq!(main["embeds"], menu["embeds"]);
    let closed = owner.clicks(&main, "Close").await.unwrap();
    assert_eq!(Message(closed.message.unwrap()).controls().len(), 0);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn what_one_may_not_run_is_not_shown() {
    let kit = frozen_kit().await;
    let member = kit.newcomer("member").unwrap();
    let menu = kit.reply_to(&member.says("!help").unwrap()).await.unwrap();
    assert!(!menu.to_string().contains("Server Settings"), "{}", menu.0);
    kit.advance(Duration::from_secs(11));
    let named = kit.reply_to(&member.says("!help setprefix").unwrap()).await.unwrap();
    assert!(!named.to_string().contains("How to Call It"), "{}", named.0);
    let offered = member.types("help", "command", "set").await.unwrap().choices.unwrap();
    assert!(!offered.to_string().contains("setprefix"), "{offered}");
    let offered = kit.owner().types("help", "command", "set").await.unwrap().choices.unwrap();
    assert!(offered.to_string().contains("setprefix"), "{offered}");
    // In direct messages there is no server to set up.
    kit.advance(Duration::from_secs(11));
    let direct = kit.owner().in_dm_with(kit.bot_user()).unwrap();
    let menu = kit.reply_to(&direct.says("!help").unwrap()).await.unwrap();
    assert!(
        menu.to_string().contains("Help Menu") && !menu.to_string().contains("Server Settings"),
        "{}",
        menu.0
    );
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn the_credits_and_the_framework_honour_the_original() {
    let kit = frozen_kit().await;
    let owner = kit.owner();
    let menu = kit.reply_to(&owner.says("!help").unwrap()).await.unwrap();
    let credits = owner.clicks(&menu, "Credits").await.unwrap();
    assert_eq!((credits.kind, credits.ephemeral), (Some("message"), true));
    let credits = credits.message.unwrap().to_string();
    let named =
        ["Created By", "License", "TheHolyOneZ", "https://github.com/TheHolyOneZ/discord-bot-framework"];
    for part in named.into_iter().chain(["Connection Pooling", "Whitespace-Tolerant Extensions"]) {
        assert!(credits.contains(part), "{part} is missing: {credits}");
    }
    assert_eq!(kit.look(&menu).unwrap()["embeds"], menu["embeds"], "the menu stays as it is");
    for alias in ["discordbotframework", "framework", "botinfo"] {
        let shown = kit.reply_to(&owner.says(&format!("!{alias}")).unwrap()).await.unwrap().to_string();
        for part in
            named.into_iter().chain(["Framework Features", "User Commands", "Owner Commands", "Latency"])
        {
            assert!(shown.contains(part), "{alias}: {part} is missing: {shown}");
        }
        assert!(shown.contains("Created by TheHolyOneZ | Requested by Robin"), "{shown}");
        kit.advance(Duration::from_secs(11));
    }
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_mention_alone_tells_how_to_get_help_if_there_is_one() {
    for (cogs, told) in [
        (builtin_cogs(), "My prefix here is `!`. `!help` or `/help` shows what I can do."),
        (vec![tiers("Fun")], "My prefix here is `!`."),
    ] {
        let kit = Kit::with_cogs(cogs).await.unwrap();
        let alone = format!("<@{}>", kit.bot_user());
        assert_eq!(answer(&kit, &kit.owner(), &alone).await.content(), told);
        kit.stop().await.unwrap();
    }
}
