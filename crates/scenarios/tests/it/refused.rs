//! What Discord refuses a command is explained to whoever called it, and to `why`: which permission, which overwrite of
//! a channel, which role stands above. The refusals are real ones; the codes are looked up in what was answered.

use std::sync::{Arc, OnceLock};

use cogwright_command::{Channel, Cog, CommandResult, Ctx, Failure, Needs, Permissions, Role, User, command};
use cogwright_discord::{Priority, Request, Rest, RestError, Route};
use cogwright_sim_world::places::{Kick, PatchMember, SetOverwrite, operator};
use cogwright_sim_world::{Actor, ChannelId, RoleId, UserId};
use cogwright_testkit::{Kit, Message, Person};
use serde_json::{Value, json};

use crate::helpers::{says, status};

/// The bot's way to Discord, for commands that want more of it than an answer.
type Way = Arc<OnceLock<Rest>>;

async fn send(way: &Way, route: Route<'_>, body: Option<Value>) -> Result<Value, RestError> {
    let request = Request::builder(&route);
    let request = body.map_or(Request::builder(&route), |body| request.json(&body)).build().unwrap();
    let answer = way.get().unwrap().send_raw::<()>(&request, Priority::Normal).await?;
    Ok(answer.json().unwrap_or_default())
}

fn message(channel: u64) -> Route<'static> {
    Route::CreateMessage { channel_id: channel }
}

/// Says something in another channel.
#[command]
async fn announce(ctx: Ctx, to: Channel, #[state] way: Way) -> CommandResult {
    let said = send(&way, message(to.id.get()), Some(json!({ "content": "Hear, hear!" }))).await;
    let needs = Needs::new(Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES).in_channel(to.id);
    said.map_err(|error| ctx.explain(error, needs))?;
    ctx.reply("It is said.").await
}

/// Says something here, as a message of its own, and leaves the refusal to the framework.
#[command]
async fn shout(ctx: Ctx, #[state] way: Way) -> CommandResult {
    send(&way, message(ctx.channel_id().get()), Some(json!({ "content": "Hear, hear!" }))).await?;
    ctx.reply("It is said.").await
}

/// Sends a member away.
#[command]
async fn kick(ctx: Ctx, user: User, #[state] way: Way) -> CommandResult {
    let guild_id = ctx.guild_id().unwrap().get();
    let kicked = send(&way, Route::RemoveMember { guild_id, user_id: user.id.get() }, None).await;
    let roles = user.roles.as_deref().unwrap_or_default();
    let needs = Needs::new(Permissions::KICK_MEMBERS).on_member(user.id, roles);
    kicked.map_err(|error| ctx.explain(error, needs))?;
    ctx.reply("They are gone.").await
}

/// Gives oneself a role.
#[command]
async fn join(ctx: Ctx, role: Role, #[state] way: Way) -> CommandResult {
    let (guild_id, user_id) = (ctx.guild_id().unwrap().get(), ctx.invoker().id.get());
    let given = send(&way, Route::AddMemberRole { guild_id, role_id: role.id.get(), user_id }, None).await;
    given.map_err(|error| ctx.explain(error, Needs::new(Permissions::MANAGE_ROLES).on_role(role.id)))?;
    ctx.reply("You have it.").await
}

/// Writes to somebody, in direct messages.
#[command]
async fn tell(ctx: Ctx, user: User, #[state] way: Way) -> CommandResult {
    let opened = json!({ "recipient_id": user.id });
    let channel = send(&way, Route::CreatePrivateChannel, Some(opened)).await?;
    let channel = channel["id"].as_str().unwrap().parse().map_err(|_| Failure::internal("no channel"))?;
    send(&way, message(channel), Some(json!({ "content": "Psst." }))).await?;
    ctx.reply("They know.").await
}

/// Pins a message here, by its id.
#[command]
async fn keep(ctx: Ctx, message: String, #[state] way: Way) -> CommandResult {
    let message_id = message.parse().map_err(|_| Failure::refused("That is no id."))?;
    send(&way, Route::PinMessage { channel_id: ctx.channel_id().get(), message_id }, None).await?;
    ctx.reply("It stays.").await
}

/// What an answer says in its embed.
fn description(message: &Value) -> String {
    message["embeds"][0]["description"].as_str().unwrap().to_owned()
}

/// The bot of the default world, with a role of its own under that of the moderators.
struct Town {
    kit: Kit,
    owner: Person,
    /// A channel besides that in which everybody calls.
    hall: ChannelId,
    bots: RoleId,
    moderators: RoleId,
    moderator: UserId,
}

