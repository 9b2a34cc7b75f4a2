//! Components that outlive the process: their custom id says what they are, and a handler of the
//! cog answers them, so that nothing has to be remembered.
//!
//! Limits: the id has 100 characters, of which kind and state take all but two. Everybody who
//! sees the message may use it, unless it is [of a command](crate::Cog::persistent_of), and a message stays as long as
//! Discord keeps it: the state was written by an older version of the bot perhaps, so a handler checks what it reads.
//! No secret belongs in it, for anybody can read it in the message.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use crate::catalog::Catalog;
use crate::failure::{CommandResult, Failure};
use crate::invoker::Invoker;
use crate::reply::{Modal, Reply};
use crate::responder::Responder;
use crate::services::Services;
use crate::spec::{Handler, Spec};
use crate::view::{Fields, PressKind};
use crate::wire::Edit;

/// What such ids begin with. Those of views begin with a number.
pub(crate) const MARK: char = '~';
/// Longest custom id. See Discord docs: Components / Custom ID.
const MAX_ID: usize = 100;
/// Longest kind.
const MAX_KIND: usize = 20;

/// The custom id of a component that a handler of this kind answers: kind (1 to 20 lower-case
/// letters, digits, `-` and `_`) and state, together at most 98 characters.
///
/// # Errors
/// [`Failure::Internal`] for a kind that is none, and a state that is too long.
pub fn persistent_id(kind: &str, state: &str) -> Result<String, Failure> {
    if !is_kind(kind) {
        return Err(Failure::internal(format!("`{kind}` is no kind of component")));
    }
    let id = format!("{MARK}{kind}{MARK}{state}");
    match id.chars().count() {
        ..=MAX_ID => Ok(id),
        length => {
            Err(Failure::internal(format!("the id of a `{kind}` has {length} characters, 100 are allowed")))
        }
    }
}

pub(crate) fn is_kind(kind: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    (1..=MAX_KIND).contains(&kind.len()) && kind.chars().all(fits)
}

/// Kind and state of an id, if it is one of these.
pub(crate) fn read_id(id: &str) -> Option<(&str, &str)> {
    let (kind, state) = id.strip_prefix(MARK)?.split_once(MARK)?;
    is_kind(kind).then_some((kind, state))
}

/// The components of one kind, as a cog declares them.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) kind: String,
    /// The qualified name of the command whose checks they pass; none for those of everybody.
    pub(crate) of: Option<String>,
    pub(crate) handler: PersistentHandler,
}

/// The same with the command found.
#[derive(Clone, Debug)]
pub(crate) struct Lasting {
    /// The command that it is of, or one that stands for none.
    pub(crate) spec: Arc<Spec>,
    /// Whether a press passes the checks of that command. One of no command passes none: a rule or a switch for a
    /// command that happens to have the name of the kind does not mean it.
    pub(crate) checked: bool,
    pub(crate) handler: PersistentHandler,
}

/// What stands for the command of components that are of none.
pub(crate) fn open_to_all(kind: &str) -> Spec {
    Spec::new(kind, "A component of everybody's", Handler::new(|_, _| async { Ok(()) }))
}

/// What answers the components of one kind.
#[derive(Clone)]
pub(crate) struct PersistentHandler(
    Arc<dyn Fn(PersistentPress) -> BoxFuture<'static, CommandResult> + Send + Sync>,
);

impl PersistentHandler {
    pub(crate) fn new<F, R>(run: F) -> Self
    where
        F: Fn(PersistentPress) -> R + Send + Sync + 'static,
        R: Future<Output = CommandResult> + Send + 'static,
    {
        Self(Arc::new(move |press| Box::pin(run(press))))
    }

    pub(crate) fn run(&self, press: PersistentPress) -> BoxFuture<'static, CommandResult> {
        (self.0)(press)
    }
}

impl fmt::Debug for PersistentHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersistentHandler")
    }
}

/// One use of a persistent component, to be answered within 3 seconds. Without an answer it is
/// acknowledged when the handler ends.
#[derive(Clone, Debug)]
pub struct PersistentPress {
    pub(crate) state: String,
    pub(crate) kind: PressKind,
    pub(crate) invoker: Invoker,
    pub(crate) guild: Option<Id<GuildMarker>>,
    pub(crate) channel: Id<ChannelMarker>,
    pub(crate) responder: Arc<Responder>,
    pub(crate) services: Arc<Services>,
}

impl PersistentPress {
    /// What was written into the id. It may be of an older version of the bot.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// How it was used.
    pub fn kind(&self) -> &PressKind {
        &self.kind
    }

    /// The values chosen in a select; none for others.
    pub fn values(&self) -> &[String] {
        self.kind.values()
    }

    /// The fields of a form, if it is one.
    pub fn fields(&self) -> Option<&Fields> {
        self.kind.fields()
    }

    /// Who used it: anybody who sees the message and passes the checks.
    pub fn invoker(&self) -> &Invoker {
        &self.invoker
    }

    /// The guild, outside direct messages.
    pub fn guild_id(&self) -> Option<Id<GuildMarker>> {
        self.guild
    }

    /// The channel.
    pub fn channel_id(&self) -> Id<ChannelMarker> {
        self.channel
    }

    /// All commands of the bot.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.services.catalog
    }

    /// Answers with a message of its own.
    ///
    /// # Errors
    /// [`Failure::Expired`] or [`Failure::Discord`].
    pub async fn reply(&self, reply: impl Into<Reply>) -> CommandResult {
        self.responder.reply(reply.into(), false).await.map(drop)
    }

    /// Answers so that only the person who pressed sees it.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub async fn reply_ephemeral(&self, reply: impl Into<Reply>) -> CommandResult {
        self.reply(reply.into().ephemeral()).await
    }

    /// Replaces the message that the component is on.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub async fn update(&self, reply: impl Into<Reply>) -> CommandResult {
        self.responder.update(Edit::Whole(Box::new(reply.into()))).await
    }

    /// Shows "thinking"; the next [`reply`](Self::reply) replaces it.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub async fn defer(&self, ephemeral: bool) -> CommandResult {
        self.responder.defer(ephemeral).await
    }

    /// Opens a form as the first answer. Its id is a [`persistent_id`] too, or nobody answers it.
    ///
    /// # Errors
    /// As [`reply`](Self::reply).
    pub async fn open_form(&self, modal: Modal) -> CommandResult {
        self.responder.modal(modal).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_carry_kind_and_state() {
        let id = persistent_id("vote", "7~yes").unwrap();
        assert_eq!(read_id(&id), Some(("vote", "7~yes")));
        assert!(persistent_id("vote", &"ä".repeat(94)).is_ok());
        assert!(persistent_id("vote", &"x".repeat(95)).is_err());
        assert!(persistent_id("Vote", "").is_err() && persistent_id("", "").is_err());
        for bad in ["", "~", "~vote", "~V~x", "123:more", "~~x"] {
            assert_eq!(read_id(bad), None, "{bad}");
        }
    }
}
