//! The ids a newcomer needs first, read off any world: the ready line of `cogwright sim` shows them.

use crate::{ChannelKind, DefaultIds, World};

impl World {
    /// The oldest application that is in a guild, that guild, its first text channel and its owner. `None` if the
    /// world has no such application.
    pub fn default_ids(&self) -> Option<DefaultIds> {
        self.applications().find_map(|application| {
            let guild = self.guilds_of(application.id.into()).next()?;
            let channels = guild.channels.iter().filter_map(|id| self.channel(*id).ok());
            // The system channel is where a newcomer is greeted; else the topmost text channel.
            let text = channels.filter(|c| c.kind == ChannelKind::Text);
            let first = text.min_by_key(|c| (Some(c.id) != guild.system_channel, c.position, c.id))?;
            Some(DefaultIds {
                application: application.id,
                token: application.token.clone(),
                guild: guild.id,
                channel: first.id,
                user: guild.owner,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{Timestamp, World};

    #[test]
    fn they_are_those_of_the_default_world() {
        let (world, ids) =
            World::default_world("http://127.0.0.1/cdn", Timestamp::from_ms(1_792_000_000_000));
        let found = world.default_ids().unwrap();
        assert_eq!((found.application, found.guild, found.user), (ids.application, ids.guild, ids.user));
        assert_eq!((found.channel, found.token), (ids.channel, ids.token));
        assert!(World::new("").default_ids().is_none());
    }
}
