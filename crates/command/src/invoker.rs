//! Who called a command or used a component.

use twilight_model::application::interaction::Interaction;
use twilight_model::channel::Message;
use twilight_model::guild::{PartialMember, Permissions};
use twilight_model::id::Id;
use twilight_model::id::marker::{RoleMarker, UserMarker};
use twilight_model::user::User as WireUser;
use twilight_model::util::ImageHash;

/// The person who called a command or used a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoker {
    /// Their id.
    pub id: Id<UserMarker>,
    /// The unique user name.
    pub name: String,
    /// The name to show: nickname, else display name, else user name.
    pub display_name: String,
    /// Their roles, empty in direct messages.
    pub roles: Vec<Id<RoleMarker>>,
    /// Their picture of everywhere, if they have one; see [`Ctx::invoker_picture`](crate::Ctx::invoker_picture).
    pub avatar: Option<ImageHash>,
    /// Their permissions in the channel as Discord sent them, which it does with interactions.
    pub permissions: Option<Permissions>,
}

impl Invoker {
    fn new(user: &WireUser, member: Option<&PartialMember>) -> Self {
        let nick = member.and_then(|member| member.nick.as_deref());
        Self {
            id: user.id,
            name: user.name.clone(),
            display_name: nick.or(user.global_name.as_deref()).unwrap_or(&user.name).to_owned(),
            roles: member.map(|member| member.roles.clone()).unwrap_or_default(),
            avatar: user.avatar,
            permissions: member.and_then(|member| member.permissions),
        }
    }

    /// The author of a message.
    pub(crate) fn of_message(message: &Message) -> Self {
        Self::new(&message.author, message.member.as_ref())
    }

    /// Who caused an interaction; `None` for the pings that never arrive over a gateway.
    pub(crate) fn of_interaction(interaction: &Interaction) -> Option<Self> {
        let user = interaction.author()?;
        Some(Self::new(user, interaction.member.as_ref()))
    }

    /// The text that shows as a mention. It notifies only if the reply allows it.
    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }
}
