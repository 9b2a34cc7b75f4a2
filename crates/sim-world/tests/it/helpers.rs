//! What the tests of the world have in common: a moment, the default world, and finding things in it.

use cogwright_sim_world::{Action, ApiError, DefaultIds, RoleId, Timestamp, UserId, World};
use serde_json::Value;

/// When everything begins.
pub(crate) const NOW: Timestamp = Timestamp::from_ms(1_792_000_000_000);

pub(crate) fn default_world() -> (World, DefaultIds) {
    World::default_world("http://127.0.0.1:1/cdn", NOW)
}

/// The id of an object.
pub(crate) fn id<T: std::str::FromStr>(value: &Value) -> T
where
    T::Err: std::fmt::Debug,
{
    value["id"].as_str().expect("an id").parse().expect("a snowflake")
}

/// Somebody of the default world.
pub(crate) fn person(world: &World, username: &str) -> UserId {
    world.users().find(|u| u.username == username).expect("a default person").id
}

/// A role of its guild.
pub(crate) fn role(world: &World, ids: &DefaultIds, name: &str) -> RoleId {
    let guild = world.guild(ids.guild).expect("the guild");
    guild.roles.values().find(|r| r.name == name).expect("a role").id
}

/// The world as JSON without the mint, which may move when an action is refused.
pub(crate) fn state(world: &World) -> Value {
    let mut value = serde_json::to_value(world).expect("serialises");
    value["mint"] = Value::Null;
    value
}

/// Applies an action that must be refused, and checks that nothing changed.
#[track_caller]
pub(crate) fn refused<A: Action>(world: &mut World, action: A) -> ApiError
where
    A::Output: std::fmt::Debug,
{
    refused_at(world, action, NOW)
}

/// The same at another moment.
#[track_caller]
pub(crate) fn refused_at<A: Action>(world: &mut World, action: A, now: Timestamp) -> ApiError
where
    A::Output: std::fmt::Debug,
{
    let before = state(world);
    let error = world.apply(action, now).expect_err("must be refused");
    assert_eq!(state(world), before, "a refused action changed the world");
    error
}
