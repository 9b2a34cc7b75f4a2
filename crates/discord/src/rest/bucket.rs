//! What Discord has told about the limit of each route, so that it need not refuse.
//!
//! See Discord docs: Rate Limits / Header Format. Several routes may share a bucket; the headers
//! name it, and within a bucket every top-level resource counts by itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::error::RestError;
use super::limits::Priority;
use super::route::Route;
use super::wire::Answer;

/// Limits remembered at once. Those that are full again are forgotten first; beyond that all
/// are, except those with a request under way.
const MAX_BUCKETS: usize = 8_192;

/// Routes whose bucket name is remembered. Discord has about 250.
const MAX_ROUTES: usize = 1_024;

/// Two reset times that are closer than this mean the same window.
const SAME_WINDOW: Duration = Duration::from_millis(250);

#[derive(Debug, Default)]
pub(crate) struct Buckets {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Bucket name by route template.
    names: HashMap<String, String>,
    /// By bucket name, or by template while the name is unknown, and by top-level resource.
    buckets: HashMap<(String, String), Arc<Bucket>>,
}

#[derive(Debug, Default)]
struct Bucket {
    state: Mutex<State>,
    /// Told whenever a place may have become free.
    change: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Whether an answer has come already. Before it, one request at a time: it tells the limit.
    probed: bool,
    /// `None`: Discord named no limit.
    limit: Option<u32>,
    remaining: u32,
    reset_at: Option<Instant>,
    /// A 429 said so.
    blocked_until: Option<Instant>,
    in_flight: u32,
    /// How many of each rank wait for a place; see [`rank`].
    waiting: [u32; RANKS],
    /// Turned out to be the same as another bucket, which is to be used instead.
    merged: bool,
}

/// Kinds of priority that compete for a place.
const RANKS: usize = 3;

/// Who goes first; the lowest does.
fn rank(priority: Priority) -> usize {
    match priority {
        Priority::Callback | Priority::Interaction => 0,
        Priority::Normal => 1,
        Priority::Bulk => 2,
    }
}

/// Counts a request among those that wait for a place for as long as it lives.
#[derive(Debug)]
struct Waiting {
    bucket: Arc<Bucket>,
    rank: usize,
}

