//! What guilds decide, on the real protocol: prefixes, rules, cooldowns by the world's clock, tidying up.

use std::time::Duration;

use cogwright_command::{Cog, CommandResult, Ctx, Role, command};
use cogwright_sim_world::places::operator;
use cogwright_testkit::{Kit, Message, Person};
use serde_json::{Value, json};

use crate::helpers::{answer, give, other_guild, role, tiers};

/// Sets the prefix.
#[command(guild_owner_only)]
async fn prefix(ctx: Ctx, new: String) -> CommandResult {
    let Some(guild) = ctx.guild_id() else { return Ok(()) };
    ctx.policies().set_prefix(guild, Some(&new), ctx.by()).await?;
    ctx.success("Prefix Changed", "It is effective at once.").await
}

/// Ties a command to a role.
#[command(guild_owner_only)]
async fn tie(ctx: Ctx, name: String, role: Role) -> CommandResult {
    let Some(guild) = ctx.guild_id() else { return Ok(()) };
    ctx.policies().replace_rule(guild, &name, &[], &[role.id], ctx.by()).await?;
    ctx.success("Permission Added", "It is tied.").await
}

/// Rarely.
#[command(cooldown = "1 per 10s per user")]
async fn rare(ctx: Ctx, number: u8) -> CommandResult {
    ctx.reply(format!("number {number}")).await
}

/// For all of a channel.
#[command(cooldown = "1 per 20s per channel")]
async fn place(ctx: Ctx) -> CommandResult {
    ctx.reply("here").await
}

/// For all of a server.
#[command(cooldown = "1 per 30s per guild")]
async fn house(ctx: Ctx) -> CommandResult {
    ctx.reply("in this house").await
}

/// For everybody everywhere.
#[command(cooldown = "1 per 40s per global")]
async fn world(ctx: Ctx) -> CommandResult {
    ctx.reply("in this world").await
}

/// The one.
#[command(cooldown = "1 per 50s per user in purse")]
async fn pay(ctx: Ctx) -> CommandResult {
    ctx.reply("paid").await
}

/// The other.
#[command(cooldown = "1 per 50s per user in purse")]
async fn buy(ctx: Ctx) -> CommandResult {
    ctx.reply("bought").await
}

/// A kit of commands that wait for each other, by kind.
async fn cooling() -> Kit {
    let cog = Cog::new("Cooling").command(rare).command(place).command(house).command(world);
    Kit::builder().cog(cog.command(pay).command(buy)).frozen().start().await.unwrap()
}

async fn kit() -> Kit {
    let cog = tiers("Policy").command(prefix).command(tie).command(rare);
    // Somebody who is not here owns the bot, so that the guild's owner is no more than that.
    Kit::builder().cog(cog).settings(|settings| settings.owner = Some(1)).frozen().start().await.unwrap()
}

fn assert_says(message: &Message, part: &str) {
    assert!(message.to_string().contains(part), "{part} is missing: {}", message.0);
    assert_eq!(message["mentions"].as_array().map(Vec::len), Some(0), "{}", message.0);
}

