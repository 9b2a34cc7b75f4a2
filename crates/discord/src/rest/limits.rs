//! How long requests may wait and how often they are repeated.

use std::time::{Duration, Instant};

/// What a request is for. Decides how long it may wait and whom it has to let pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Somebody waits for exactly this: follow-ups, edits of an answer, what a command fetches.
    /// The first answer to an interaction is recognised by itself and hurries even more.
    Interaction,
    /// The ordinary case.
    Normal,
    /// Work that may take its time and lets everything else pass.
    Bulk,
    /// The first answer to an interaction; set by the route, not by callers.
    #[doc(hidden)]
    Callback,
}

/// Bounds for waiting and retrying. All times are real time: they concern the line to Discord.
#[derive(Clone, Debug, PartialEq)]
pub struct RestLimits {
    /// Longest time from `send` to its end for the first answer to an interaction. Discord
    /// takes it for 3 s after the interaction was made.
    pub callback: Duration,
    /// The same for [`Priority::Interaction`].
    pub interaction: Duration,
    /// The same for [`Priority::Normal`].
    pub normal: Duration,
    /// The same for [`Priority::Bulk`].
    pub bulk: Duration,
    /// Longest time for one exchange: connect, send, receive the whole answer.
    pub exchange: Duration,
    /// How often a request is sent at most, counted from 1.
    pub attempts: u32,
    /// First pause before a retry that no header asks for; doubles each time, with jitter.
    pub pause: Duration,
    /// Requests per second in all, interaction endpoints apart. Discord allows 50.
    pub per_second: u32,
    /// Requests per second of [`Priority::Normal`] and [`Priority::Bulk`] together, at most; what is left of
    /// `per_second` is kept for people who wait.
    pub normal_per_second: u32,
    /// Requests per second of [`Priority::Bulk`], at most.
    pub bulk_per_second: u32,
    /// Requests that may be under way or waiting; beyond it they are refused. A quarter more is
    /// kept for interactions.
    pub max_pending: usize,
    /// How many refusals the bot may collect.
    pub invalid: InvalidLimits,
    /// Whether our own pace, the ceilings of `invalid` and the memory of refusals hold. What the server itself
    /// says is obeyed in any case. Only a server on the loopback interface goes without them: for any other,
    /// `false` is overruled with a warning.
    pub own_limits: bool,
}

/// Ceilings below Discord's budget of invalid requests (401, 403, and 429 other than shared): beyond 10,000 in
/// ten minutes the firewall bans the address. See Discord docs: Rate Limits / Invalid Request Limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidLimits {
    /// The time over which refusals are counted.
    pub window: Duration,
    /// What Discord allows within the window.
    pub allowed: u32,
    /// Beyond so many, [`Priority::Bulk`] is refused without being sent.
    pub bulk: u32,
    /// The same for [`Priority::Normal`].
    pub normal: u32,
    /// The same for everything else; nothing is sent beyond it.
    pub interaction: u32,
}

impl Default for InvalidLimits {
    fn default() -> Self {
        Self {
            window: Duration::from_mins(10),
            allowed: 10_000,
            bulk: 1_000,
            normal: 5_000,
            interaction: 7_500,
        }
    }
}

impl InvalidLimits {
    pub(crate) fn ceiling(&self, priority: Priority) -> u32 {
        match priority {
            Priority::Bulk => self.bulk,
            Priority::Normal => self.normal,
            Priority::Interaction | Priority::Callback => self.interaction,
        }
    }
}

impl Default for RestLimits {
    fn default() -> Self {
        Self {
            callback: Duration::from_millis(2_800),
            interaction: Duration::from_secs(20),
            normal: Duration::from_secs(60),
            bulk: Duration::from_mins(10),
            exchange: Duration::from_secs(15),
            attempts: 5,
            pause: Duration::from_millis(250),
            per_second: 48,
            normal_per_second: 40,
            bulk_per_second: 20,
            max_pending: 4_096,
            invalid: InvalidLimits::default(),
            own_limits: true,
        }
    }
}

impl RestLimits {
    pub(crate) fn total(&self, priority: Priority) -> Duration {
        match priority {
            Priority::Callback => self.callback,
            Priority::Interaction => self.interaction,
            Priority::Normal => self.normal,
            Priority::Bulk => self.bulk,
        }
    }

    pub(crate) fn exchange(&self, deadline: Instant) -> Duration {
        let left = deadline.saturating_duration_since(Instant::now());
        // Uploads that were held up by a limit still get a moment.
        self.exchange.min(left.max(Duration::from_millis(500)))
    }

    pub(crate) fn pending(&self, priority: Priority) -> usize {
        match priority {
            Priority::Callback | Priority::Interaction => self.max_pending + self.max_pending / 4,
            Priority::Normal | Priority::Bulk => self.max_pending,
        }
    }
}
