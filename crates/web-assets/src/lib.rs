//! Embeds the built front ends; a leaf, so that a page change rebuilds nothing else.
//!
//! The files of `web/playground/dist` are compiled into the binary. Without them (a build that
//! never ran npm) the index page says how to build them, and nothing else is found.

mod assets;
mod content_type;

pub use assets::{Asset, get, is_built};
