//! What a value looks like: checks what was written and brings it into one form.

use serde_json::{Map, Value, json};

use crate::json::{At, Entry, Node, Raw};
use crate::prefix::is_invisible;
use crate::secret::masked;
use crate::suggest::nearest;

/// Longest list or table that is read; more is an accident.
pub(crate) const MAX_ENTRIES: usize = 1_000;

/// What is wrong with a text, and what to do.
pub(crate) type Refusal = (String, String);

/// A rule for texts: brings it into form or says why not.
pub(crate) type Rule = fn(&str) -> Result<String, Refusal>;

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// true or false.
    Bool,
    /// A whole number, both ends included.
    Integer(u64, u64),
    /// A number, both ends included.
    Number(f64, f64),
    /// 0, or a whole number from the first to the second.
    ZeroOr(u64, u64),
    /// A text; the rule says which.
    Text(Rule),
    /// One of these words; case does not matter.
    Choice(&'static [&'static str]),
    /// A colour: "#5865f2", "0x5865f2" or the number.
    Colour,
    /// An id that Discord gave out.
    Id,
    /// A list of them.
    List(&'static Shape),
    /// Names with one of them each.
    Table(&'static Shape),
    /// An object with these parts.
    Object(&'static [Part]),
}

/// A part of an object.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// What it looks like.
    pub shape: Shape,
    /// What holds when it is missing; `None` when it must be there.
    pub default: Option<&'static str>,
}

/// What a check finds, with the key below the setting's (`[1].type`) and its place.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) wrong: Vec<Finding>,
    pub(crate) odd: Vec<Finding>,
}

#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) below: String,
    pub(crate) at: At,
    pub(crate) what: String,
    pub(crate) remedy: String,
}

impl Shape {
    /// The value in the form in which the settings read it; `None` when something is wrong with it.
    /// What was written is shown in findings only if it is not `secret`.
    pub(crate) fn check(
        &self,
        node: &Node,
        secret: bool,
        below: &str,
        found: &mut Findings,
    ) -> Option<Value> {
        let good = match (self, &node.raw) {
            (Self::Bool, Raw::Bool(value)) => Ok(json!(value)),
            (Self::Integer(min, max), Raw::Number(text)) => {
                whole(text).filter(|n| (min..=max).contains(&n)).map(|n| json!(n)).ok_or(())
            }
            (Self::ZeroOr(min, max), Raw::Number(text)) => {
                whole(text).filter(|n| *n == 0 || (min..=max).contains(&n)).map(|n| json!(n)).ok_or(())
            }
            (Self::Number(min, max), Raw::Number(text)) => {
                text.parse::<f64>().ok().filter(|n| (min..=max).contains(&n)).map(|n| json!(n)).ok_or(())
            }
            (Self::Id, Raw::Number(text) | Raw::Text(text)) => id(text).map(|n| json!(n)).ok_or(()),
            (Self::Colour, Raw::Number(text) | Raw::Text(text)) => colour(text).map(|n| json!(n)).ok_or(()),
            (Self::Choice(words), Raw::Text(text)) => {
                let word = words.iter().find(|word| word.eq_ignore_ascii_case(text.trim()));
                word.map(|word| json!(word)).ok_or(())
            }
            (Self::Text(rule), Raw::Text(text)) => match rule(text) {
                Ok(text) => return Some(json!(text)),
                Err((what, remedy)) => {
                    found.wrong.push(Finding { below: below.to_owned(), at: node.at, what, remedy });
                    return None;
                }
            },
            (Self::List(of), Raw::List(nodes)) if nodes.len() <= MAX_ENTRIES => {
                let numbered = nodes.iter().enumerate();
                let values: Vec<_> = numbered
                    .map(|(index, node)| of.check(node, secret, &format!("{below}[{index}]"), found))
                    .collect();
                return values.into_iter().collect::<Option<Vec<_>>>().map(Value::Array);
            }
            (Self::Table(of), Raw::Map(entries)) if entries.len() <= MAX_ENTRIES => {
                return table(entries, of, secret, below, found);
            }
            (Self::Object(parts), Raw::Map(entries)) => {
                return object(node, parts, entries, secret, below, found);
            }
            _ => Err(()),
        };
        good.map_err(|()| found.wrong.push(self.refuse(node, secret, below))).ok()
    }

