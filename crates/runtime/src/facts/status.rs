//! What statuses show, and where they are shown.

use cogwright_cog_status::{Facts as StatusFacts, Stage as StatusStage};
use cogwright_config::{Activity, Presence, StatusEntry};
use twilight_model::gateway::payload::outgoing::update_presence::UpdatePresencePayload;
use twilight_model::gateway::presence::{ActivityType, MinimalActivity, Status};

use super::Facts;

impl StatusStage for Facts {
    fn facts(&self) -> StatusFacts {
        StatusFacts {
            guilds: self.cache.guild_count() as u64,
            users: self.cache.member_count(),
            commands: self.live().map_or(0, |live| {
                live.dispatcher.catalog().commands().iter().filter(|spec| !spec.hidden).count() as u64
            }),
            shards: self.live().map_or(0, |live| u64::from(live.latencies.shards())),
            uptime: self.uptime(),
        }
    }

    fn show(&self, shown: StatusEntry) {
        let Some(live) = self.live() else { return };
        match presence(&shown) {
            Ok(presence) => live.presences.set(&presence),
            Err(error) => tracing::warn!(%error, "a status cannot be shown"),
        }
    }
}

/// See Discord docs: Gateway Events / Update Presence, Activity Object.
fn presence(shown: &StatusEntry) -> Result<UpdatePresencePayload, impl std::error::Error + use<>> {
    let kind = match shown.kind {
        Activity::Playing => ActivityType::Playing,
        Activity::Watching => ActivityType::Watching,
        Activity::Listening => ActivityType::Listening,
        Activity::Competing => ActivityType::Competing,
        Activity::Streaming => ActivityType::Streaming,
        Activity::Custom => ActivityType::Custom,
    };
    let status = match shown.presence {
        Presence::Online => Status::Online,
        Presence::Dnd => Status::DoNotDisturb,
        Presence::Idle => Status::Idle,
        Presence::Invisible => Status::Invisible,
    };
    let mut activity: twilight_model::gateway::presence::Activity =
        MinimalActivity { kind, name: shown.text.clone(), url: None }.into();
    if shown.kind == Activity::Custom {
        // A custom status shows its state; the name is only there because it has to be.
        activity.name = "Custom Status".into();
        activity.state = Some(shown.text.clone());
    }
    UpdatePresencePayload::new([activity], false, None, status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_status_is_in_the_state() {
        let shown = |kind| StatusEntry { kind, text: "3 servers".to_owned(), presence: Presence::Idle };
        let watching = presence(&shown(Activity::Watching)).unwrap();
        assert_eq!((watching.activities[0].name.as_str(), watching.status), ("3 servers", Status::Idle));
        let custom = presence(&shown(Activity::Custom)).unwrap();
        assert_eq!(custom.activities[0].state.as_deref(), Some("3 servers"));
    }
}
