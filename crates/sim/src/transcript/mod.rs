//! Transcripts: a channel as a person sees it, as text for tests and as a page for bug reports.
//!
//! [`collect`] reads the world into plain data, [`text`] and [`html`] render that data and know nothing else.
//! Whatever somebody wrote is escaped in both; the page loads nothing, so that it can be saved, mailed and
//! photographed as it is.

mod block;
mod collect;
mod escape;
mod html;
mod mention;
mod picture;
mod text;

pub(crate) use html::POLICY;

use std::fmt;

use cogwright_sim_world::{ApiError, ChannelId, Timestamp, UserId};

use crate::Sim;
use block::Block;

/// How many messages a transcript holds unless it is said: the newest.
pub const TRANSCRIPT_MESSAGES: usize = 100;
/// The most that it can hold.
pub const MAX_TRANSCRIPT_MESSAGES: usize = 1000;

/// A channel as somebody sees it at one moment.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// `#general in Workshop`, or whom a direct message is with.
    place: String,
    /// As whom it is seen; `None` sees everything.
    seen_by: Option<String>,
    /// When.
    at: Timestamp,
    /// Whether older messages are left out.
    older: bool,
    /// The oldest first.
    entries: Vec<Entry>,
}

/// One message.
#[derive(Clone, Debug)]
struct Entry {
    id: String,
    sent: Timestamp,
    author: String,
    /// The unique name, for who shares a display name with somebody.
    handle: String,
    /// Colour for the mark beside the author, derived from the id.
    hue: u16,
    marks: Vec<Mark>,
    reply: Option<Reply>,
    /// `Robin used /echo`.
    because: Option<String>,
    text: String,
    blocks: Vec<Block>,
    reactions: Vec<Reaction>,
}

/// What is special about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Mark {
    Bot,
    /// Something the server says, such as that a message was pinned.
    System,
    Edited,
    Pinned,
    /// What stands below is another message as it was.
    Forwarded,
    /// The loading state of a deferred answer.
    Thinking,
    /// An ephemeral message, and who alone sees it.
    Only(String),
}

impl Mark {
    fn label(&self) -> String {
        match self {
            Self::Bot => "bot".into(),
            Self::System => "system".into(),
            Self::Edited => "edited".into(),
            Self::Pinned => "pinned".into(),
            Self::Forwarded => "forwarded".into(),
            Self::Thinking => "thinking".into(),
            Self::Only(name) => format!("only {name} sees this"),
        }
    }
}

/// The message that another one answers.
#[derive(Clone, Debug)]
struct Reply {
    author: String,
    /// The beginning of its text; `None` when it was deleted.
    excerpt: Option<String>,
}

#[derive(Clone, Debug)]
struct Reaction {
    emoji: String,
    count: usize,
    /// Whether the viewer is among them.
    mine: bool,
}

impl Transcript {
    /// As plain text: one block a message, indented, without control characters.
    pub fn text(&self) -> String {
        text::render(self)
    }

    /// As an HTML document of a fixed width that loads nothing and runs no script. Pictures up to 1 MiB are
    /// in it. `chromium --headless --screenshot=out.png --window-size=800,1200 FILE` makes a PNG of it.
    pub fn html(&self) -> String {
        html::render(self)
    }

    /// How many messages it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// As [`Transcript::text`].
impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Sim {
    /// The newest `limit` messages of a channel (1 to [`MAX_TRANSCRIPT_MESSAGES`]) as `viewer` sees them now,
    /// ephemeral ones meant for `viewer` among them; without a viewer, everything that was said.
    ///
    /// # Errors
    /// 10003 and 10013 for what does not exist, 50001 when the viewer cannot see the channel, 50008 for a
    /// channel without messages.
    pub fn transcript(
        &self,
        channel: ChannelId,
        viewer: Option<UserId>,
        limit: usize,
    ) -> Result<Transcript, ApiError> {
        self.read(|world, now| collect::collect(world, channel, viewer, limit, now))
    }
}

/// A number of bytes as people read it.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MiB", bytes >> 20, (bytes >> 10) % 1024 * 10 / 1024),
    }
}

#[cfg(test)]
mod tests;