#[tokio::test]
async fn a_prefix_is_effective_at_once_and_its_confirmation_is_tidied_up() {
    let kit = kit().await;
    let owner = kit.owner();
    let asked = owner.says("!prefix ?").unwrap();
    let confirmed = kit.reply_to(&asked).await.unwrap();
    assert_says(&confirmed, "✅ Prefix Changed");
    owner.says("!rare 1").unwrap();
    assert_eq!(answer(&kit, &owner, "?rare 2").await.content(), "number 2");
    assert_says(&answer(&kit, &owner, &format!("<@{}>", kit.bot_user())).await, "My prefix here is `?`.");
    let deleted = |message: &Message| json!({ "event": "MESSAGE_DELETE", "data": { "id": message.id() } });
    kit.advance(Duration::from_secs(11));
    kit.event(deleted(&confirmed)).await.unwrap();
    // In the slash form it is for the invoker alone.
    let by_slash = owner.slash("prefix", json!({ "new": "!" })).await.unwrap();
    assert!(by_slash.ephemeral);
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_cooldown_goes_by_the_worlds_clock_and_a_bad_argument_costs_nothing() {
    let kit = kit().await;
    let owner = kit.owner();
    assert_says(&answer(&kit, &owner, "!rare many").await, "Invalid Argument");
    assert_eq!(answer(&kit, &owner, "!rare 1").await.content(), "number 1");
    assert_says(&answer(&kit, &owner, "!rare 2").await, "Try again in **10.0 seconds**");
    let other = kit.newcomer("other").unwrap();
    assert_eq!(answer(&kit, &other, "!rare 3").await.content(), "number 3");
    kit.advance(Duration::from_secs(10));
    assert_eq!(answer(&kit, &owner, "!rare 4").await.content(), "number 4");
    kit.stop().await.unwrap();
}

/// A line, its answer, how many milliseconds it takes, who may not meanwhile, and who may.
type Cooling<'a> = (&'a str, &'a str, u64, Vec<&'a Person>, Vec<&'a Person>);

#[tokio::test]
async fn a_cooldown_holds_for_whom_it_says_and_ends_by_the_worlds_clock() {
    let kit = cooling().await;
    let (owner, other) = (kit.owner(), kit.newcomer("other").unwrap());
    let elsewhere = other_guild(&kit, &owner);
    let body = json!({ "name": "next-door" });
    let door = kit.sim().apply(operator::CreateChannel { guild: kit.guild(), body }).unwrap();
    let door = door["id"].as_str().unwrap().parse().unwrap();
    let (owner_next_door, other_next_door) = (owner.in_channel(door), other.in_channel(door));
    let kinds: [Cooling<'_>; 4] = [
        ("!rare 1", "number 1", 10_000, vec![&owner_next_door, &elsewhere], vec![&other]),
        ("!place", "here", 20_000, vec![&other], vec![&owner_next_door, &elsewhere]),
        (
            "!house",
            "in this house",
            30_000,
            vec![&other, &other_next_door, &owner_next_door],
            vec![&elsewhere],
        ),
        ("!world", "in this world", 40_000, vec![&other_next_door, &elsewhere], vec![]),
    ];
    for (line, says, ms, waiting, free) in kinds {
        assert_eq!(answer(&kit, &owner, line).await.content(), says, "{line}");
        for person in waiting {
            let refused = answer(&kit, person, line).await;
            assert_says(&refused, &format!("Try again in **{}.0 seconds**", ms / 1_000));
        }
        for person in free {
            assert_eq!(answer(&kit, person, line).await.content(), says, "{line}");
        }
        kit.advance(Duration::from_millis(ms - 100));
        assert_says(&answer(&kit, &owner, line).await, "Try again in **0.1 seconds**");
        kit.advance(Duration::from_millis(100));
        assert_eq!(answer(&kit, &owner, line).await.content(), says, "{line}");
    }
    assert_eq!(answer(&kit, &owner, "!pay").await.content(), "paid");
    assert_says(&answer(&kit, &owner, "!buy").await, "Try again in **50.0 seconds**");
    assert_eq!(answer(&kit, &other, "!buy").await.content(), "bought", "has a purse of their own");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_rule_lets_its_role_in_and_keeps_others_out() {
    let kit = kit().await;
    let (owner, member) = (kit.owner(), kit.newcomer("member").unwrap());
    assert_says(&answer(&kit, &member, "!moderate").await, "You need **Ban Members**");
    let mods = role(&kit, "@everyone **mods**", "0");
    assert_says(&answer(&kit, &owner, &format!("!tie moderate {mods}")).await, "Permission Added");
    assert_says(&answer(&kit, &member, "!moderate").await, &format!("takes the role <@&{mods}>"));
    give(&kit, &owner, &member, &mods);
    assert_eq!(answer(&kit, &member, "!moderate").await.content(), "moderated");
    assert_eq!(answer(&kit, &owner, "!moderate").await.content(), "moderated", "the guild's owner passes");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn tiers_are_kept_in_both_forms_and_an_owners_command_is_hidden_from_others() {
    let kit = kit().await;
    let (owner, member) = (kit.owner(), kit.newcomer("member").unwrap());
    assert_says(&answer(&kit, &member, "!tie rare x").await, "Only the owner of this server");
    assert_says(&answer(&kit, &owner, "!secret").await, "Only the owners of the bot");
    let refused = owner.slash("secret", Value::Null).await.unwrap();
    assert!(refused.ephemeral && refused.message.unwrap().to_string().contains("Only the owners"));
    assert!(member.slash("secret", Value::Null).await.is_err(), "Discord does not even offer it");
    kit.stop().await.unwrap();
}
