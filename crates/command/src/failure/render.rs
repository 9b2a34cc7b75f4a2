//! What people read when a command fails: the one place where failures become text.

use std::fmt::Write as _;
use std::time::Duration;

use cogwright_config::is_invisible;

use super::Failure;
use super::argument::{bad_argument, missing};
use super::codes;
use super::denied::describe;
use super::late::{superseded, too_old};
use super::names::permission_names;
use crate::cooldown::{Concurrency, Scope};
use crate::directory::Standing;
use crate::reply::Reply;
use crate::spec::{Access, Spec};
use crate::theme::{Icon, Theme, Tone};
use crate::wire::WireError;

/// Most roles that are named; more would be a wall.
const ROLES: usize = 10;
/// Most characters of somebody's own input that are repeated to them.
const QUOTED: usize = 60;
/// Most characters of a text: what an embed's description takes. See Discord docs: Message / Embed Limits.
const MAX_TEXT: usize = 4_096;
/// The same without an embed. See Discord docs: Create Message.
const MAX_CONTENT: usize = 2_000;

/// What the text of a failure depends on.
pub(crate) struct Rendering<'a> {
    /// The command, when there is one.
    pub(crate) spec: Option<&'a Spec>,
    /// How a call starts here: the prefix, a mention with a blank, or `/`.
    pub(crate) opening: &'a str,
    /// What to run to call the command once more: a call in a code span, or "the command".
    pub(crate) again: &'a str,
    /// Whether it was a slash command or a component, whose failures are ephemeral.
    pub(crate) interaction: bool,
    /// The id that finds the failure in the log.
    pub(crate) id: &'a str,
    /// What stands between the bot and what it wanted, when that is known.
    pub(crate) standing: Option<&'a Standing>,
    /// Colours and emoji.
    pub(crate) theme: &'a Theme,
    /// Whether embeds show here: not where the bot lacks `EMBED_LINKS`, and an empty message would be refused.
    pub(crate) embeds: bool,
}

/// A failure as people read it.
struct Told {
    icon: Icon,
    title: &'static str,
    text: String,
}

/// The answer to a failure; `None` where silence is right.
pub(crate) fn render(failure: &Failure, place: &Rendering<'_>) -> Option<Reply> {
    let over = match failure {
        Failure::Expired => Some(too_old(place.again)),
        Failure::Superseded => Some(superseded(place.again)),
        _ => None,
    };
    if let Some(text) = over {
        // Of a message there is nobody who waits for it.
        return place.interaction.then(|| notice(text, true));
    }
    let Told { icon, title, text } = tell(failure, place)?;
    let (theme, text) = (place.theme, cut(text, if place.embeds { MAX_TEXT } else { MAX_CONTENT - 200 }));
    let reply = if place.embeds {
        let footer = place.spec.map(|spec| format!("Command: {}", spec.qualified_name()));
        Reply::new().embed(theme.embed(Tone::Error, icon, title, &text, footer.as_deref()))
    } else {
        Reply::text(format!("{} **{title}**\n{text}", theme.icon(icon)))
    };
    Some(if place.interaction { reply.ephemeral() } else { reply })
}

