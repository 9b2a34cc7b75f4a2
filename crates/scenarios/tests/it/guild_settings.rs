//! What a server sets for itself, on the real protocol: prefix, mention, rules, and the overview of it all.

use std::time::Duration;

use cogwright_command::RESERVED;
use cogwright_sim_world::places::operator;
use cogwright_store::{Store, StoreOptions};
use cogwright_testkit::{Kit, Message, Person};
use serde_json::json;

use crate::helpers::{answer, give, other_guild, role, tiers};

async fn kit() -> Kit {
    let kit = Kit::builder().cog(tiers("Fun")).cog(cogwright_cog_guild_settings::cog(None));
    kit.frozen().start().await.unwrap()
}

/// The guild's new owner, who has nothing else: the one it starts with owns the bot, too.
pub(crate) fn guild_owner(kit: &Kit) -> Person {
    let boss = kit.newcomer("boss").unwrap();
    let body = json!({ "owner": boss.id() });
    kit.sim().apply(operator::PatchGuild { guild: kit.guild(), body }).unwrap();
    boss
}

async fn says(kit: &Kit, person: &Person, line: &str, parts: &[&str]) -> Message {
    let message = answer(kit, person, line).await;
    for part in parts {
        assert!(message.to_string().contains(part), "{line}: {part:?} is missing: {}", message.0);
    }
    assert_eq!(message["mentions"].as_array().map(Vec::len), Some(0), "{line} pings: {}", message.0);
    assert_eq!(message["mention_roles"].as_array().map(Vec::len), Some(0), "{line} pings: {}", message.0);
    message
}