    fn refuse(&self, node: &Node, secret: bool, below: &str) -> Finding {
        let written = if secret { "set".to_owned() } else { shown(&node.raw) };
        let what = format!("is {written}; it must be {}", self.wanted());
        let mut remedy = self.remedy(&node.raw);
        if let (Self::Choice(words), Raw::Text(text)) = (self, &node.raw)
            && let Some(word) = nearest(text, words.iter().copied())
        {
            remedy = format!("Did you mean \"{word}\"?");
        }
        Finding { below: below.to_owned(), at: node.at, what, remedy }
    }

    /// What it must be, in words: continues "it must be".
    pub(crate) fn wanted(&self) -> String {
        match self {
            Self::Bool => "true or false".to_owned(),
            Self::Integer(min, max) => format!("a whole number from {min} to {max}"),
            Self::ZeroOr(min, max) => format!("0 or a whole number from {min} to {max}"),
            Self::Number(min, max) => format!("a number from {min} to {max}"),
            Self::Text(_) => "a text".to_owned(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::Colour => "a colour such as \"#5865f2\"".to_owned(),
            Self::Id => "an id that Discord gave out, 17 to 20 digits".to_owned(),
            Self::List(of) => format!("a list; each entry {}", of.wanted()),
            Self::Table(of) => format!("an object; each value {}", of.wanted()),
            Self::Object(parts) => {
                let names: Vec<_> = parts.iter().map(|part| part.name).collect();
                format!("an object with {}", names.join(", "))
            }
        }
    }

    fn remedy(&self, raw: &Raw) -> String {
        let quoted = matches!(raw, Raw::Text(_));
        match self {
            Self::Bool if quoted => {
                "In config.json write true or false without quotes; in .env also yes, on, 1, \
                                     no, off, 0."
                    .to_owned()
            }
            Self::Integer(..) | Self::ZeroOr(..) | Self::Number(..) if quoted => {
                "Write a number, in config.json without quotes.".to_owned()
            }
            Self::Text(_) => "Put it in double quotes.".to_owned(),
            Self::Choice(_) => "Write one of these words.".to_owned(),
            Self::Id => {
                "In Discord switch on developer mode, right-click the user or role, choose Copy ID, and put \
                         that number here."
                    .to_owned()
            }
            Self::List(_) => format!("Write [ ... ] with at most {MAX_ENTRIES} entries, [] for none."),
            Self::Table(_) => {
                format!("Write {{ \"name\": ... }} with at most {MAX_ENTRIES} entries, {{}} for none.")
            }
            Self::Object(_) => "Write { \"name\": value, ... }.".to_owned(),
            _ => "Correct it, or take it out: then the default holds.".to_owned(),
        }
    }

    /// What an environment variable's text says, in this shape.
    pub(crate) fn of_text(&self, text: &str, at: At) -> Node {
        let number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
        let raw = match self {
            Self::Bool => match text.to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Raw::Bool(true),
                "false" | "0" | "no" | "off" => Raw::Bool(false),
                _ => Raw::Text(text.to_owned()),
            },
            Self::Integer(..) | Self::ZeroOr(..) | Self::Number(..) if number(text) => {
                Raw::Number(text.to_owned())
            }
            Self::List(of) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Raw::List(parts.map(|part| of.of_text(part, at)).collect())
            }
            _ => Raw::Text(text.to_owned()),
        };
        Node { raw, at }
    }
}

fn table(entries: &[Entry], of: &Shape, secret: bool, below: &str, found: &mut Findings) -> Option<Value> {
    let mut map = Map::new();
    let mut complete = true;
    for entry in entries.iter().filter(|entry| !is_comment(&entry.name)) {
        let below = format!("{below}.{}", clean(&entry.name, 40));
        match of.check(&entry.node, secret, &below, found) {
            Some(value) => {
                if map.insert(entry.name.clone(), value).is_some() {
                    found.odd.push(twice(entry.at, below));
                }
            }
            None => complete = false,
        }
    }
    complete.then_some(Value::Object(map))
}