fn tell(failure: &Failure, place: &Rendering<'_>) -> Option<Told> {
    let told = |icon, title, text| Some(Told { icon, title, text });
    let denied = |text| told(Icon::Restricted, "Permission Denied", text);
    let invalid = |text: &str| told(Icon::Error, "Invalid Argument", with_usage(text, place));
    let error = |text| told(Icon::Error, "Command Error", text);
    let by_id = |text: &str| error(format!("{text} (error id `{}`)", place.id));
    match failure {
        // Another bot or cog may have taken its place.
        Failure::Unknown | Failure::Disabled if !place.interaction => None,
        Failure::Expired | Failure::Superseded => None,
        Failure::Unknown => error(
            "This command does not exist any more. Discord still shows it; try again in a minute.".to_owned(),
        ),
        Failure::Disabled => denied("This command is switched off.".to_owned()),
        Failure::GuildOnly => denied("This command only works in a server.".to_owned()),
        Failure::OwnerOnly(Access::GuildOwner) => {
            denied("Only the owner of this server and the owners of the bot can do that.".to_owned())
        }
        Failure::AdultsOnly => {
            denied("This command only works in channels that are marked as age-restricted.".to_owned())
        }
        Failure::OwnerOnly(_) => denied("Only the owners of the bot can do that.".to_owned()),
        Failure::RoleRule(roles) if roles.is_empty() => denied(
            "In this server that takes a role that was deleted, so only the owner of the server can. They change it \
             with `config`."
                .to_owned(),
        ),
        Failure::RoleRule(roles) => denied(format!("In this server that takes {}.", one_of(roles))),
        Failure::MissingPermission(lacking) => {
            denied(format!("You need {} in this channel for that.", permission_names(*lacking)))
        }
        Failure::BotMissingPermission(lacking) => {
            let mut text = format!("I need {} in this channel for that.", permission_names(*lacking));
            if let Some(why) = place.standing.and_then(describe) {
                text = why;
            }
            denied(text)
        }
        Failure::MissingArgument { option } => {
            told(Icon::Error, "Missing Argument", with_usage(&missing(option, place.spec), place))
        }
        Failure::BadArgument { option, reason, .. } => {
            invalid(&format!("`{option}`: {}", bad_argument(reason)))
        }
        Failure::ExtraArgument { given } => {
            invalid(&format!("I do not know what to do with {}.", quote(given)))
        }
        Failure::Cooldown { scope, left } => {
            told(Icon::Cooldown, "Command on Cooldown", again(*scope, *left))
        }
        Failure::Concurrency(bound) => error(running(*bound)),
        Failure::Busy => error("Too much is going on right now. Please try again in a moment.".to_owned()),
        Failure::Refused(text) => told(Icon::Error, "Not Done", text.clone()),
        Failure::Discord(refused) => {
            match place.standing.filter(|_| refused.is_denied()).and_then(describe) {
                Some(why) => by_id(&why),
                None => by_id(discord(refused)),
            }
        }
        Failure::Denied(refused) => {
            let why = describe(&refused.standing);
            by_id(why.as_deref().unwrap_or_else(|| discord(&refused.error)))
        }
        Failure::Internal(_) | Failure::Panicked(_) => {
            error(format!("Something went wrong on my side. It has been noted as `{}`.", place.id))
        }
    }
}

/// The time left, to a tenth of a second as long as that says anything. Rounded up: whoever waits as long as it says
/// must not be refused again.
fn again(scope: Scope, left: Duration) -> String {
    let tenths = left.as_millis().div_ceil(100).max(1);
    let time = match tenths / 10 {
        0..120 => format!("{}.{} seconds", tenths / 10, tenths % 10),
        seconds @ 120..7_200 => format!("{} minutes", seconds.div_ceil(60)),
        seconds => format!("{} hours", seconds.div_ceil(3_600)),
    };
    let whose = match scope {
        Scope::User => "",
        Scope::Guild => " It counts for the whole server.",
        Scope::Channel => " It counts for the whole channel.",
        Scope::Global => " It counts for everybody together.",
    };
    format!("Try again in **{time}**.{whose}")
}

fn running(bound: Concurrency) -> String {
    let often = match bound.max {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        max => format!("{max} times"),
    };
    let place = match bound.scope {
        Scope::User => "for you",
        Scope::Guild => "in this server",
        Scope::Channel => "in this channel",
        Scope::Global => "in all",
    };
    format!("It already runs {often} {place}, which is as often as it may at once. Wait for it to end.")
}

/// Roles as mentions, which show their names and ping nobody.
fn one_of<T: std::fmt::Display>(roles: &[T]) -> String {
    let named: Vec<_> = roles.iter().take(ROLES).map(|role| format!("<@&{role}>")).collect();
    match (&*named, roles.len().saturating_sub(ROLES)) {
        ([only], 0) => format!("the role {only}"),
        (_, 0) => format!("one of the roles {}", named.join(", ")),
        (_, more) => format!("one of the roles {} and {more} more", named.join(", ")),
    }
}

fn cut(text: String, max: usize) -> String {
    match text.char_indices().nth(max - 1) {
        Some((end, _)) if text.chars().nth(max).is_some() => format!("{}…", &text[..end]),
        _ => text,
    }
}

/// A short text for one person.
pub(crate) fn notice(text: impl Into<String>, ephemeral: bool) -> Reply {
    let reply = Reply::text(text);
    if ephemeral { reply.ephemeral() } else { reply }
}

