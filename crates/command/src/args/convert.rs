//! Turns what somebody typed into the value of an option, and checks values against its limits.

use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use super::duration::{in_limits, parse_duration};
use super::words::Words;
use super::{Attachment, Channel, Mentionable, Role, User, Value, link};
use crate::directory::{Directory, Lookup, Query};
use crate::failure::BadArgument;
use crate::invoker::Invoker;
use crate::spec::{Choice, MAX_NUMBER, OptionKind, OptionSpec};

/// What a message says beside its text, and where to ask for the rest.
pub(crate) struct Known<'a> {
    pub(crate) guild: Option<Id<GuildMarker>>,
    pub(crate) channel: Id<ChannelMarker>,
    /// Who asks: what they may not see is not found.
    pub(crate) invoker: &'a Invoker,
    /// People mentioned in the message: Discord sends them along.
    pub(crate) users: Vec<User>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) directory: &'a dyn Directory,
}

/// Most values of a variadic option. Each may have to be asked of Discord.
pub(crate) const MAX_VALUES: usize = 50;

/// The values of all words of `text`, for a variadic option.
pub(crate) async fn list_from_text(
    option: &OptionSpec,
    text: &str,
    known: &Known<'_>,
) -> Result<Value, BadArgument> {
    let mut words = Words::new(text);
    let mut values = Vec::new();
    while let Some(word) = words.word() {
        if values.len() == MAX_VALUES {
            return Err(BadArgument::TooMany(MAX_VALUES));
        }
        values.push(from_text(option, &word, known).await?);
    }
    if values.is_empty() { Err(BadArgument::WrongKind(option.kind)) } else { Ok(Value::List(values)) }
}

/// The value that `text` stands for.
pub(crate) async fn from_text(
    option: &OptionSpec,
    text: &str,
    known: &Known<'_>,
) -> Result<Value, BadArgument> {
    if let Some(choice) = find_choice(&option.choices, text) {
        return Ok(choice_value(choice));
    }
    let value = match option.kind {
        OptionKind::String => Value::String(text.to_owned()),
        OptionKind::Integer => Value::Integer(integer(text)?),
        OptionKind::Number => Value::Number(number(text)?),
        OptionKind::Boolean => Value::Boolean(boolean(text)?),
        OptionKind::User => Value::User(found(user(text, known).await, OptionKind::User)?),
        OptionKind::Role => Value::Role(found(role(text, known), OptionKind::Role)?),
        OptionKind::Channel => Value::Channel(found(channel(text, known), OptionKind::Channel)?),
        OptionKind::Mentionable => Value::Mentionable(mentionable(text, known).await?),
        OptionKind::Duration => {
            let bare = option.bare_seconds.then(|| format!("{}s", text.trim()));
            let span = parse_duration(text).or_else(|| parse_duration(&bare?));
            Value::Duration(span.ok_or(BadArgument::WrongKind(OptionKind::Duration))?)
        }
        OptionKind::Message => {
            let message = link::message(text, known).await;
            Value::Message(Box::new(message.ok_or(BadArgument::NotFound(OptionKind::Message))?))
        }
        // Files are not typed; they are taken from the message.
        OptionKind::Attachment => return Err(BadArgument::WrongKind(OptionKind::Attachment)),
    };
    check(option, &value)?;
    Ok(value)
}

/// Whether a value of the right kind keeps the limits of its option.
///
/// Discord keeps them for slash commands, but a client that is out of date, or a command that was
/// changed a moment ago, can send what is not allowed any more.
pub(crate) fn check(option: &OptionSpec, value: &Value) -> Result<(), BadArgument> {
    if !option.choices.is_empty() {
        let chosen = option.choices.iter().any(|choice| choice_value(choice) == *value);
        return if chosen { Ok(()) } else { Err(BadArgument::NotAChoice(option.choices.clone())) };
    }
    let in_range = |number: f64| {
        let within = option.min.is_none_or(|min| number >= min) && option.max.is_none_or(|max| number <= max);
        if within { Ok(()) } else { Err(BadArgument::OutOfRange { min: option.min, max: option.max }) }
    };
    match value {
        Value::Duration(span) if !in_limits(option, *span) => {
            let span = |seconds: f64| std::time::Duration::from_secs_f64(seconds.max(0.0));
            Err(BadArgument::DurationRange { min: option.min.map(span), max: option.max.map(span) })
        }
        Value::Integer(number) => in_range(*number as f64),
        Value::Number(number) => in_range(*number),
        Value::String(text) => {
            let length = text.chars().count();
            let (min, max) = (option.min_length, option.max_length);
            if min.is_some_and(|min| length < usize::from(min))
                || max.is_some_and(|max| length > usize::from(max))
            {
                return Err(BadArgument::BadLength { length, min, max });
            }
            Ok(())
        }
        Value::Channel(channel) => {
            let kinds = &option.channel_types;
            if kinds.is_empty() || kinds.contains(&channel.kind) {
                Ok(())
            } else {
                Err(BadArgument::WrongChannel)
            }
        }
        _ => Ok(()),
    }
}