impl Town {
    /// The bot may do this in the guild.
    async fn open(permissions: Permissions) -> Self {
        let way = Way::default();
        let cog = Cog::new("Refused")
            .command(announce(Arc::clone(&way)))
            .command(shout(Arc::clone(&way)))
            .command(kick(Arc::clone(&way)))
            .command(join(Arc::clone(&way)))
            .command(tell(Arc::clone(&way)))
            .command(keep(Arc::clone(&way)));
        let kit = Kit::builder().builtin().cog(cog).start().await.unwrap();
        assert!(way.set(kit.bot().rest().clone()).is_ok());
        let guild = kit.guild();
        let (bots, moderators, moderator) = kit.sim().read(|world, _| {
            let guild = world.guild(guild).unwrap();
            let role = |name: &str| guild.roles.values().find(|role| role.name == name).unwrap().id;
            let moderators = role("Moderator");
            let moderator = guild.members.values().find(|member| member.roles.contains(&moderators)).unwrap();
            (role("Cogwright"), moderators, moderator.user)
        });
        let body = json!({ "permissions": permissions.bits().to_string() });
        kit.sim().apply(operator::PatchRole { guild, role: bots, body }).unwrap();
        let body = json!({ "name": "hall" });
        let hall = kit.sim().apply(operator::CreateChannel { guild, body }).unwrap();
        let hall = hall["id"].as_str().unwrap().parse().unwrap();
        Self { owner: kit.owner(), kit, hall, bots, moderators, moderator }
    }

    fn deny(&self, channel: ChannelId, whom: u64, member: bool, permission: Permissions) {
        let body = json!({ "type": u8::from(member), "allow": "0", "deny": permission.bits().to_string() });
        self.kit.sim().apply(SetOverwrite { actor: None, channel, target: whom, body }).unwrap();
    }

    /// Calls a command in both forms. Both times Discord refuses with this code, the caller reads this, and so does who
    /// asks `why`.
    async fn refused(&self, command: &str, argument: (&str, String), code: u64, told: &str) {
        let (name, value) = argument;
        let before = self.kit.sim().journal().last();
        let asked = self.owner.says(&format!("!{command} {value}")).unwrap();
        let by_prefix = (asked.id().to_owned(), self.kit.reply_to(&asked).await.unwrap());
        self.refusal(before, code);
        let before = self.kit.sim().journal().last();
        let options = if name.is_empty() { json!(null) } else { json!({ name: value }) };
        let by_slash = self.owner.slash(command, options).await.unwrap();
        assert!(by_slash.ephemeral, "{by_slash:?}");
        let by_slash = (by_slash.interaction.to_string(), Message(by_slash.message.unwrap()));
        self.refusal(before, code);
        for (call, shown) in [by_prefix, by_slash] {
            let text = description(&shown);
            assert!(
                text.starts_with(told) && text.contains("(error id `"),
                "{command}: {text:?}, not {told:?}"
            );
            let why = self.owner.slash("why", json!({ "call": call })).await.unwrap();
            let why = description(&why.message.unwrap());
            assert!(why.contains(&format!("code {code}")), "{command}: {why}");
            // What is plain from the code is not explained once more.
            let explained = told.contains("<@") || told.starts_with("I need");
            assert_eq!(why.contains(told), explained, "{command}: {why:?}, not {told:?}");
        }
    }

    /// The one request after this point that was refused had this code.
    fn refusal(&self, after: u64, code: u64) {
        let refused = |entry: &cogwright_sim::Entry| {
            entry.field("status").is_some() && (400..500).contains(&status(entry))
        };
        let (refused, ..) = self.kit.sim().journal().query(after, usize::MAX, refused);
        let codes: Vec<_> =
            refused.iter().map(|entry| entry.field("response").unwrap()["code"].clone()).collect();
        assert_eq!(codes, [json!(code)], "asked, and refused once");
    }
}

/// What a bot may usually do.
const USUAL: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::READ_MESSAGE_HISTORY);

#[tokio::test]
async fn an_overwrite_of_a_channel_is_named() {
    let town = Town::open(USUAL).await;
    let (hall, role, bot) = (town.hall, town.bots, town.kit.bot_user().get());
    let everyone = town.kit.guild().get();
    // Each time it is another overwrite that decides: the last one is the strongest.
    for (whom, member, told) in [
        (everyone, false, format!("I need **Send Messages**, which <#{hall}> denies to everyone.")),
        (
            role.get(),
            false,
            format!("I need **Send Messages**, which <#{hall}> denies to my role <@&{role}>."),
        ),
        (bot, true, format!("I need **Send Messages**, which <#{hall}> denies to me.")),
    ] {
        town.deny(hall, whom, member, Permissions::SEND_MESSAGES);
        town.refused("announce", ("to", hall.to_string()), 50_013, &told).await;
    }
    town.kit.stop().await.unwrap();
}

/// The local Discord keeps from a bot the channels that it does not see, so none of its overwrites can be named.
#[tokio::test]
async fn a_channel_that_the_bot_does_not_see_is_named() {
    let town = Town::open(USUAL).await;
    let hall = town.hall;
    town.deny(hall, town.kit.guild().get(), false, Permissions::VIEW_CHANNEL);
    let expected = format!("I need **View Channel** in <#{hall}>, of which Discord tells me nothing.");
    // By prefix it cannot even be named. The second call is made in the channel itself.
    let inside = town.owner.in_channel(hall);
    for (person, command, options) in
        [(&town.owner, "announce", json!({ "to": hall })), (&inside, "shout", json!(null))]
    {
        let before = town.kit.sim().journal().last();
        let told = person.slash(command, options).await.unwrap();
        town.refusal(before, 50_001);
        let why = town.owner.slash("why", json!({ "call": told.interaction.to_string() })).await.unwrap();
        for shown in [told, why] {
            let shown = description(&shown.message.unwrap());
            assert!(shown.contains(&expected), "{shown}");
        }
    }
    town.kit.stop().await.unwrap();
}