fn object(
    node: &Node,
    parts: &[Part],
    entries: &[Entry],
    secret: bool,
    below: &str,
    found: &mut Findings,
) -> Option<Value> {
    let mut map = Map::new();
    let mut complete = true;
    for entry in entries.iter().filter(|entry| !is_comment(&entry.name)) {
        let below = format!("{below}.{}", clean(&entry.name, 40));
        let Some(part) = parts.iter().find(|part| part.name == entry.name) else {
            found.odd.push(unknown(entry, below, nearest(&entry.name, parts.iter().map(|part| part.name))));
            continue;
        };
        match part.shape.check(&entry.node, secret, &below, found) {
            Some(value) => {
                if map.insert(entry.name.clone(), value).is_some() {
                    found.odd.push(twice(entry.at, below));
                }
            }
            None => complete = false,
        }
    }
    for part in parts.iter().filter(|part| !entries.iter().any(|entry| entry.name == part.name)) {
        if let Some(default) = part.default {
            map.insert(part.name.to_owned(), json!(default));
        } else {
            found.wrong.push(Finding {
                below: below.to_owned(),
                at: node.at,
                what: format!("lacks \"{}\"", part.name),
                remedy: format!("Add \"{}\" there, {}.", part.name, part.shape.wanted()),
            });
            complete = false;
        }
    }
    complete.then_some(Value::Object(map))
}

/// Whether a key is a comment, as the specification's own file has them.
pub(crate) fn is_comment(name: &str) -> bool {
    name.starts_with("_comment")
}

pub(crate) fn twice(at: At, below: String) -> Finding {
    let remedy = "Take one of the two out; the later one holds.".to_owned();
    Finding { below, at, what: "stands here a second time".to_owned(), remedy }
}

/// An older name of a setting; `both` when the present one stands there too.
pub(crate) fn renamed(at: At, below: String, now: &str, both: bool) -> Finding {
    let (what, remedy) = if both {
        ("is an older name and has no effect here", format!("Take it out; {now} holds."))
    } else {
        ("is an older name", format!("It still works; {now} is the present one."))
    };
    Finding { below, at, what: what.to_owned(), remedy }
}

pub(crate) fn unknown(entry: &Entry, below: String, meant: Option<&str>) -> Finding {
    let remedy = match meant {
        Some(name) => format!("Did you mean \"{name}\"?"),
        None => "It does nothing; take it out, or begin its name with _comment.".to_owned(),
    };
    Finding { below, at: entry.at, what: "is not known and has no effect".to_owned(), remedy }
}

fn whole(text: &str) -> Option<u64> {
    // 5.0 is as whole as 5; anything beyond 2^53 is written without a point.
    text.parse().ok().or_else(|| {
        let number = text.parse::<f64>().ok()?;
        (number.fract() == 0.0 && (0.0..9.0e15).contains(&number)).then_some(number as u64)
    })
}

/// An id as Discord gives them out. See Discord docs: Reference / Snowflakes.
pub(crate) fn id(text: &str) -> Option<u64> {
    let text = text.trim();
    let fits = (17..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

fn colour(text: &str) -> Option<u32> {
    let text = text.trim();
    let hex = text.strip_prefix('#').or_else(|| text.strip_prefix("0x"));
    let number = match hex {
        Some(hex) if hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
            u32::from_str_radix(hex, 16).ok()
        }
        Some(_) => None,
        None => text.parse().ok(),
    };
    number.filter(|number| *number <= 0xff_ffff)
}

/// What was written, short and without anything that would disturb a terminal.
fn shown(raw: &Raw) -> String {
    match raw {
        Raw::Null => "null".to_owned(),
        Raw::Bool(value) => value.to_string(),
        Raw::Number(text) => clean(text, 24),
        Raw::Text(text) => format!("\"{}\"", clean(text, 40)),
        Raw::List(_) => "a list".to_owned(),
        Raw::Map(_) => "an object".to_owned(),
    }
}

/// The first characters of a text, none of which moves a cursor, turns the line around or is part of a token.
pub(crate) fn clean(text: &str, longest: usize) -> String {
    let text = &*masked(text);
    let odd = |c: char| c.is_control() || is_invisible(c);
    let mut short: String = text.chars().take(longest).map(|c| if odd(c) { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(longest).is_some() {
        short.push_str("...");
    }
    short
}