fn find_choice<'a>(choices: &'a [Choice], text: &str) -> Option<&'a Choice> {
    let given = text.to_lowercase();
    let own =
        |choice: &&Choice| choice.name.to_lowercase() == given || choice.value.text().to_lowercase() == given;
    // What one is called goes before what another one is called elsewhere.
    let translated = || choices.iter().find(|choice| choice.is_named(&given));
    choices.iter().find(own).or_else(translated)
}

fn choice_value(choice: &Choice) -> Value {
    choice.value.clone().into()
}

fn integer(text: &str) -> Result<i64, BadArgument> {
    let number: i64 = text.parse().map_err(|_| BadArgument::WrongKind(OptionKind::Integer))?;
    // What the slash form could not carry is refused here as well.
    if number.unsigned_abs() as f64 > MAX_NUMBER {
        return Err(BadArgument::OutOfRange { min: Some(-MAX_NUMBER), max: Some(MAX_NUMBER) });
    }
    Ok(number)
}

fn number(text: &str) -> Result<f64, BadArgument> {
    // `parse` takes "inf" and "NaN", which nobody means as a number.
    let digits = text.chars().any(|c| c.is_ascii_digit());
    let number = text.parse::<f64>().ok().filter(|number| digits && number.is_finite());
    let number = number.ok_or(BadArgument::WrongKind(OptionKind::Number))?;
    if number.abs() > MAX_NUMBER {
        return Err(BadArgument::OutOfRange { min: Some(-MAX_NUMBER), max: Some(MAX_NUMBER) });
    }
    Ok(number)
}

fn boolean(text: &str) -> Result<bool, BadArgument> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "1" => Ok(true),
        "false" | "no" | "n" | "off" | "0" => Ok(false),
        _ => Err(BadArgument::WrongKind(OptionKind::Boolean)),
    }
}

/// A snowflake, bare or inside a mention with one of these openings.
fn snowflake(text: &str, openings: &[&str]) -> Option<u64> {
    let inner = text
        .strip_suffix('>')
        .and_then(|inner| openings.iter().find_map(|opening| inner.strip_prefix(opening)))
        .unwrap_or(text);
    // Ids have 17 to 20 digits; a shorter number is more likely somebody's name.
    let bare = inner.len() == text.len();
    let digits = inner.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (bare && inner.len() < 15) {
        return None;
    }
    inner.parse().ok().filter(|id| *id != 0)
}

/// A name as people write it: with the sign of its kind in front or without.
fn plain<'a>(text: &'a str, sign: &str) -> &'a str {
    text.strip_prefix(sign).filter(|name| !name.is_empty()).unwrap_or(text)
}

fn found<T>(found: Lookup<T>, kind: OptionKind) -> Result<T, BadArgument> {
    match found {
        Lookup::Found(found) => Ok(found),
        Lookup::Unknown => Err(BadArgument::NotFound(kind)),
        Lookup::Ambiguous => Err(BadArgument::Ambiguous(kind)),
    }
}

async fn user(text: &str, known: &Known<'_>) -> Lookup<User> {
    let id = snowflake(text, &["<@!", "<@"]);
    if let Some(user) = known.users.iter().find(|user| Some(user.id.get()) == id) {
        return Lookup::Found(user.clone());
    }
    let query = id.map_or(Query::Name(plain(text, "@")), Query::Id);
    known.directory.user(known.guild, query).await
}

