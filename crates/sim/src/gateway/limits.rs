//! What gateway connections may do how often: commands in a minute, identifies at once, session starts in a day,
//! full member lists. See Discord docs: Gateway / Rate Limiting and Sessions.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use cogwright_sim_world::{Application, ApplicationId, GuildId, Timestamp};
use serde_json::{Value, json};

/// Commands that a connection may send in [`COMMAND_WINDOW`] of line time.
const COMMANDS: usize = 120;
const COMMAND_WINDOW: Duration = Duration::from_secs(60);
/// Line time in which one identify for each rate-limit key is taken.
const IDENTIFY_WINDOW: Duration = Duration::from_secs(5);
/// World time over which session starts are counted, from the first of them.
const START_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);
/// Line time between two full member lists of one guild.
const LIST_WINDOW: Duration = Duration::from_secs(30);

/// The last commands of one connection; at most [`COMMANDS`] are remembered.
#[derive(Debug, Default)]
pub(crate) struct CommandBudget(VecDeque<Duration>);

impl CommandBudget {
    /// Counts a command; `false` when it is one too many.
    pub(crate) fn take(&mut self, line: Duration) -> bool {
        while self.0.front().is_some_and(|at| line.saturating_sub(*at) >= COMMAND_WINDOW) {
            self.0.pop_front();
        }
        if self.0.len() >= COMMANDS {
            return false;
        }
        self.0.push_back(line);
        true
    }
}

/// Session starts since `from`.
#[derive(Clone, Copy, Debug)]
struct Starts {
    from: Timestamp,
    used: u32,
}

/// The limits that outlast a connection. Entries whose window has passed are dropped at the next look.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    identifies: HashMap<(ApplicationId, u32), Duration>,
    starts: HashMap<ApplicationId, Starts>,
    lists: HashMap<(ApplicationId, GuildId), Duration>,
}

impl Limits {
    /// Takes the slot of `shard_id % max_concurrency`; `false` when it was taken less than 5 s ago.
    pub(crate) fn identify(&mut self, application: &Application, shard: u32, line: Duration) -> bool {
        self.identifies.retain(|_, at| line.saturating_sub(*at) < IDENTIFY_WINDOW);
        let key = (application.id, shard % application.max_concurrency.max(1));
        if self.identifies.contains_key(&key) {
            return false;
        }
        self.identifies.insert(key, line);
        true
    }

    /// Counts a session start; `false` when none is left today.
    pub(crate) fn start(&mut self, application: &Application, now: Timestamp) -> bool {
        self.starts.retain(|_, s| now.since(s.from) < START_WINDOW);
        let starts = self.starts.entry(application.id).or_insert(Starts { from: now, used: 0 });
        if starts.used >= application.session_starts {
            return false;
        }
        starts.used += 1;
        true
    }

    /// `session_start_limit` of GET /gateway/bot; `reset_after` in ms of world time.
    pub(crate) fn session_start_limit(&self, application: &Application, now: Timestamp) -> Value {
        let current = self.starts.get(&application.id).filter(|s| now.since(s.from) < START_WINDOW);
        let used = current.map_or(0, |s| s.used);
        let reset_after = current.map_or(Duration::ZERO, |s| START_WINDOW.saturating_sub(now.since(s.from)));
        json!({
            "total": application.session_starts,
            "remaining": application.session_starts.saturating_sub(used),
            "reset_after": reset_after.as_millis() as u64,
            "max_concurrency": application.max_concurrency.max(1),
        })
    }

    /// Counts a full member list; the time to wait when one was sent less than 30 s ago.
    pub(crate) fn full_list(
        &mut self,
        key: (ApplicationId, GuildId),
        line: Duration,
    ) -> Result<(), Duration> {
        self.lists.retain(|_, at| line.saturating_sub(*at) < LIST_WINDOW);
        if let Some(at) = self.lists.get(&key) {
            return Err(LIST_WINDOW.saturating_sub(line.saturating_sub(*at)));
        }
        self.lists.insert(key, line);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_121st_command_of_a_minute_is_one_too_many() {
        let mut budget = CommandBudget::default();
        let second = Duration::from_secs(1);
        assert!((0..120).all(|_| budget.take(second)));
        assert!(!budget.take(second * 60));
        assert!(budget.take(second * 61), "the window has passed");
    }

    #[test]
    fn a_full_list_waits_for_thirty_seconds_of_line_time() {
        let mut limits = Limits::default();
        let key = (ApplicationId::new(1), GuildId::new(2));
        let second = Duration::from_secs(1);
        assert_eq!(limits.full_list(key, second), Ok(()));
        assert_eq!(limits.full_list((key.0, GuildId::new(3)), second), Ok(()));
        assert_eq!(limits.full_list(key, second * 11), Err(second * 20));
        assert_eq!(limits.full_list(key, second * 31), Ok(()));
    }
}
