//! Counts what happens to commands.

use std::sync::Arc;
use std::time::Duration;

use cogwright_command::{Ended, Failure, Invocation, Observer, Trigger};
use cogwright_lifecycle::SharedClock;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::kept::UsageBook;
use crate::metrics::Metrics;

/// Tells metrics and the usage book.
pub(crate) struct Counting {
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) usage: Arc<UsageBook>,
    pub(crate) clock: SharedClock,
}

/// The words for ways of calling; a press is no call.
pub(crate) const TRIGGERS: [&str; 4] = ["prefix", "mention", "slash", "menu"];

/// The word for a way of calling, as metrics label it.
fn trigger(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::Prefix => "prefix",
        Trigger::Mention => "mention",
        Trigger::Slash => "slash",
        Trigger::Menu => "menu",
        Trigger::Component => "component",
    }
}

impl Observer for Counting {
    fn message_seen(&self, _: Option<Id<GuildMarker>>) {
        self.metrics.message_seen();
    }

    fn refused(&self, _: &Invocation, why: &Failure) {
        self.metrics.command_failed(why.label(), why.is_fault());
    }

    fn started(&self, call: &Invocation) {
        let command = call.spec.qualified_name();
        self.metrics.command_started(&command, trigger(call.trigger));
        self.usage.used(call.guild.map(Id::get), command, self.clock.now());
    }

    fn finished(&self, call: &Invocation, ended: Ended<'_>, took: Duration) {
        self.metrics.command_took(took);
        match ended {
            Ended::Done => {}
            Ended::Refused(failure) => self.metrics.command_failed(failure.label(), false),
            Ended::Failed(failure) => {
                self.metrics.command_failed(failure.label(), true);
                let command = call.spec.qualified_name();
                self.usage.failed(call.guild.map(Id::get), command, failure.label(), self.clock.now());
            }
        }
    }
}