fn with_usage(problem: &str, place: &Rendering<'_>) -> String {
    let mut text = problem.to_owned();
    if let Some(spec) = place.spec {
        let (usage, example) = if place.interaction {
            (spec.slash_usage_line(), spec.slash_example_line())
        } else {
            (spec.usage_line(), spec.example_line())
        };
        let _ = write!(text, "\nUsage: `{}{usage}`", place.opening);
        // One that says the same says nothing.
        if example != usage {
            let _ = write!(text, "\nExample: `{}{example}`", place.opening);
        }
    }
    text
}

fn discord(error: &WireError) -> &'static str {
    match error {
        WireError::Refused { code, .. } => {
            codes::sentence(*code).unwrap_or("Discord did not accept what I asked for.")
        }
        WireError::Invalid(_) => "Discord would not accept my answer.",
        WireError::Limited(_) => "Discord limits how fast I may answer. Try again in a moment.",
        WireError::Unreachable(_) => "Discord could not be reached.",
    }
}

/// Somebody's own words, in a form in which nothing can break out, format or ping.
pub(crate) fn quote(given: &str) -> String {
    let harmless = |c: &char| *c != '`' && !is_invisible(*c);
    let mut words = given.chars().filter(harmless).map(|c| if c.is_control() { ' ' } else { c });
    let mut shown: String = words.by_ref().take(QUOTED).collect();
    if words.next().is_some() {
        shown.push('…');
    }
    // An empty span would show its marks.
    if shown.trim().is_empty() { "that".to_owned() } else { format!("`{shown}`") }
}

#[cfg(test)]
mod tests {
    use twilight_model::guild::Permissions;
    use twilight_model::id::Id;

    use super::*;
    use crate::failure::BadArgument;
    use crate::spec::{Choice, Handler, OptionKind, OptionSpec};

    fn spec() -> Spec {
        Spec::new("roll", "Rolls", Handler::new(|_, _| async { Ok(()) }))
            .option(OptionSpec::new(OptionKind::Integer, "sides", "How many sides").min(2.0).max(100.0))
    }

    fn reply(failure: &Failure, interaction: bool, embeds: bool) -> Option<Reply> {
        let (spec, theme) = (spec(), Theme::default());
        let opening = if interaction { "/" } else { "!" };
        let place = Rendering {
            spec: Some(&spec),
            opening,
            again: "`/roll`",
            interaction,
            id: "x1",
            standing: None,
            theme: &theme,
            embeds,
        };
        let reply = render(failure, &place)?;
        assert_eq!(reply.is_ephemeral(), interaction);
        Some(reply)
    }

    fn text(failure: &Failure, interaction: bool) -> Option<String> {
        Some(reply(failure, interaction, false)?.content().to_owned())
    }

    #[test]
    fn every_failure_reads_well() {
        let bad = |reason| Failure::BadArgument { option: "sides".into(), given: None, reason };
        let refused = |code| Failure::Discord(WireError::Refused { status: 403, code, message: "no".into() });
        let cooldown = |scope, ms| Failure::Cooldown { scope, left: Duration::from_millis(ms) };
        let failures = [
            Failure::GuildOnly,
            Failure::AdultsOnly,
            Failure::OwnerOnly(Access::GuildOwner),
            Failure::OwnerOnly(Access::BotOwner),
            Failure::RoleRule(vec![Id::new(5)]),
            Failure::RoleRule(Vec::new()),
            Failure::RoleRule((1..=12).map(Id::new).collect()),
            cooldown(Scope::User, 4_210),
            cooldown(Scope::User, 1),
            cooldown(Scope::Guild, 119_950),
            cooldown(Scope::Channel, 600_000),
            cooldown(Scope::Global, 86_400_000),
            Failure::Concurrency(Concurrency::new(1, Scope::User)),
            Failure::Concurrency(Concurrency::new(3, Scope::Guild)),
            Failure::MissingPermission(Permissions::MANAGE_GUILD | Permissions::BAN_MEMBERS),
            Failure::BotMissingPermission(Permissions::EMBED_LINKS),
            Failure::MissingArgument { option: "sides".into() },
            bad(BadArgument::WrongKind(OptionKind::Integer)),
            bad(BadArgument::NotFound(OptionKind::Mentionable)),
            bad(BadArgument::OutOfRange { min: Some(2.0), max: Some(100.0) }),
            bad(BadArgument::OutOfRange { min: Some(2.0), max: None }),
            bad(BadArgument::BadLength { length: 1, min: Some(2), max: Some(3) }),
            bad(BadArgument::BadLength { length: 9, min: Some(2), max: Some(3) }),
            bad(BadArgument::NotAChoice(vec![Choice::same("a"), Choice::same("b")])),
            bad(BadArgument::WrongChannel),
            bad(BadArgument::Twice),
            Failure::bad_argument("sides", "A die has no such side."),
            bad(BadArgument::Ambiguous(OptionKind::Role)),
            bad(BadArgument::NotAMember),
            bad(BadArgument::TooMany(50)),
            bad(BadArgument::NotKnown { given: "dise".into(), near: vec!["dice".into(), "dish".into()] }),
            bad(BadArgument::NotKnown { given: "`x`".into(), near: vec![] }),
            bad(BadArgument::DurationRange {
                min: Some(Duration::from_mins(1)),
                max: Some(Duration::from_hours(2)),
            }),
            bad(BadArgument::NotFound(OptionKind::Message)),
            bad(BadArgument::WrongKind(OptionKind::Duration)),
            Failure::ExtraArgument { given: format!("`{}", "long ".repeat(20)) },
            Failure::Busy,
            Failure::refused("Not today."),
            refused(50_001),
            refused(50_013),
            refused(50_007),
            refused(10_008),
            refused(30_003),
            refused(1),
            Failure::Discord(WireError::Unreachable("secret".into())),
            Failure::Discord(WireError::Limited("secret".into())),
            Failure::internal("secret"),
            Failure::Panicked("secret".into()),
        ];
        let texts: Vec<_> =
            failures.iter().map(|failure| text(failure, false).expect("it is answered")).collect();
        insta::assert_snapshot!(texts.join("\n\n"));
        assert!(!texts.concat().contains("secret"), "causes belong in the log");
    }

