//! The parameters of a command.

use twilight_model::channel::ChannelType;

use super::Localized;
use crate::args::Value;
use crate::autocomplete::Completer;
use crate::failure::BadArgument;

/// What a parameter holds.
///
/// See Discord docs: Application Commands / Application Command Option Type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OptionKind {
    /// Text; in the prefix form a word or a quoted phrase.
    String,
    /// A whole number within ±2^53.
    Integer,
    /// A finite number within ±2^53.
    Number,
    /// true, yes, y, on, 1 or false, no, n, off, 0.
    Boolean,
    /// A person, in a guild with their membership.
    User,
    /// A role of the guild.
    Role,
    /// A channel or thread of the guild.
    Channel,
    /// A person or a role.
    Mentionable,
    /// An uploaded file.
    Attachment,
    /// A span of time such as `1h30m`; text to Discord.
    Duration,
    /// A message of the guild, by link, or by id in the same channel; text to Discord.
    Message,
}

impl OptionKind {
    /// What a person is asked for, with its article.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::String => "text",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "yes or no",
            Self::User => "a person",
            Self::Role => "a role",
            Self::Channel => "a channel",
            Self::Mentionable => "a person or a role",
            Self::Attachment => "a file",
            Self::Duration => "a duration such as `90s`, `1h30m` or `2d`",
            Self::Message => "a link to a message, or its id",
        }
    }
}

impl OptionKind {
    /// The same in usage lines.
    fn short(self) -> &'static str {
        match self {
            Self::Duration => "duration",
            Self::Message => "message link",
            other => other.noun().strip_prefix("a ").unwrap_or(other.noun()),
        }
    }
}

/// The value behind a choice.
#[derive(Clone, Debug, PartialEq)]
pub enum ChoiceValue {
    /// For text options, at most 100 characters.
    String(String),
    /// For integer options.
    Integer(i64),
    /// For number options.
    Number(f64),
}

impl ChoiceValue {
    /// The value as one would type it.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::String(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// One of the values a parameter can be limited to, or a suggestion while typing.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What is shown, 1 to 100 characters.
    pub name: String,
    /// The name in other languages, by Discord's locale, each 1 to 100 characters. The prefix form takes them as well.
    pub names: Localized,
    /// What the command gets.
    pub value: ChoiceValue,
}

impl Choice {
    /// A choice of text.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(name, ChoiceValue::String(value.into()))
    }

    /// A choice that is shown as what it is.
    pub fn same(value: impl Into<String>) -> Self {
        let value = value.into();
        Self::text(value.clone(), value)
    }

    /// A choice of a whole number.
    pub fn integer(name: impl Into<String>, value: i64) -> Self {
        Self::new(name, ChoiceValue::Integer(value))
    }

    fn new(name: impl Into<String>, value: ChoiceValue) -> Self {
        Self { name: name.into(), names: Localized::new(), value }
    }

    /// Gives the name in another language (`de`, `pt-BR`).
    pub fn named_in(mut self, locale: impl Into<String>, name: impl Into<String>) -> Self {
        self.names.insert(locale.into(), name.into());
        self
    }

    /// Whether `name` (lower case) is its name, also in another language.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        std::iter::once(&self.name).chain(self.names.values()).any(|own| own.to_lowercase() == name)
    }
}

/// A parameter of a command.
#[derive(Clone, Debug)]
pub struct OptionSpec {
    /// 1 to 32 lower-case letters, digits, `-` and `_`; unique in its command.
    pub name: String,
    /// One line, 1 to 100 characters.
    pub description: String,
    /// The name in other languages, by Discord's locale. `name:value` takes them as well.
    pub names: Localized,
    /// The description in other languages, by Discord's locale.
    pub descriptions: Localized,
    /// What it holds.
    pub kind: OptionKind,
    /// Whether the command can run without it.
    pub required: bool,
    /// Least value of integers and numbers; of durations in seconds.
    pub min: Option<f64>,
    /// Greatest value of integers and numbers; of durations in seconds.
    pub max: Option<f64>,
    /// Least length of text, in characters, at most 6,000.
    pub min_length: Option<u16>,
    /// Greatest length of text, in characters, at most 6,000.
    pub max_length: Option<u16>,
    /// The only values allowed, at most 25; empty = any.
    pub choices: Vec<Choice>,
    /// Suggests values while somebody types; excludes `choices`.
    pub autocomplete: Option<Completer>,
    /// Whether only what is suggested for a value, in name or value, is taken for it.
    pub strict: bool,
    /// In the prefix form, text that takes the whole rest of the line as it stands.
    pub rest: bool,
    /// Several values: in the prefix form all words that are left, each a value; in the slash form,
    /// which has no such thing, one text that is split in the same way. At most 50 values.
    pub variadic: bool,
    /// In the prefix form its bare name says yes, wherever the next word is expected. For an optional yes or no.
    pub flag: bool,
    /// For durations: whether a bare number counts as seconds.
    pub bare_seconds: bool,
    /// Whether the type of the parameter takes a value of the option's kind.
    pub accepts: Option<fn(Value) -> Result<(), BadArgument>>,
    /// Kinds of channel that are offered; empty = all.
    pub channel_types: Vec<ChannelType>,
}