#[tokio::test]
async fn a_prefix_is_effective_at_once_and_only_in_its_server() {
    let kit = kit().await;
    let owner = guild_owner(&kit);
    let elsewhere = other_guild(&kit, &owner);
    says(&kit, &owner, "!setprefix ?", &["✅ Prefix Changed", "It was `!` and is `?`"]).await;
    owner.says("!hello").unwrap();
    assert_eq!(answer(&kit, &owner, "?hello").await.content(), "hello there");
    assert_eq!(answer(&kit, &elsewhere, "!hello").await.content(), "hello there");
    says(&kit, &owner, "?setprefix ?", &["Nothing Changed", "already"]).await;
    says(&kit, &owner, "?setprefix \"a b\"", &["U+0020, a blank"]).await;
    says(&kit, &owner, "?setprefix elevenchars", &["1 to 10 characters"]).await;
    says(&kit, &owner, "?setprefix", &["Missing", "?setprefix <prefix>"]).await;
    // The bot-wide one is followed again.
    says(&kit, &owner, "?setprefix !", &["Prefix Changed", "the bot-wide one, which this server follows"])
        .await;
    assert_eq!(answer(&kit, &owner, "!hello").await.content(), "hello there");
    let by_slash = owner.slash("setprefix", json!({ "prefix": "$" })).await.unwrap();
    assert!(by_slash.ephemeral && by_slash.message.unwrap().to_string().contains("is `$` from now on"));
    let member = kit.newcomer("member").unwrap();
    says(&kit, &member, "$setprefix !", &["You need **Administrator**"]).await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_mention_stops_and_begins_to_work_at_once() {
    let kit = kit().await;
    let owner = guild_owner(&kit);
    let mention = format!("<@{}>", kit.bot_user());
    assert_eq!(answer(&kit, &owner, &format!("{mention} hello")).await.content(), "hello there");
    says(&kit, &owner, "!mentionprefix", &["Mention Prefix Status", "**Enabled** (bot-wide)", "`/name`"])
        .await;
    says(&kit, &owner, "!MentionPrefix DISABLE", &["Mention Prefix Disabled", "does nothing"]).await;
    let unheard = owner.says(&format!("{mention} hello")).unwrap();
    says(&kit, &owner, "!mentionprefix disable", &["Already Disabled"]).await;
    says(&kit, &owner, "!mentionprefix status", &["**Disabled** (this server)"]).await;
    let heard = kit.transcript().unwrap().text().matches("hello there").count();
    assert_eq!(heard, 1, "{} was answered", unheard.0);
    let enabled = owner.slash("mentionprefix", json!({ "enable": {} })).await.unwrap();
    assert!(enabled.ephemeral && enabled.message.unwrap().to_string().contains("Mention Prefix Enabled"));
    assert_eq!(answer(&kit, &owner, &format!("{mention} hello")).await.content(), "hello there");
    let member = kit.newcomer("member").unwrap();
    says(&kit, &member, "!mentionprefix disable", &["You need **Administrator**"]).await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_rule_is_asked_about_saved_shown_and_removed() {
    let kit = kit().await;
    let (owner, member) = (guild_owner(&kit), kit.newcomer("member").unwrap());
    let mods = role(&kit, "Mods", "0");
    give(&kit, &owner, &member, &mods);
    says(
        &kit,
        &owner,
        "!config",
        &["Command Configuration", "There are no rules", "`hello`", "owner of this server"],
    )
    .await;
    says(&kit, &owner, "!config hello", &["Rule of `hello`", "Everybody."]).await;
    // Open to all today: that is asked about before it is saved.
    let question =
        says(&kit, &owner, &format!("!config hello {mods}"), &["Some would lose `hello`", "everybody"]).await;
    assert_eq!(answer(&kit, &kit.newcomer("early").unwrap(), "!hello").await.content(), "hello there");
    let refused = member.clicks(&question, "Yes").await.unwrap();
    assert!(refused.ephemeral, "a stranger cannot answer it");
    let left = owner.clicks(&question, "No").await.unwrap();
    assert!(left.message.unwrap().to_string().contains("Nothing Changed"));
    let again = answer(&kit, &owner, &format!("!config hello {mods}")).await;
    let saved = owner.clicks(&again, "Yes").await.unwrap();
    assert!(saved.message.unwrap().to_string().contains("Permission Added"));
    assert_eq!(answer(&kit, &member, "!hello").await.content(), "hello there");
    let stranger = kit.newcomer("stranger").unwrap();
    says(&kit, &stranger, "!hello", &[&format!("takes the role <@&{mods}>")]).await;
    assert_eq!(answer(&kit, &owner, "!hello").await.content(), "hello there", "the server's owner passes");
    // A further role takes from nobody, and is not asked about.
    let helpers = role(&kit, "Helpers", "0");
    says(&kit, &owner, &format!("!config hello {helpers}"), &["✅ Permission Added", &mods, &helpers]).await;
    says(&kit, &owner, &format!("!config hello {helpers}"), &["Already Configured"]).await;
    says(&kit, &owner, "!config", &[&format!("**`hello`** <@&{mods}>, <@&{helpers}> (this server)")]).await;
    let less = answer(&kit, &owner, &format!("!config hello {helpers} none")).await;
    owner.clicks(&less, "Yes").await.unwrap();
    says(&kit, &owner, "!config hello", &[&format!("Members with <@&{mods}>, by a rule of this server")])
        .await;
    // In the slash form `none` is an option of its own.
    let gone = owner.slash("config", json!({ "command": "hello", "none": true })).await.unwrap();
    assert!(gone.ephemeral && gone.message.unwrap().to_string().contains("Permissions Removed"));
    assert_eq!(answer(&kit, &stranger, "!hello").await.content(), "hello there");
    says(&kit, &owner, "!config hello none", &["No Restrictions"]).await;
    // Whom nobody can mention: the role of everybody goes by its name.
    for everybody in ["@everyone", "everyone"] {
        says(&kit, &owner, &format!("!config hello {everybody}"), &["Everybody, by a rule of this server"])
            .await;
        says(&kit, &owner, "!config hello none", &["Permissions Removed"]).await;
    }
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_rule_of_a_deleted_role_says_so_and_lets_nobody_in() {
    let kit = kit().await;
    let (owner, member) = (guild_owner(&kit), kit.newcomer("member").unwrap());
    let (mods, helpers) = (role(&kit, "Mods", "0"), role(&kit, "Helpers", "0"));
    give(&kit, &owner, &member, &mods);
    let question = answer(&kit, &owner, &format!("!config hello {mods}")).await;
    owner.clicks(&question, "Yes").await.unwrap();
    says(&kit, &owner, &format!("!config hello {helpers}"), &["Permission Added"]).await;
    let delete = |role: &str| {
        let role = role.parse().unwrap();
        kit.sim().apply(operator::DeleteRole { guild: kit.guild(), role }).unwrap();
    };
    delete(&mods);
    let gone = format!("deleted role ({mods})");
    says(&kit, &owner, "!config", &[&format!("**`hello`** {gone}, <@&{helpers}> (this server)")]).await;
    says(&kit, &owner, "!config hello", &[&format!("Members with {gone}, <@&{helpers}>, by a rule")]).await;
    says(&kit, &member, "!hello", &[&format!("takes the role <@&{helpers}>")]).await;
    // With none left it stays closed, and that is said.
    delete(&helpers);
    says(&kit, &owner, "!config hello", &["Nobody but the owner of the server", &gone]).await;
    says(&kit, &kit.newcomer("other").unwrap(), "!hello", &["takes a role that was deleted"]).await;
    let less = answer(&kit, &owner, "!config hello none").await;
    assert!(less.0.to_string().contains("Permissions Removed"), "{}", less.0);
    assert_eq!(answer(&kit, &member, "!hello").await.content(), "hello there");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_prefix_that_cannot_be_typed_or_pings_is_refused_by_its_character() {
    let kit = kit().await;
    let owner = guild_owner(&kit);
    for (prefix, named) in
        [("@everyone", "U+0040"), ("e\u{301}", "U+0301"), ("!\u{202e}", "U+202E"), ("א", "U+05D0")]
    {
        says(&kit, &owner, &format!("!setprefix {prefix}"), &[named]).await;
    }
    assert_eq!(answer(&kit, &owner, "!hello").await.content(), "hello there");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_rule_replaces_permissions_and_other_servers_know_nothing_of_it() {
    let kit = kit().await;
    let owner = guild_owner(&kit);
    let elsewhere = other_guild(&kit, &owner);
    let member = kit.newcomer("member").unwrap();
    let (mods, bans) = (role(&kit, "Mods", "0"), role(&kit, "Bans", "4"));
    let admins = role(&kit, "Admins", "8");
    let banner = kit.newcomer("banner").unwrap();
    give(&kit, &owner, &member, &mods);
    give(&kit, &owner, &banner, &bans);
    assert_eq!(answer(&kit, &banner, "!moderate").await.content(), "moderated");
    says(&kit, &owner, "!config moderate", &["Whoever has **Ban Members**"]).await;
    let question = says(
        &kit,
        &owner,
        &format!("!config moderate {mods}"),
        &[&bans, &format!("**administrators** by <@&{admins}>")],
    )
    .await;
    owner.clicks(&question, "Yes").await.unwrap();
    assert_eq!(answer(&kit, &member, "!moderate").await.content(), "moderated");
    says(&kit, &banner, "!moderate", &["takes the role"]).await;
    says(&kit, &elsewhere, "!config", &["There are no rules"]).await;
    assert!(!answer(&kit, &elsewhere, "!config moderate").await.to_string().contains(&mods));
    // Whoever does not own the server does not get there, not even to look.
    says(&kit, &member, "!config", &["Only the owner of this server"]).await;
    give(&kit, &owner, &member, &admins);
    // The same refusal is not told twice in a row.
    kit.advance(Duration::from_secs(6));
    says(&kit, &member, "!config moderate none", &["Only the owner of this server"]).await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_tied_to_roles_is_refused_with_the_reason() {
    let kit = kit().await;
    let owner = guild_owner(&kit);
    let mods = role(&kit, "Mods", "0");
    says(&kit, &owner, &format!("!config secret {mods}"), &["kept to the owners of the bot"]).await;
    says(&kit, &owner, &format!("!config config {mods}"), &["nobody can be locked out"]).await;
    says(&kit, &owner, &format!("!config mentionprefix {mods}"), &["group", "mentionprefix enable"]).await;
    says(&kit, &owner, &format!("!config helo {mods}"), &["hello"]).await;
    says(&kit, &owner, "!config hello nobody", &["role"]).await;
    says(&kit, &owner, "!config none", &["command", "!config [command] [role] [none]"]).await;
    let list = answer(&kit, &owner, "!config").await.to_string();
    let [closed, kept] =
        ["Not Configurable", "Kept to the Owners of the Bot"].map(|name| list.find(name).unwrap());
    assert!(list.find("`config`") > Some(closed) && list.find("`secret`") > Some(kept), "{list}");
    let list = answer(&kit, &kit.owner(), "!config").await.to_string();
    assert!(list.contains("Bot Owner Only") && list.contains("an owner of the bot"), "{list}");
    let offered = owner.types("config", "command", "he").await.unwrap().choices.unwrap();
    assert!(offered.to_string().contains("hello") && !offered.to_string().contains("secret"), "{offered}");
    let all = owner.types("config", "command", "").await.unwrap().choices.unwrap().to_string();
    assert!(!all.contains("\"secret\"") && !all.contains("\"config\""), "{all}");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_question_that_nobody_answers_saves_nothing() {
    let kit = kit().await;
    let owner = guild_owner(&kit);
    let mods = role(&kit, "Mods", "0");
    let question = answer(&kit, &owner, &format!("!config hello {mods}")).await;
    kit.advance(Duration::from_secs(301));
    let off = |message: &Message| message.controls().iter().all(|control| control["disabled"] == true);
    kit.until(&question, "the question's end", off).await.unwrap();
    says(&kit, &owner, "!config hello", &["Everybody."]).await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn every_value_in_force_is_shown_with_its_origin() {
    let kit = kit().await;
    let owner = guild_owner(&kit);
    says(
        &kit,
        &owner,
        "!serversettings",
        &["Server Settings - ", "`!`\\n*bot-wide*", "Members: ", "Command Rules"],
    )
    .await;
    says(&kit, &owner, "!setprefix ?", &["Prefix Changed"]).await;
    says(&kit, &owner, "?serversettings", &["`?`\\n*this server; bot-wide `!`*"]).await;
    let member = kit.newcomer("member").unwrap();
    says(&kit, &member, "?serversettings", &["You need **Administrator**"]).await;
    let direct = owner.in_dm_with(kit.bot_user()).unwrap();
    says(&kit, &direct, "!serversettings", &["server"]).await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn changes_are_bounded_so_that_nobody_floods_the_audit() {
    let kit = kit().await;
    let owner = guild_owner(&kit);
    for now in ["!", "?"].into_iter().cycle().take(20) {
        let other = if now == "!" { "?" } else { "!" };
        says(&kit, &owner, &format!("{now}setprefix {other}"), &["Prefix Changed"]).await;
    }
    says(&kit, &owner, "!setprefix ?", &["Cooldown"]).await;
    says(&kit, &owner, "!mentionprefix disable", &["Cooldown"]).await;
    says(&kit, &owner, "!mentionprefix status", &["Mention Prefix Status"]).await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn the_last_changes_of_this_server_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
    let cog = cogwright_cog_guild_settings::cog(Some(store.clone()));
    let kit = Kit::builder().cog(cog).frozen().start().await.unwrap();
    let owner = guild_owner(&kit);
    says(&kit, &owner, "!serversettings", &["Nothing was changed yet."]).await;
    let here = cogwright_store::Actor::new(owner.id().get(), Some(kit.guild().get()), None);
    let elsewhere = cogwright_store::Actor::new(owner.id().get(), Some(7), None);
    store.guild(7_u64).settings().set("prefix", "hidden", &elsewhere).await.unwrap();
    for new in ["a", "b", "c", "d", "`@everyone", "f"] {
        store.guild(kit.guild()).settings().set("prefix", new, &here).await.unwrap();
    }
    // About the bot as a whole, although it was said here.
    store.bot_settings().set("status.interval", "60", &here).await.unwrap();
    let who = format!("<@{}>: prefix ` @everyone` → `f`", owner.id());
    let shown = says(&kit, &owner, "!serversettings", &[&who, "→ `b`"]).await.to_string();
    assert!(
        !shown.contains("→ `a`") && !shown.contains("hidden") && !shown.contains("interval"),
        "five, of this server: {shown}"
    );
    kit.stop().await.unwrap();
    store.close().await.unwrap();
}

#[tokio::test]
async fn the_whole_bot_keeps_and_shows_what_was_set() {
    let kit = Kit::builder().builtin().frozen().start().await.unwrap();
    let owner = kit.owner();
    let mods = role(&kit, "Mods", "0");
    says(&kit, &owner, "!setprefix ?", &["Prefix Changed"]).await;
    says(&kit, &owner, "?mentionprefix disable", &["Mention Prefix Disabled"]).await;
    let question = says(&kit, &owner, &format!("?config ping {mods}"), &["Some would lose `ping`"]).await;
    owner.clicks(&question, "Yes").await.unwrap();
    // Some of them are not built yet.
    for closed in RESERVED.into_iter().chain(["atomicstats", "why", "\"status add\""]) {
        let line = format!("?config {closed} {mods}");
        let told =
            format!("`{}` is kept to the owners of the bot. No rule of a server", closed.trim_matches('"'));
        says(&kit, &owner, &line, &["Invalid Argument", &told]).await;
        let options = json!({ "command": closed.trim_matches('"'), "role": mods });
        let by_slash = owner.slash("config", options).await.unwrap();
        let text = by_slash.message.unwrap().to_string();
        assert!(by_slash.ephemeral && text.contains(&told), "{closed}: {text}");
        // Else one person is told no more than eight mistakes, and the command no more than twenty times a minute.
        kit.advance(Duration::from_secs(6));
    }
    let by = format!("<@{}>", owner.id());
    let changes = [
        format!("{by}: rule of `ping` *not set* → <@&{mods}>"),
        format!("{by}: mention prefix *not set* → disabled"),
        format!("{by}: prefix *not set* → `?`"),
    ];
    let parts: Vec<_> = changes.iter().map(String::as_str).chain(["1 *this server*"]).collect();
    says(&kit, &owner, "?serversettings", &parts).await;
    says(&kit, &owner, "?config", &["**`ping`**", "(this server)", "`stats`"]).await;
    says(&kit, &owner, "?framework", &["Uptime: ", "Servers: 1", "Shards: 1", "`sync`"]).await;
    let stranger = kit.newcomer("stranger").unwrap();
    says(&kit, &stranger, "?ping", &["takes the role"]).await;
    let menu = says(&kit, &stranger, "?help", &["Help Menu"]).await.to_string();
    assert!(!menu.contains("Maintenance") && !menu.contains("**Status**"), "{menu}");
    kit.stop().await.unwrap();
}
