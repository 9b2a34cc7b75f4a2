//! The settings as a whole: files and environment in, settings or problems out.

mod every_key;
mod files;
mod hostile;
mod kit;
mod watching;
