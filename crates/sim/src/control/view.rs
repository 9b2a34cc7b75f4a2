//! `/view`: what a person sees, for clients such as the playground. Changes arrive on the stream.

use cogwright_sim_world::{
    Actor, ApiError, Channel, Timestamp, UserId, World, commands, messages, places, scheduled_events, wire,
};
use serde_json::{Value, json};

use super::{
    endpoint::{Answer, Call, Endpoint},
    error::ControlError,
};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/view/{user}",
            "World time, guilds with what one may do in them, visible channels, members, DMs, the \
             applications one has installed for oneself, and whom one can act as",
            view,
        ),
        Endpoint::get(
            "/view/{user}/channels/{channel}/messages",
            "Messages, newest first: ?limit=50&before=ID&after=ID&around=ID",
            history,
        ),
        Endpoint::get(
            "/view/{user}/channels/{channel}/commands",
            "Commands this person may use there",
            usable,
        ),
        Endpoint::get("/view/{user}/channels/{channel}/pins", "Pinned messages", pins),
    ]
}

fn view(call: Call<Value>) -> Answer {
    let user: UserId = call.id("user")?;
    let settings = call.sim.settings();
    call.sim.read(|world, now| {
        let me = world.user(user)?;
        let (bots, people): (Vec<_>, Vec<_>) = world.users().partition(|u| u.bot);
        let guilds: Vec<Value> =
            world.guilds_of(user).map(|guild| guild_view(world, guild, user, now)).collect();
        Ok(json!({
            "user": wire::user(me),
            "people": people.into_iter().map(wire::user).collect::<Vec<_>>(),
            "bots": bots.into_iter().map(wire::user).collect::<Vec<_>>(),
            "guilds": guilds,
            "dms": places::dms(world, user),
            "installed": world.installed_for(user).collect::<Vec<_>>(),
            "settings": { "rate_limits": settings.rate_limits },
            "now": now.iso(),
        }))
    })
}

fn guild_view(world: &World, guild: &cogwright_sim_world::Guild, user: UserId, now: Timestamp) -> Value {
    let mut view = wire::guild(world, guild, false);
    let visible = |channel: &&Channel| world.can_view(channel.id, user, now);
    let (threads, channels): (Vec<_>, Vec<_>) = guild
        .channels
        .iter()
        .filter_map(|id| world.channel(*id).ok())
        .filter(visible)
        .partition(|channel| channel.kind.is_thread());
    let with_permissions = |channel: &Channel| {
        let mut value = wire::channel(world, channel);
        let bits = world.channel_permissions(channel.id, user, now).unwrap_or(0);
        value["permissions"] = bits.to_string().into();
        value
    };
    view["permissions"] = world.guild_permissions(guild.id, user, now).to_string().into();
    view["channels"] = channels.into_iter().map(with_permissions).collect();
    view["voice_states"] = wire::voice_states(world, guild, user, now);
    view["scheduled_events"] = scheduled_events::for_view(world, guild, user, now);
    view["threads"] = threads.into_iter().map(with_permissions).collect();
    view["members"] = guild
        .members
        .values()
        .map(|member| {
            let mut value = wire::member(world, guild, member);
            value["status"] = world.user(member.user).map_or(json!("offline"), |u| json!(u.status));
            value
        })
        .collect();
    view
}

/// The channel, if this person may see it.
fn visible<'w>(
    world: &'w World,
    call: &Call<Value>,
    now: Timestamp,
) -> Result<(UserId, &'w Channel), ControlError> {
    let user: UserId = call.id("user")?;
    let channel = world.channel(call.id("channel")?)?;
    world.user(user)?;
    if world.can_view(channel.id, user, now) {
        Ok((user, channel))
    } else {
        Err(ApiError::missing_access().into())
    }
}

fn history(call: Call<Value>) -> Answer {
    let page = messages::HistoryPage {
        limit: call.query("limit")?,
        before: call.query("before")?,
        after: call.query("after")?,
        around: call.query("around")?,
    };
    call.sim.read(|world, now| {
        let (user, channel) = visible(world, &call, now)?;
        Ok(messages::history(world, Actor::person(user), channel.id, &page, now)?)
    })
}

fn usable(call: Call<Value>) -> Answer {
    call.sim.read(|world, now| {
        let (user, channel) = visible(world, &call, now)?;
        Ok(commands::picker(world, user, channel.id, now)?.into())
    })
}

fn pins(call: Call<Value>) -> Answer {
    call.sim.read(|world, now| {
        let (user, channel) = visible(world, &call, now)?;
        Ok(messages::pins_old(world, Actor::person(user), channel.id, now)?)
    })
}