impl OptionSpec {
    /// A required parameter without limits.
    pub fn new(kind: OptionKind, name: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            names: Localized::new(),
            descriptions: Localized::new(),
            kind,
            required: true,
            min: None,
            max: None,
            min_length: None,
            max_length: None,
            choices: Vec::new(),
            autocomplete: None,
            strict: false,
            rest: false,
            variadic: false,
            flag: false,
            bare_seconds: false,
            accepts: None,
            channel_types: Vec::new(),
        }
    }

    /// Lets the command run without it.
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// Least value.
    pub fn min(mut self, min: f64) -> Self {
        self.min = Some(min);
        self
    }

    /// Greatest value.
    pub fn max(mut self, max: f64) -> Self {
        self.max = Some(max);
        self
    }

    /// Least length, in characters.
    pub fn min_length(mut self, min: u16) -> Self {
        self.min_length = Some(min);
        self
    }

    /// Greatest length, in characters.
    pub fn max_length(mut self, max: u16) -> Self {
        self.max_length = Some(max);
        self
    }

    /// Adds one of the only values allowed.
    pub fn choice(mut self, choice: Choice) -> Self {
        self.choices.push(choice);
        self
    }

    /// Suggests values while somebody types.
    pub fn autocomplete(mut self, completer: Completer) -> Self {
        self.autocomplete = Some(completer);
        self
    }

    /// Takes only what its completer suggests for it; anything else is answered with what may have
    /// been meant.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// In the prefix form, takes the whole rest of the line.
    pub fn rest(mut self) -> Self {
        self.rest = true;
        self
    }

    /// Takes several values.
    pub fn variadic(mut self) -> Self {
        self.variadic = true;
        self
    }

    /// In the prefix form, its bare name says yes.
    pub fn flag(mut self) -> Self {
        self.flag = true;
        self
    }

    /// For durations, takes a bare number as seconds.
    pub fn bare_seconds(mut self) -> Self {
        self.bare_seconds = true;
        self
    }

    /// Refuses values of the option's kind, beside those that its limits exclude.
    pub fn accepts(mut self, accepts: fn(Value) -> Result<(), BadArgument>) -> Self {
        self.accepts = Some(accepts);
        self
    }

    /// Gives the name in another language (`de`, `pt-BR`).
    pub fn named_in(mut self, locale: impl Into<String>, name: impl Into<String>) -> Self {
        self.names.insert(locale.into(), name.into());
        self
    }

    /// Gives the description in another language.
    pub fn described_in(mut self, locale: impl Into<String>, description: impl Into<String>) -> Self {
        self.descriptions.insert(locale.into(), description.into());
        self
    }

    /// Whether `name` (lower case) is its name, also in another language.
    pub(crate) fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.names.values().any(|own| own == name)
    }

    /// Offers only channels of this and the kinds added before.
    pub fn channel_type(mut self, kind: ChannelType) -> Self {
        self.channel_types.push(kind);
        self
    }

    /// What suggests values while somebody types: its own completer, for durations also the built-in one.
    pub(crate) fn completer(&self) -> Option<Completer> {
        let spans = self.kind == OptionKind::Duration && !self.variadic && self.choices.is_empty();
        self.autocomplete.clone().or_else(|| spans.then(|| Completer::durations(self)))
    }

    /// How it stands in a usage line: `<text>`, `[times:<1-5>]`.
    pub(crate) fn usage(&self, named: bool) -> String {
        if self.flag {
            return format!("[{}]", self.name);
        }
        let dots = if self.rest || self.variadic { "..." } else { "" };
        let inner = match self.hint() {
            Some(hint) if named => format!("{}:<{hint}>", self.name),
            None if named => {
                format!("{}:<{}>", self.name, self.kind.short())
            }
            Some(hint) => format!("{}: {hint}{dots}", self.name),
            None => format!("{}{dots}", self.name),
        };
        if self.required && !named {
            format!("<{inner}>")
        } else if self.required {
            inner
        } else {
            format!("[{inner}]")
        }
    }

    /// The same in the slash form, which names every option.
    pub(crate) fn slash_usage(&self) -> String {
        Self { flag: false, ..self.clone() }.usage(true)
    }

    /// The values it can take, when they are few enough to say.
    fn hint(&self) -> Option<String> {
        if !self.choices.is_empty() {
            // More would make the line longer than it helps; the error for a wrong one lists all.
            const SHOWN: usize = 6;
            let names = self.choices.iter().take(SHOWN).map(|choice| choice.value.text());
            let mut hint = names.collect::<Vec<_>>().join("|");
            if self.choices.len() > SHOWN {
                hint.push_str("|...");
            }
            return Some(hint);
        }
        match (self.kind, self.min, self.max) {
            (OptionKind::Boolean, ..) => Some("yes|no".to_owned()),
            // The limits of a Rust type are no news to whoever reads a usage line.
            (OptionKind::Integer | OptionKind::Number, Some(min), Some(max)) if max < 1e6 => {
                Some(format!("{min}-{max}"))
            }
            _ => None,
        }
    }

    /// A word that would be accepted, for examples.
    pub(crate) fn sample(&self) -> String {
        if let Some(choice) = self.choices.first() {
            return choice.value.text();
        }
        match self.kind {
            OptionKind::String if self.rest => "some words".to_owned(),
            OptionKind::String => "word".to_owned(),
            OptionKind::Integer | OptionKind::Number => self
                .max
                .filter(|max| *max < 3.0)
                .or(self.min.filter(|min| *min > 3.0))
                .unwrap_or(3.0)
                .to_string(),
            OptionKind::Boolean => "yes".to_owned(),
            OptionKind::User | OptionKind::Mentionable => "@somebody".to_owned(),
            OptionKind::Role => "@role".to_owned(),
            OptionKind::Channel => "#channel".to_owned(),
            OptionKind::Attachment => "(with a file attached)".to_owned(),
            OptionKind::Duration => "1h30m".to_owned(),
            OptionKind::Message => "https://discord.com/channels/...".to_owned(),
        }
    }
}
