//! Raw settings to validated ones, all problems in one pass.

use crate::problem::{Problem, Problems};
use crate::registry::{LOG, OWNER, PREFIX, Setting, TOKEN};
use crate::secret::Secret;
use crate::source::Environment;

/// The longest prefix, in characters.
pub const MAX_PREFIX: usize = 10;

/// Longer than any token Discord has given out; more is a paste accident.
const MAX_TOKEN: usize = 200;

/// Everything the bot can be told, validated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The bot's token, without `Bot ` before it.
    pub token: Secret,
    /// What a message begins with to be read as a command: 1 to [`MAX_PREFIX`] characters.
    pub prefix: String,
    /// The log filter, in the syntax of `tracing`.
    pub log: String,
    /// The user id of the operator, if given.
    pub owner: Option<u64>,
}

impl Settings {
    /// Settings for a bot whose token is known already, all else at its default.
    pub fn with_token(token: impl Into<Secret>) -> Self {
        Self {
            token: token.into(),
            prefix: PREFIX.default.to_owned(),
            log: LOG.default.to_owned(),
            owner: None,
        }
    }

    /// Reads and validates all settings.
    ///
    /// # Errors
    /// All problems at once, each with what is wrong, where, and what to do.
    pub fn load(env: &impl Environment) -> Result<Self, Problems> {
        let mut reader = Reader { env, problems: Vec::new() };
        let token = reader.read(TOKEN, token);
        let prefix = reader.read(PREFIX, prefix);
        let log = reader.read(LOG, |raw| Ok(raw.to_owned()));
        let owner = reader.read(OWNER, owner);
        match (token, reader.problems.is_empty()) {
            (Some(token), true) => Ok(Self {
                prefix: prefix.unwrap_or_else(|| PREFIX.default.to_owned()),
                log: log.unwrap_or_else(|| LOG.default.to_owned()),
                owner,
                token,
            }),
            _ => Err(Problems(reader.problems)),
        }
    }

    /// Only the log filter, for a start in which nothing else is needed; `otherwise` when it is not set.
    pub fn log_filter(env: &impl Environment, otherwise: &str) -> String {
        let found = env.get(LOG.name).map(|(raw, _)| raw.trim().to_owned());
        found.filter(|filter| !filter.is_empty()).unwrap_or_else(|| otherwise.to_owned())
    }
}

/// What is wrong with a value, and what to do.
type Refusal = (String, String);

struct Reader<'a, E> {
    env: &'a E,
    problems: Vec<Problem>,
}

impl<E: Environment> Reader<'_, E> {
    /// The value of a setting; `None` when it is not set or refused.
    fn read<T>(&mut self, setting: Setting, parse: impl FnOnce(&str) -> Result<T, Refusal>) -> Option<T> {
        let found = self.env.get(setting.name);
        let found = found.filter(|(raw, _)| !raw.trim().is_empty());
        let (place, refusal) = match found {
            Some((raw, place)) => match parse(raw.trim()) {
                Ok(value) => return Some(value),
                Err(refusal) => (place, refusal),
            },
            None if setting.required => {
                let name = setting.name;
                let remedy = format!("Write a line {name}=... there, or set the variable. {}", setting.about);
                (self.env.places(), ("is not set".to_owned(), remedy))
            }
            None => return None,
        };
        self.problems.push(Problem { setting: setting.name, place, what: refusal.0, remedy: refusal.1 });
        None
    }
}

fn token(raw: &str) -> Result<Secret, Refusal> {
    let token = raw.strip_prefix("Bot ").unwrap_or(raw).trim();
    let refuse = |what: &str| {
        Err((
            what.to_owned(),
            "Copy the token again from the Bot page of the application in Discord's developer \
             portal (not its client secret, public key or id)."
                .to_owned(),
        ))
    };
    let parts: Vec<&str> = token.split('.').collect();
    if token.len() > MAX_TOKEN {
        return refuse("is longer than a bot token");
    }
    if !token.bytes().all(|b| b.is_ascii_graphic()) {
        return refuse("holds blanks or characters that no token has");
    }
    // See Discord docs: Reference / Authentication; a token is three parts of base64.
    if parts.len() != 3 || parts.iter().any(|part| part.is_empty()) {
        return refuse("does not look like a bot token (three parts with dots between them)");
    }
    Ok(Secret::new(token))
}

fn prefix(raw: &str) -> Result<String, Refusal> {
    if raw.chars().count() > MAX_PREFIX {
        return Err((
            format!("is longer than {MAX_PREFIX} characters"),
            "Choose a shorter one, such as ! or ?.".to_owned(),
        ));
    }
    if raw.starts_with('/') || raw.starts_with('<') || raw.contains(char::is_whitespace) {
        return Err((
            "begins with / or <, or holds a blank".to_owned(),
            "Discord reads such messages itself; choose another, such as ! or ?.".to_owned(),
        ));
    }
    Ok(raw.to_owned())
}