fn role(text: &str, known: &Known<'_>) -> Lookup<Role> {
    let Some(guild) = known.guild else { return Lookup::Unknown };
    // The role of everybody has the guild's id. Its name begins with the sign, and a mention of it is only its name.
    // See Discord docs: Permissions / Role Object.
    let everyone = || known.directory.role(guild, Query::Id(guild.get()));
    let name = plain(text, "@");
    match snowflake(text, &["<@&"]) {
        Some(id) => known.directory.role(guild, Query::Id(id)),
        None if text.eq_ignore_ascii_case("@everyone") => everyone(),
        None => match known.directory.role(guild, Query::Name(name)) {
            Lookup::Unknown if name.eq_ignore_ascii_case("everyone") => everyone(),
            found => found,
        },
    }
}

fn channel(text: &str, known: &Known<'_>) -> Lookup<Channel> {
    let query = snowflake(text, &["<#"]).map_or(Query::Name(plain(text, "#")), Query::Id);
    known.guild.map_or(Lookup::Unknown, |guild| known.directory.channel(guild, query))
}

async fn mentionable(text: &str, known: &Known<'_>) -> Result<Mentionable, BadArgument> {
    // Roles first: they are known without asking Discord.
    match role(text, known) {
        Lookup::Found(role) => Ok(Mentionable::Role(role)),
        Lookup::Ambiguous => Err(BadArgument::Ambiguous(OptionKind::Role)),
        Lookup::Unknown => found(user(text, known).await, OptionKind::Mentionable).map(Mentionable::User),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use twilight_model::channel::ChannelType;

    use super::*;
    use crate::testing::{self, Town};

    fn option(kind: OptionKind) -> OptionSpec {
        OptionSpec::new(kind, "x", "x")
    }

    fn convert(option: &OptionSpec, text: &str) -> Result<Value, BadArgument> {
        let invoker = testing::alice();
        let known = testing::known(&invoker);
        from_text(option, text, &known).now_or_never().expect("the town answers at once")
    }

    #[test]
    fn integers() {
        let plain = option(OptionKind::Integer);
        assert_eq!(convert(&plain, "-12"), Ok(Value::Integer(-12)));
        for bad in ["", "1.5", "1e3", "x", "１"] {
            assert_eq!(convert(&plain, bad), Err(BadArgument::WrongKind(OptionKind::Integer)), "{bad}");
        }
        assert!(matches!(convert(&plain, "9007199254740993"), Err(BadArgument::OutOfRange { .. })));
        let ranged = plain.min(1.0).max(5.0);
        assert_eq!(convert(&ranged, "5"), Ok(Value::Integer(5)));
        let range = BadArgument::OutOfRange { min: Some(1.0), max: Some(5.0) };
        assert_eq!(convert(&ranged, "6"), Err(range.clone()));
        assert_eq!(convert(&ranged, "0"), Err(range));
    }

    #[test]
    fn numbers() {
        let plain = option(OptionKind::Number);
        assert_eq!(convert(&plain, "2.5"), Ok(Value::Number(2.5)));
        for bad in ["inf", "NaN", "two", "1e999", ""] {
            assert_eq!(convert(&plain, bad), Err(BadArgument::WrongKind(OptionKind::Number)), "{bad}");
        }
    }

    #[test]
    fn booleans_and_their_opposites() {
        let plain = option(OptionKind::Boolean);
        for yes in ["true", "yes", "1", "y", "on", "YES"] {
            assert_eq!(convert(&plain, yes), Ok(Value::Boolean(true)), "{yes}");
        }
        for no in ["false", "no", "0", "n", "off", "Off"] {
            assert_eq!(convert(&plain, no), Ok(Value::Boolean(false)), "{no}");
        }
        assert!(convert(&plain, "maybe").is_err());
    }

    #[test]
    fn text_is_counted_in_characters() {
        let short = option(OptionKind::String).min_length(2).max_length(3);
        assert_eq!(convert(&short, "äöü"), Ok(Value::String("äöü".into())));
        let bad = convert(&short, "a");
        assert_eq!(bad, Err(BadArgument::BadLength { length: 1, min: Some(2), max: Some(3) }));
        assert!(convert(&short, "abcd").is_err());
    }

    #[test]
    fn choices_are_taken_by_name_or_value() {
        let choice = option(OptionKind::String).choice(Choice::text("Very loud", "shout"));
        for given in ["very loud", "SHOUT"] {
            assert_eq!(convert(&choice, given), Ok(Value::String("shout".into())), "{given}");
        }
        let low = Choice::text("Low", "low").named_in("de", "Leise").named_in("fr", "shout");
        let loud = Choice::text("Very loud", "shout").named_in("de", "Sehr laut");
        let local = option(OptionKind::String).choice(low).choice(loud);
        for (given, value) in [("sehr LAUT", "shout"), ("leise", "low"), ("shout", "shout")] {
            assert_eq!(convert(&local, given), Ok(Value::String(value.into())), "{given}");
        }
        assert!(matches!(convert(&choice, "x"), Err(BadArgument::NotAChoice(all)) if all.len() == 1));
    }

    #[test]
    fn durations_have_limits_too() {
        let option = option(OptionKind::Duration).min(60.0).max(3_600.0);
        assert_eq!(convert(&option, "1m 30s"), Ok(Value::Duration(std::time::Duration::from_secs(90))));
        assert_eq!(convert(&option, "90"), Err(BadArgument::WrongKind(OptionKind::Duration)));
        let seconds = option.clone().bare_seconds();
        for text in ["90", " 90 ", "90s"] {
            assert_eq!(convert(&seconds, text), Ok(Value::Duration(std::time::Duration::from_secs(90))));
        }
        assert_eq!(convert(&seconds, "-90"), Err(BadArgument::WrongKind(OptionKind::Duration)));
        assert!(matches!(convert(&seconds, "30"), Err(BadArgument::DurationRange { .. })));
        assert!(matches!(convert(&option, "2h"), Err(BadArgument::DurationRange { .. })));
    }

    #[test]
    fn what_several_have_as_name_is_none_of_them() {
        assert_eq!(
            convert(&option(OptionKind::Role), "twins"),
            Err(BadArgument::Ambiguous(OptionKind::Role))
        );
    }

    #[test]
    fn people_roles_and_channels_by_mention_id_and_name() {
        let id = Town::ALICE;
        for given in
            [format!("<@{id}>"), format!("<@!{id}>"), id.to_string(), "alice".into(), "@Alice".into()]
        {
            let value = convert(&option(OptionKind::User), &given);
            assert!(matches!(&value, Ok(Value::User(user)) if user.id.get() == id), "{given}: {value:?}");
        }
        let id = Town::BAKERS;
        for given in [format!("<@&{id}>"), id.to_string(), "bakers".into(), "@Bakers".into()] {
            let value = convert(&option(OptionKind::Role), &given);
            assert!(matches!(&value, Ok(Value::Role(role)) if role.id.get() == id), "{given}: {value:?}");
            let value = convert(&option(OptionKind::Mentionable), &given);
            assert!(matches!(value, Ok(Value::Mentionable(Mentionable::Role(_)))), "{given}");
        }
        for given in ["@everyone", "everyone", "@Everyone"] {
            let value = convert(&option(OptionKind::Role), given);
            assert!(
                matches!(&value, Ok(Value::Role(role)) if role.name == "@everyone"),
                "{given}: {value:?}"
            );
        }
        let id = Town::SQUARE;
        for given in [format!("<#{id}>"), id.to_string(), "square".into(), "#square".into()] {
            let value = convert(&option(OptionKind::Channel), &given);
            assert!(
                matches!(&value, Ok(Value::Channel(channel)) if channel.id.get() == id),
                "{given}: {value:?}"
            );
        }
        assert_eq!(
            convert(&option(OptionKind::User), "nobody"),
            Err(BadArgument::NotFound(OptionKind::User))
        );
        assert_eq!(convert(&option(OptionKind::Role), "<@&0>"), Err(BadArgument::NotFound(OptionKind::Role)));
        let voice = option(OptionKind::Channel).channel_type(ChannelType::GuildVoice);
        assert_eq!(convert(&voice, "#square"), Err(BadArgument::WrongChannel));
    }
}
