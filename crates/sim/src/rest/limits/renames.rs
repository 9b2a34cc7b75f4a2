//! A channel's name and topic can be changed twice in ten minutes of world time, whatever its bucket says:
//! the 429 arrives with requests remaining. Discord does not document it; bots know it well.

use std::{collections::HashMap, time::Duration};

use cogwright_sim_world::{ChannelId, Timestamp};

const LIMIT: usize = 2;
const PER: Duration = Duration::from_secs(600);
/// Channels remembered at the most; beyond it the oldest change is forgotten.
const MAX_CHANNELS: usize = 2_000;

/// The latest changes of each channel.
#[derive(Debug, Default)]
pub(super) struct Renames(HashMap<ChannelId, Vec<Timestamp>>);

impl Renames {
    pub(super) fn wait(&self, channel: ChannelId, now: Timestamp) -> Option<Duration> {
        let recent: Vec<Timestamp> =
            self.0.get(&channel)?.iter().copied().filter(|t| now.since(*t) < PER).collect();
        let first = *recent.get(recent.len().checked_sub(LIMIT)?)?;
        Some(first.plus(PER).since(now))
    }

    pub(super) fn add(&mut self, channel: ChannelId, now: Timestamp) {
        if self.0.len() >= MAX_CHANNELS {
            self.0.retain(|_, list| list.last().is_some_and(|t| now.since(*t) < PER));
        }
        if self.0.len() >= MAX_CHANNELS {
            let oldest = self.0.iter().min_by_key(|(_, list)| list.last().copied()).map(|(c, _)| *c);
            oldest.and_then(|c| self.0.remove(&c));
        }
        let list = self.0.entry(channel).or_default();
        list.retain(|t| now.since(*t) < PER);
        list.push(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_rename_waits_for_the_first_to_be_ten_minutes_old() {
        let mut renames = Renames::default();
        let channel = ChannelId::new(1);
        let at = |s: u64| Timestamp::from_ms(1_792_000_000_000 + s * 1_000);
        assert_eq!(renames.wait(channel, at(0)), None);
        renames.add(channel, at(0));
        renames.add(channel, at(60));
        assert_eq!(renames.wait(channel, at(100)), Some(Duration::from_secs(500)));
        assert_eq!(renames.wait(ChannelId::new(2), at(100)), None);
        assert_eq!(renames.wait(channel, at(600)), None);
        renames.add(channel, at(600));
        assert_eq!(renames.wait(channel, at(601)), Some(Duration::from_secs(59)));
        for n in 0..3_000 {
            renames.add(ChannelId::new(10 + n), at(700));
        }
        assert!(renames.0.len() <= MAX_CHANNELS);
    }
}