fn owner(raw: &str) -> Result<u64, Refusal> {
    let well_formed = (17..=20).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_digit());
    match raw.parse::<u64>() {
        Ok(id) if well_formed => Ok(id),
        _ => Err((
            "is not a user id".to_owned(),
            "Switch on developer mode in Discord, right-click your name, choose Copy User ID, and \
             put the number here; or leave it out."
                .to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Layered;

    const TOKEN_TEXT: &str = "MTIz.abc.def";

    struct Fixed(&'static str, &'static [(&'static str, &'static str)]);

    impl Environment for Fixed {
        fn get(&self, name: &str) -> Option<(String, String)> {
            let (_, value) = self.1.iter().find(|(key, _)| *key == name)?;
            Some(((*value).to_owned(), self.places()))
        }

        fn places(&self) -> String {
            self.0.to_owned()
        }
    }

    fn load(values: &'static [(&'static str, &'static str)]) -> Result<Settings, Problems> {
        Settings::load(&Fixed("there", values))
    }

    #[test]
    fn a_token_is_enough() {
        let settings = load(&[("DISCORD_TOKEN", TOKEN_TEXT)]).expect("is valid");
        assert_eq!(settings, Settings::with_token(TOKEN_TEXT));
        assert_eq!((settings.prefix.as_str(), settings.owner), ("!", None));
    }

    #[test]
    fn a_scheme_before_the_token_is_taken_off() {
        let settings = load(&[("DISCORD_TOKEN", " Bot MTIz.abc.def\n")]).expect("is valid");
        assert_eq!(settings.token.expose(), TOKEN_TEXT);
    }

    #[test]
    fn a_missing_token_names_file_and_variable() {
        let env = Layered(Fixed("the environment", &[]), Fixed("the file .env", &[]));
        let text = Settings::load(&env).expect_err("has no token").to_string();
        for part in ["DISCORD_TOKEN", "the file .env", "the environment", "not set"] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
    }

    #[test]
    fn an_empty_value_is_not_set_and_does_not_hide_the_file() {
        let env = Layered(
            Fixed("the environment", &[("DISCORD_TOKEN", " ")]),
            Fixed("the file .env", &[("DISCORD_TOKEN", TOKEN_TEXT)]),
        );
        let settings = Settings::load(&env).expect("the file has it");
        assert_eq!(settings.token.expose(), TOKEN_TEXT);
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let env = Layered(
            Fixed("the environment", &[("COGWRIGHT_PREFIX", "?")]),
            Fixed("the file .env", &[("DISCORD_TOKEN", TOKEN_TEXT), ("COGWRIGHT_PREFIX", "$")]),
        );
        assert_eq!(Settings::load(&env).expect("is valid").prefix, "?");
    }

    #[test]
    fn all_problems_come_at_once_and_show_no_secret() {
        let problems =
            load(&[("DISCORD_TOKEN", "hunter2 hunter2"), ("COGWRIGHT_PREFIX", "/"), ("BOT_OWNER_ID", "me")])
                .expect_err("is all wrong");
        let names: Vec<_> = problems.iter().map(|p| p.setting).collect();
        assert_eq!(names, ["DISCORD_TOKEN", "COGWRIGHT_PREFIX", "BOT_OWNER_ID"]);
        assert!(!problems.to_string().contains("hunter2"));
        for problem in problems.iter() {
            assert_eq!(problem.place, "there");
            assert!(!problem.what.is_empty() && !problem.remedy.is_empty());
        }
    }

    #[test]
    fn what_is_pasted_by_mistake_is_refused() {
        for raw in ["a.b", "a..c", "a.b.c.d", "0123456789abcdef0123456789abcdef"] {
            assert!(token(raw).is_err(), "{raw}");
        }
        assert!(token(&format!("a.b.{}", "c".repeat(300))).is_err());
    }

    #[test]
    fn prefixes() {
        for good in ["!", "?", "bot!", "ü"] {
            assert_eq!(prefix(good).as_deref(), Ok(good));
        }
        for bad in ["/", "<@1>", "a b", "12345678901"] {
            assert!(prefix(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn owners() {
        assert_eq!(owner("123456789012345678"), Ok(123_456_789_012_345_678));
        for bad in ["0", "-12345678901234567", "99999999999999999999", "@me"] {
            assert!(owner(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_log_filter_is_readable_without_a_token() {
        assert_eq!(Settings::log_filter(&Fixed("there", &[]), "warn"), "warn");
        let env = Fixed("there", &[("COGWRIGHT_LOG", " debug ")]);
        assert_eq!(Settings::log_filter(&env, "warn"), "debug");
        assert_eq!(Settings::log_filter(&Fixed("there", &[("COGWRIGHT_LOG", " ")]), "warn"), "warn");
    }
}
