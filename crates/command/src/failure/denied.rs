//! Refusals for want of a permission or rank, explained as far as the bot's own knowledge reaches.

use std::fmt;
use std::fmt::Write as _;

use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::names::permission_names;
use crate::directory::{Above, Cause, Directory, Needs, Standing};
use crate::wire::WireError;

/// Most missing permissions that are explained; more would be a wall.
const LISTED: usize = 8;

/// A refusal of Discord's, what the command wanted and what stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// What Discord said.
    pub error: WireError,
    /// What the command wanted.
    pub needs: Needs,
    /// What stands in the way; empty when nothing is known to.
    pub standing: Standing,
}

impl Denied {
    /// Finds out what stands in the way, as far as `directory` knows.
    pub(crate) fn of(
        error: WireError,
        needs: Needs,
        guild: Id<GuildMarker>,
        directory: &dyn Directory,
    ) -> Self {
        let unseen = needs.channel.filter(|_| error.is_unseen()).map(Standing::hidden);
        let standing = directory.standing(guild, &needs).or(unseen).unwrap_or_default();
        Self { error, needs, standing }
    }
}

/// For logs.
impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.error)?;
        match describe(&self.standing) {
            Some(text) => write!(f, " ({})", text.replace('\n', " ").replace("**", "")),
            None => write!(f, " (as far as is known the bot may do it)"),
        }
    }
}

/// What stands in the way, in sentences; `None` when nothing is known to. Roles and channels are written as mentions,
/// which show their names and, as every reply does, ping nobody.
pub(crate) fn describe(standing: &Standing) -> Option<String> {
    let mut text = String::new();
    for lack in standing.lacking.iter().take(LISTED) {
        let name = permission_names(lack.permission);
        let _ = match &lack.cause {
            Cause::NoRole => writeln!(text, "I need {name}, which none of my roles has."),
            Cause::DeniedToEveryone(channel) => {
                writeln!(text, "I need {name}, which <#{channel}> denies to everyone.")
            }
            Cause::DeniedToRole(channel, role) => {
                writeln!(text, "I need {name}, which <#{channel}> denies to my role <@&{role}>.")
            }
            Cause::DeniedToBot(channel) => writeln!(text, "I need {name}, which <#{channel}> denies to me."),
            Cause::Follows(other) => {
                writeln!(text, "I need {name}, which does not count without {}.", permission_names(*other))
            }
            Cause::Hidden(channel) => {
                writeln!(text, "I need {name} in <#{channel}>, of which Discord tells me nothing.")
            }
            Cause::TimedOut => writeln!(text, "I need {name}, but I am timed out."),
        };
    }
    let _ = match &standing.above {
        None => Ok(()),
        Some(Above::Owner) => writeln!(text, "Nobody can do that to the owner of the server."),
        Some(Above::Role { theirs, own }) => {
            writeln!(
                text,
                "The role <@&{theirs}> is not below my highest one, <@&{own}>. Move mine above it."
            )
        }
        Some(Above::Managed(role)) => {
            writeln!(text, "The role <@&{role}> belongs to an integration and cannot be given by hand.")
        }
    };
    let text = text.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use twilight_model::guild::Permissions;
    use twilight_model::id::Id;

    use super::*;
    use crate::directory::Lack;

    #[test]
    fn every_obstacle_reads_well() {
        let lack = |permission, cause| Lack { permission, cause };
        let lacking = vec![
            lack(Permissions::BAN_MEMBERS, Cause::NoRole),
            lack(Permissions::SEND_MESSAGES, Cause::DeniedToEveryone(Id::new(1))),
            lack(Permissions::EMBED_LINKS, Cause::Follows(Permissions::SEND_MESSAGES)),
            lack(Permissions::ADD_REACTIONS, Cause::DeniedToRole(Id::new(1), Id::new(2))),
            lack(Permissions::MANAGE_MESSAGES, Cause::DeniedToBot(Id::new(1))),
            lack(Permissions::CONNECT, Cause::TimedOut),
            lack(Permissions::VIEW_CHANNEL, Cause::Hidden(Id::new(1))),
        ];
        let above =
            [Above::Owner, Above::Role { theirs: Id::new(3), own: Id::new(4) }, Above::Managed(Id::new(3))];
        let mut texts = vec![describe(&Standing { lacking, above: None }).unwrap()];
        texts.extend(above.map(|above| describe(&Standing { lacking: vec![], above: Some(above) }).unwrap()));
        insta::assert_snapshot!(texts.join("\n"));
        assert_eq!(describe(&Standing::default()), None);
    }
}