    #[test]
    fn some_failures_are_silent() {
        assert_eq!(text(&Failure::Unknown, false), None);
        assert!(text(&Failure::Unknown, true).is_some());
        assert_eq!(text(&Failure::Disabled, false), None, "somebody else may answer to the name");
        assert!(text(&Failure::Disabled, true).is_some());
        for over in [Failure::Expired, Failure::Superseded] {
            assert_eq!(text(&over, false), None, "nobody waits for it");
            let told = text(&over, true).unwrap();
            assert!(told.ends_with("un `/roll` again."), "{told}");
        }
    }

    #[test]
    fn the_slash_form_has_a_usage_of_its_own_and_an_example_that_says_the_same_is_left_out() {
        let shown = text(&Failure::ExtraArgument { given: "x".into() }, true).unwrap();
        assert!(shown.ends_with("\nUsage: `/roll sides:<2-100>`\nExample: `/roll sides:3`"), "{shown}");
        let (spec, theme) = (Spec { options: vec![], ..spec() }, Theme::default());
        let place = Rendering {
            spec: Some(&spec),
            opening: "!",
            again: "`!roll`",
            interaction: false,
            id: "x1",
            standing: None,
            theme: &theme,
            embeds: false,
        };
        let shown = render(&Failure::ExtraArgument { given: "x".into() }, &place).unwrap();
        assert!(shown.content().ends_with("\nUsage: `!roll`"), "{}", shown.content());
    }

    #[test]
    fn an_embed_has_title_text_colour_and_the_command() {
        let shown = serde_json::to_value(reply(&Failure::GuildOnly, false, true).unwrap()).unwrap();
        insta::assert_json_snapshot!(shown);
    }

    #[test]
    fn hostile_words_cannot_break_out() {
        for given in ["`` @everyone ``", "a\u{202e}b", "\n# big", "@here", "<@&1> <@2>", "\u{200b}", "```\n"]
        {
            let failure = Failure::ExtraArgument { given: given.into() };
            for embeds in [true, false] {
                let shown = serde_json::to_value(reply(&failure, false, embeds).unwrap()).unwrap();
                assert_eq!(shown["allowed_mentions"], serde_json::json!({"parse": []}), "{given:?}");
                let text = shown.to_string();
                assert!(!text.contains('\u{202e}') && !text.contains('\u{200b}'), "{text}");
            }
            let line = text(&failure, false).unwrap();
            let first = line.lines().nth(1).unwrap();
            assert!(first.matches('`').count() <= 2, "{line}");
            assert!(!line.contains("\n# "), "{line}");
        }
        assert_eq!(cut("é".repeat(10), 10), "é".repeat(10));
        assert_eq!(cut("é".repeat(11), 10), format!("{}…", "é".repeat(9)));
    }
}