/// The answer to an interaction comes through where the bot may not speak, and can say why nothing else does.
#[tokio::test]
async fn a_refusal_that_the_command_does_not_explain_is_explained_by_the_channel_it_is_in() {
    let town = Town::open(USUAL).await;
    town.deny(town.hall, town.kit.guild().get(), false, Permissions::SEND_MESSAGES);
    let before = town.kit.sim().journal().last();
    let told = town.owner.in_channel(town.hall).slash("shout", json!(null)).await.unwrap();
    town.refusal(before, 50_013);
    let told = description(&told.message.unwrap());
    let expected = format!("I need **Send Messages**, which <#{}> denies to everyone.", town.hall);
    assert!(told.starts_with(&expected), "{told}");
    town.kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_permission_that_no_role_has_and_a_time_out_are_named() {
    let town = Town::open(USUAL).await;
    let newcomer = town.kit.newcomer("new").unwrap();
    let user = || ("user", newcomer.id().to_string());
    town.refused("kick", user(), 50_013, "I need **Kick Members**, which none of my roles has.").await;
    let until = town.kit.sim().clock().now().plus(std::time::Duration::from_secs(600)).iso();
    let time_out = PatchMember {
        actor: Actor::person(town.owner.id()),
        guild: town.kit.guild(),
        user: town.kit.bot_user(),
        body: json!({ "communication_disabled_until": until }),
    };
    town.kit.sim().apply(time_out).unwrap();
    // A bot that is timed out is silent where it is called by prefix.
    let told = town.owner.slash("kick", json!({ "user": newcomer.id() })).await.unwrap();
    let told = description(&told.message.unwrap());
    assert!(told.starts_with("I need **Kick Members**, but I am timed out."), "{told}");
    town.kit.stop().await.unwrap();
}

#[tokio::test]
async fn whoever_stands_above_the_bot_is_named() {
    let town = Town::open(USUAL | Permissions::KICK_MEMBERS | Permissions::MANAGE_ROLES).await;
    let Town { bots, moderators, .. } = town;
    let above =
        format!("The role <@&{moderators}> is not below my highest one, <@&{bots}>. Move mine above it.");
    town.refused("kick", ("user", town.moderator.to_string()), 50_013, &above).await;
    town.refused("join", ("role", moderators.to_string()), 50_013, &above).await;
    let managed = format!("The role <@&{bots}> belongs to an integration and cannot be given by hand.");
    town.refused("join", ("role", bots.to_string()), 50_013, &managed).await;
    let owner = town.owner.id().to_string();
    // No role is named: `why` has it nevertheless.
    let (text, before) = ("Nobody can do that to the owner of the server.", town.kit.sim().journal().last());
    let told = town.owner.slash("kick", json!({ "user": owner })).await.unwrap();
    town.refusal(before, 50_013);
    let why = town.owner.slash("why", json!({ "call": told.interaction.to_string() })).await.unwrap();
    for shown in [told, why] {
        let shown = description(&shown.message.unwrap());
        assert!(shown.contains(text), "{shown}");
    }
    // Put right, it works.
    let body = json!({ "position": 9 });
    town.kit.sim().apply(operator::PatchRole { guild: town.kit.guild(), role: bots, body }).unwrap();
    says(&town.kit, &town.owner, &format!("!kick {}", town.moderator), "They are gone.").await;
    town.kit.stop().await.unwrap();
}

#[tokio::test]
async fn other_refusals_are_told_in_words() {
    let town = Town::open(USUAL | Permissions::MANAGE_MESSAGES | Permissions::PIN_MESSAGES).await;
    let sim = town.kit.sim();
    let closed = town.kit.newcomer("closed").unwrap();
    sim.apply(operator::PatchUser { user: closed.id(), body: json!({ "dms_open": false }) }).unwrap();
    let gone = town.kit.newcomer("gone").unwrap();
    gone.in_dm_with(town.kit.bot_user()).unwrap();
    let owner = Actor::person(town.owner.id());
    sim.apply(Kick { actor: owner, guild: town.kit.guild(), user: gone.id() }).unwrap();
    let user = |person: &Person| ("user", person.id().to_string());
    town.refused("tell", user(&closed), 50_007, "I cannot send that person direct messages").await;
    town.refused(
        "tell",
        user(&gone),
        50_278,
        "I cannot send that person direct messages: we share no server.",
    )
    .await;
    town.refused(
        "keep",
        ("message", town.kit.guild().to_string()),
        10_008,
        "That message does not exist any more.",
    )
    .await;
    town.kit.stop().await.unwrap();
}
