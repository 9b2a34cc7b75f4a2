//! Where the document and Discord (or its client libraries) are known to disagree. Each entry has its reason; one
//! that matches nothing any more fails the run, so that the list stays true.

use crate::report::Direction;

/// A disagreement that is not our mistake.
pub(crate) struct Exception {
    pub(crate) operation: &'static str,
    pub(crate) direction: Direction,
    /// Part of the problem's text.
    pub(crate) contains: &'static str,
    pub(crate) reason: &'static str,
}

pub(crate) const EXCEPTIONS: &[Exception] = &[];