impl Waiting {
    fn new(bucket: &Arc<Bucket>, rank: usize) -> Self {
        bucket.state().waiting[rank] += 1;
        Self { bucket: Arc::clone(bucket), rank }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.bucket.state().waiting[self.rank] -= 1;
        // Whoever let this one pass may go now.
        self.bucket.change.notify_waiters();
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Take {
    Taken,
    /// Free again at that time, or earlier when a request under way ends.
    At(Instant),
    /// Free when a request under way ends.
    Wait,
    Merged,
}

impl State {
    fn take(&mut self, now: Instant, rank: usize) -> Take {
        if self.merged {
            return Take::Merged;
        }
        if let Some(until) = self.blocked_until {
            if now < until {
                return Take::At(until);
            }
            self.blocked_until = None;
        }
        // Each of those who go first has a place before this one.
        let ahead: u32 = self.waiting[..rank].iter().sum();
        let free = if !self.probed {
            self.in_flight == 0 && ahead == 0
        } else if let Some(limit) = self.limit {
            if self.reset_at.is_some_and(|at| now >= at) {
                self.reset_at = None;
                self.remaining = limit;
            }
            self.remaining > self.in_flight + ahead
        } else {
            true
        };
        if free {
            self.in_flight += 1;
            Take::Taken
        } else {
            self.reset_at.map_or(Take::Wait, Take::At)
        }
    }

    fn learn(&mut self, answer: &Answer, now: Instant) {
        self.probed = true;
        let number = |name| answer.header(name)?.parse::<u32>().ok();
        let limit = number("x-ratelimit-limit");
        let remaining = number("x-ratelimit-remaining");
        let reset = answer.seconds("x-ratelimit-reset-after");
        if let (Some(limit), Some(remaining), Some(reset)) = (limit, remaining, reset) {
            let reset_at = now + reset;
            let same = self.reset_at.is_some_and(|old| old + SAME_WINDOW > reset_at);
            // Answers may overtake each other; within a window the lowest count is the latest.
            self.remaining = if same { remaining.min(self.remaining) } else { remaining };
            self.limit = Some(limit.max(1));
            self.reset_at = Some(self.reset_at.map_or(reset_at, |old| old.max(reset_at)));
        }
        let refused = answer.wait().filter(|_| answer.global_limit().is_none());
        // A 429 although something remains is about one field of the body (a channel's name
        // thrice in ten minutes); other requests on the route still pass.
        if let (Some(wait), None | Some(0)) = (refused, remaining) {
            let until = now + wait;
            self.blocked_until = self.blocked_until.max(Some(until));
        }
    }

    fn is_idle(&self, now: Instant) -> bool {
        self.in_flight == 0
            && self.reset_at.is_none_or(|at| now >= at)
            && self.blocked_until.is_none_or(|until| now >= until)
    }
}

impl Bucket {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to send one request; given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    buckets: &'a Buckets,
    route: &'a Route,
    bucket: Option<Arc<Bucket>>,
}

impl Permit<'_> {
    /// Takes note of the headers of the answer.
    pub(crate) fn settle(self, answer: &Answer) {
        if let Some(bucket) = &self.bucket {
            bucket.state().learn(answer, Instant::now());
            if let Some(name) = answer.header("x-ratelimit-bucket") {
                self.buckets.name(self.route, name, bucket, answer);
            }
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if let Some(bucket) = &self.bucket {
            bucket.state().in_flight -= 1;
            bucket.change.notify_waiters();
        }
    }
}

impl Buckets {
    /// Waits until the route's limit, as far as it is known, allows one more request.
    ///
    /// # Errors
    /// [`RestError::Limited`] at once when that is only after `deadline`, or at `deadline` when
    /// no request under way has ended by then.
    pub(crate) async fn acquire<'a>(
        &'a self,
        route: &'a Route,
        priority: Priority,
        deadline: Instant,
    ) -> Result<Permit<'a>, RestError> {
        if route.is_interaction_callback() {
            // Every one has a path of its own, used once; there is nothing to remember.
            return Ok(Permit { buckets: self, route, bucket: None });
        }
        let rank = rank(priority);
        let mut waiting: Option<Waiting> = None;
        loop {
            let bucket = self.bucket(route);
            if waiting.as_ref().is_some_and(|waiting| !Arc::ptr_eq(&waiting.bucket, &bucket)) {
                waiting = None;
            }
            let change = bucket.change.notified();
            tokio::pin!(change);
            change.as_mut().enable();
            let now = Instant::now();
            let taken = bucket.state().take(now, rank);
            let until = match taken {
                Take::Taken => {
                    return Ok(Permit { buckets: self, route, bucket: Some(Arc::clone(&bucket)) });
                }
                Take::Merged => continue,
                Take::At(at) if at > deadline => {
                    return Err(RestError::Limited { retry_after: at - now, global: false });
                }
                Take::At(at) => at,
                Take::Wait if now >= deadline => {
                    return Err(RestError::Limited { retry_after: Duration::from_secs(1), global: false });
                }
                Take::Wait => deadline,
            };
            waiting.get_or_insert_with(|| Waiting::new(&bucket, rank));
            tokio::select! {
                () = change => {}
                () = tokio::time::sleep_until(until.into()) => {}
            }
        }
    }

    fn bucket(&self, route: &Route) -> Arc<Bucket> {
        let mut known = self.known();
        let name = known.names.get(route.template());
        let name = name.map_or(route.template(), String::as_str).to_owned();
        let key = (name, route.major().to_owned());
        if let Some(bucket) = known.buckets.get(&key) {
            return Arc::clone(bucket);
        }
        known.make_room();
        let bucket = Arc::new(Bucket::default());
        known.buckets.insert(key, Arc::clone(&bucket));
        bucket
    }

