//! Tells others what happens to commands, for metrics and usage.

use std::time::Duration;

use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::ctx::Invocation;
use crate::failure::Failure;

/// How a body that ran has ended.
#[derive(Clone, Copy, Debug)]
pub enum Ended<'a> {
    /// As it should.
    Done,
    /// The command itself said no, or nobody could be answered any more: not a fault.
    Refused(&'a Failure),
    /// By a fault of the command or of Discord.
    Failed(&'a Failure),
}

/// Is told what happens. Called in the midst of things: it must neither block nor wait.
pub trait Observer: Send + Sync + 'static {
    /// A person wrote a message that the bot can see, whether it calls a command or not.
    fn message_seen(&self, _guild: Option<Id<GuildMarker>>) {}

    /// A call of a name that is no command here. Everybody's chat may begin with the prefix: no error.
    fn unknown(&self, _guild: Option<Id<GuildMarker>>) {}

    /// A call was refused before its body ran.
    fn refused(&self, _call: &Invocation, _why: &Failure) {}

    /// All checks were passed, the body runs. Only this counts as a use.
    fn started(&self, _call: &Invocation) {}

    /// The body has ended; `took` is its time on the bot's clock, waiting for people included.
    fn finished(&self, _call: &Invocation, _ended: Ended<'_>, _took: Duration) {}
}

/// Is told in vain.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {}
