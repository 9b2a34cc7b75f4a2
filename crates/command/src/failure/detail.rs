//! What failed, in words for whoever runs the bot: for logs and traces.

use super::Failure;
use super::argument::bad_argument;
use super::names::plain_permission_names as names;
use super::render::quote;

impl Failure {
    /// What happened, without its [`label`](Self::label).
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::Unknown => "there is no such command any more".to_owned(),
            Self::Disabled => "it is switched off".to_owned(),
            Self::AdultsOnly => "it is for age-restricted channels, and this is none".to_owned(),
            Self::GuildOnly => "it was called in direct messages and only works in a server".to_owned(),
            Self::OwnerOnly(access) => format!("it is kept to the {}", access.label()),
            Self::RoleRule(roles) => {
                let ids: Vec<_> = roles.iter().map(ToString::to_string).collect();
                format!("it takes one of these roles, and the caller has none: {}", ids.join(", "))
            }
            Self::MissingPermission(lacking) => format!("the caller lacks {}", names(*lacking)),
            Self::BotMissingPermission(lacking) => format!("the bot lacks {}", names(*lacking)),
            Self::MissingArgument { option } => format!("{option} was left out"),
            Self::BadArgument { option, given, reason } => {
                let given = given.as_deref().map(|given| format!(", given as {}", quote(given)));
                format!("{option}{}: {}", given.unwrap_or_default(), bad_argument(reason))
            }
            Self::ExtraArgument { given } => format!("nothing takes {}", quote(given)),
            Self::Concurrency(bound) => {
                format!("it ran {} times already, its bound per {}", bound.max, bound.scope.label())
            }
            Self::Cooldown { scope, left } => {
                format!("{:.1} s are left of its cooldown per {}", left.as_secs_f64(), scope.label())
            }
            Self::Busy => "too many calls were waiting or running".to_owned(),
            Self::Refused(text) | Self::Panicked(text) => text.clone(),
            Self::Expired => "the interaction was over before it could be answered".to_owned(),
            Self::Superseded => "the message that called was edited and has run again".to_owned(),
            Self::Discord(error) => error.to_string(),
            Self::Denied(denied) => denied.to_string(),
            Self::Internal(error) => error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use twilight_model::id::Id;

    use super::*;
    use crate::failure::BadArgument;
    use crate::spec::OptionKind;

    #[test]
    fn a_log_says_what_was_given_and_what_is_wrong_with_it() {
        let reason = BadArgument::WrongKind(OptionKind::Integer);
        let bad = Failure::BadArgument { option: "times".into(), given: Some("a`b\n".repeat(40)), reason };
        let text = bad.to_string();
        assert!(text.starts_with("bad_argument: times, given as `ab ab "), "{text}");
        assert!(text.ends_with("…`: I need a whole number here.") && text.len() < 140, "{text}");
        let roles = Failure::RoleRule(vec![Id::new(5), Id::new(6)]).to_string();
        assert!(roles.ends_with("and the caller has none: 5, 6"), "{roles}");
        assert!(Failure::GuildOnly.to_string().starts_with("guild_only: it was called in direct messages"));
    }
}
