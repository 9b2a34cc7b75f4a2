//! The reference page of the docs.

use std::fmt::Write as _;

use super::{in_env, written};
use crate::registry::{SECTIONS, Setting};
use crate::shape::Shape;

const HEADING: &str = "\
# Settings and environment

<!-- Made by `cargo xtask gen settings`; do not edit. -->

A bot reads three places, and the later one wins: its defaults, `config.json`, and environment variables. Variables can
also stand in a file `.env`, over which the environment of the process wins. `cogwright check` validates all of it
without connecting, lists every problem at once, and shows each value that holds with its origin; also what commands
have changed, which `data/main.db` keeps (`--all` adds the defaults, `--json` is for programs).

- `config.json` is written by the first `cogwright run`, with `config.schema.json` beside it for your editor. After that
  the bot never writes to it: what changes while it runs (prefixes, rules, the status list) lives in the databases. `{}`
  is a valid file. Comments (`//`, `/* */`, keys that begin with `_comment`) and trailing commas are allowed; an unknown
  key gets a warning; a broken file stops the start with line, column and reason, and is left as it is.
- `.env` holds one `NAME=value` a line; quotes, blanks around `=`, `export` and `#` comments are understood, a `$` is a
  `$`. Booleans are true, 1, yes, on and false, 0, no, off. Empty means not set. `cogwright settings env > .env.example`
  writes every variable with what it does, to copy from.
- `--config FILE`, `--env FILE` and `--data FOLDER` choose other files and another database folder. A file that is named
  must be there. `~`, `$HOME` and the like in paths are replaced by nobody but a shell.
- Settings marked *live* take effect within seconds when the file is saved; the log names those that need a restart. A
  file that is broken while the bot runs changes nothing and is named in the log.
- Settings marked *to come* belong to features that do not exist yet: they are accepted and checked, and the start names
  in the log those that are not at their default.
";

/// The text of `docs/src/settings.md`.
pub fn reference() -> String {
    let mut text = HEADING.to_owned();
    for section in SECTIONS {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "\n## {}\n", section.title);
        text.push_str(
            "| setting | variable | value | default | what it does |\n| --- | --- | --- | --- | --- |\n",
        );
        for setting in section.settings {
            let key = if setting.in_file { code(setting.key) } else { String::new() };
            let variable = setting.variable.map(code).unwrap_or_default();
            let (value, default) = (cell(&value(&setting.shape)), code(&default(setting)));
            let (about, mark) = (cell(setting.about), mark(setting));
            let _ = writeln!(text, "| {key} | {variable} | {value} | {default} | {about}{mark} |");
        }
    }
    text
}

fn mark(setting: &Setting) -> &'static str {
    match (setting.later, setting.live) {
        (true, _) => " *To come.*",
        (false, true) => " *Live.*",
        (false, false) => "",
    }
}

fn default(setting: &Setting) -> String {
    if setting.in_file && !written(setting).is_null() {
        written(setting).to_string()
    } else {
        in_env(setting)
    }
}

fn value(shape: &Shape) -> String {
    match shape {
        Shape::Bool => "true, false".to_owned(),
        Shape::Integer(min, max) => format!("{min} to {max}"),
        Shape::Number(min, max) => format!("{min} to {max}, fractions too"),
        Shape::ZeroOr(min, max) => format!("0, or {min} to {max}"),
        Shape::Text(_) => "text".to_owned(),
        Shape::Choice(words) => words.join(", "),
        Shape::Colour => "colour".to_owned(),
        Shape::Id => "id".to_owned(),
        Shape::List(of) => format!("list: {}", value(of)),
        Shape::Table(of) => format!("object of {}", value(of)),
        Shape::Object(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| part.name).collect();
            parts.join(", ")
        }
    }
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", cell(text)) }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_page_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/settings.md");
        let page = std::fs::read_to_string(path).unwrap_or_default();
        assert!(page == reference(), "docs/src/settings.md is not current: run `cargo xtask gen settings`");
    }
}