    /// Discord has named the bucket of a route.
    fn name(&self, route: &Route, name: &str, bucket: &Arc<Bucket>, answer: &Answer) {
        let mut known = self.known();
        if known.names.get(route.template()).is_some_and(|old| old == name) {
            return;
        }
        if known.names.len() >= MAX_ROUTES {
            known.names.clear();
        }
        let template = route.template().to_owned();
        let old = known.names.insert(template.clone(), name.to_owned());
        let old_key = (old.unwrap_or(template), route.major().to_owned());
        known.buckets.remove(&old_key);
        let key = (name.to_owned(), route.major().to_owned());
        match known.buckets.get(&key) {
            Some(existing) if !Arc::ptr_eq(existing, bucket) => {
                existing.state().learn(answer, Instant::now());
                existing.change.notify_waiters();
                bucket.state().merged = true;
            }
            _ => {
                known.buckets.insert(key, Arc::clone(bucket));
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn make_room(&mut self) {
        if self.buckets.len() < MAX_BUCKETS {
            return;
        }
        let now = Instant::now();
        self.buckets.retain(|_, bucket| !bucket.state().is_idle(now));
        if self.buckets.len() >= MAX_BUCKETS {
            self.buckets.retain(|_, bucket| bucket.state().in_flight > 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, StatusCode};
    use twilight_http::request::Method;

    fn answer(status: u16, headers: &[(&'static str, &'static str)]) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        Answer {
            status: StatusCode::from_u16(status).expect("is a status"),
            headers: map,
            body: Bytes::new(),
        }
    }

    fn limits(remaining: &'static str, reset: &'static str) -> Answer {
        answer(
            200,
            &[
                ("x-ratelimit-limit", "3"),
                ("x-ratelimit-remaining", remaining),
                ("x-ratelimit-reset-after", reset),
                ("x-ratelimit-bucket", "abc"),
            ],
        )
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(200)
    }

    fn route(path: &str) -> Route {
        Route::of(Method::Post, path)
    }

    async fn is_free(buckets: &Buckets, route: &Route) -> bool {
        buckets.acquire(route, Priority::Normal, soon()).await.is_ok()
    }

    #[test]
    fn the_first_request_goes_alone_and_tells_the_limit() {
        let mut state = State::default();
        let now = Instant::now();
        assert_eq!(state.take(now, 0), Take::Taken);
        assert_eq!(state.take(now, 0), Take::Wait);
        state.learn(&limits("2", "1.0"), now);
        state.in_flight -= 1;
        assert_eq!(state.take(now, 0), Take::Taken);
        assert_eq!(state.take(now, 0), Take::Taken);
        let reset = now + Duration::from_secs(1);
        assert_eq!(state.take(now, 0), Take::At(reset));
        state.in_flight = 0;
        assert_eq!(state.take(reset, 0), Take::Taken);
    }

    #[test]
    fn without_headers_there_is_no_limit() {
        let mut state = State::default();
        let now = Instant::now();
        state.learn(&answer(204, &[]), now);
        for _ in 0..100 {
            assert_eq!(state.take(now, 0), Take::Taken);
        }
    }

    #[test]
    fn answers_that_overtake_each_other_do_not_raise_the_count() {
        let mut state = State::default();
        let now = Instant::now();
        state.learn(&limits("0", "1.0"), now);
        state.learn(&limits("2", "1.0"), now);
        assert_eq!(state.remaining, 0);
        state.learn(&limits("2", "3.0"), now);
        assert_eq!(state.remaining, 2, "a new window has begun");
    }

    #[test]
    fn a_refusal_blocks_unless_something_remains() {
        let now = Instant::now();
        let mut state = State::default();
        state.learn(&answer(429, &[("retry-after", "2"), ("via", "1.1 x")]), now);
        let Take::At(until) = state.take(now, 0) else {
            // Without a body and with Via it is still a limit of this route.
            panic!("is not blocked");
        };
        assert_eq!(until, now + Duration::from_secs(2));

        let mut state = State::default();
        let sub = [
            ("retry-after", "600"),
            ("via", "1.1 x"),
            ("x-ratelimit-limit", "5"),
            ("x-ratelimit-remaining", "3"),
            ("x-ratelimit-reset-after", "1"),
        ];
        state.learn(&answer(429, &sub), now);
        assert_eq!(state.take(now, 0), Take::Taken);
    }

    #[tokio::test]
    async fn routes_of_one_bucket_share_it() {
        let buckets = Buckets::default();
        let a = route("channels/111111111111111111/messages");
        let b = route("channels/111111111111111111/typing");
        let other = route("channels/222222222222222222/messages");
        for route in [&a, &b] {
            let permit = buckets.acquire(route, Priority::Normal, soon()).await.expect("is free");
            permit.settle(&limits("1", "60"));
        }
        let permit = buckets.acquire(&a, Priority::Normal, soon()).await.expect("one is left");
        permit.settle(&limits("0", "60"));
        assert!(!is_free(&buckets, &a).await);
        assert!(!is_free(&buckets, &b).await, "shares the bucket");
        assert!(is_free(&buckets, &other).await, "is another channel");
    }

    #[tokio::test]
    async fn a_place_that_is_given_back_is_taken_by_who_waits() {
        let buckets = Buckets::default();
        let route = route("channels/111111111111111111/messages");
        let first = buckets.acquire(&route, Priority::Normal, soon()).await.expect("is free");
        let deadline = Instant::now() + Duration::from_secs(10);
        let waiting = buckets.acquire(&route, Priority::Normal, deadline);
        tokio::pin!(waiting);
        assert!(futures_util::poll!(&mut waiting).is_pending());
        first.settle(&answer(204, &[]));
        assert!(waiting.await.is_ok());
    }

    #[tokio::test]
    async fn a_free_place_goes_to_who_is_most_in_a_hurry() {
        let buckets = Buckets::default();
        let route = route("channels/111111111111111111/messages");
        let far = Instant::now() + Duration::from_secs(10);
        let first = buckets.acquire(&route, Priority::Bulk, far).await.expect("is free");
        let bulk = buckets.acquire(&route, Priority::Bulk, far);
        let reply = buckets.acquire(&route, Priority::Interaction, far);
        tokio::pin!(bulk, reply);
        assert!(futures_util::poll!(&mut bulk).is_pending());
        assert!(futures_util::poll!(&mut reply).is_pending());
        first.settle(&limits("1", "0.3"));
        assert!(futures_util::poll!(&mut bulk).is_pending(), "came first, but lets the reply pass");
        let reply = reply.await.expect("has the one place");
        reply.settle(&limits("0", "0.3"));
        bulk.await.expect("comes with the next window");
    }

    #[tokio::test]
    async fn who_gives_up_waiting_lets_others_pass() {
        let buckets = Buckets::default();
        let route = route("channels/111111111111111111/messages");
        let far = Instant::now() + Duration::from_secs(10);
        let first = buckets.acquire(&route, Priority::Bulk, far).await.expect("is free");
        {
            let reply = buckets.acquire(&route, Priority::Interaction, far);
            tokio::pin!(reply);
            assert!(futures_util::poll!(&mut reply).is_pending());
        }
        first.settle(&limits("1", "60"));
        buckets.acquire(&route, Priority::Bulk, far).await.expect("nobody else waits");
    }

    #[test]
    fn the_memory_is_bounded() {
        let buckets = Buckets::default();
        for index in 0..3 * MAX_BUCKETS as u64 {
            let id = 111_111_111_111_111_111 + index;
            let bucket = buckets.bucket(&route(&format!("channels/{id}/messages")));
            if index % 2 == 0 {
                bucket.state().learn(&limits("0", "60"), Instant::now());
            }
        }
        assert!(buckets.known().buckets.len() <= MAX_BUCKETS);
    }
}
