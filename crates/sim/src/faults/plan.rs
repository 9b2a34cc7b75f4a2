//! The plan: faults in the order they were added, which of them strikes next, and how often each has.
//!
//! Pure: it is told what is about to happen and answers what goes wrong; who asks does it.

use std::{
    collections::{BTreeMap, VecDeque},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::Duration,
};

use cogwright_sim_world::{ApplicationId, GuildId, Timestamp};
use serde::Serialize;

use super::{
    ban::Bans,
    chaos::Dice,
    matching::{Moment, RestCall, is_life},
    spec::{FaultError, FaultKind, FaultMatch, FaultSpec, LimitScope, MAX_LATENCY_MS},
};

/// Faults at once, spent ones too. A new one takes the place of the oldest spent one; if none is spent, it is
/// refused.
pub const MAX_FAULTS: usize = 256;
/// Expired interactions remembered per fault; beyond, the oldest is good again.
const MAX_EXPIRED: usize = 256;

/// A fault of the plan, as it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fault {
    /// Its id, a running number as text.
    pub id: String,
    /// What it hits.
    #[serde(rename = "match")]
    pub matching: FaultMatch,
    /// How often it may fire in all; null until removed.
    pub count: Option<u32>,
    /// How often it has fired.
    pub fired: u64,
    /// What it does.
    pub kind: FaultKind,
}

/// A fault's number.
pub(crate) type FaultId = u64;

/// What is done to a REST request. Nothing, if it is empty.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct RestStrike {
    /// The faults that touch it.
    pub(crate) faults: Vec<FaultId>,
    /// Wait first.
    pub(crate) delay: Duration,
    /// Answer this and do not carry it out.
    pub(crate) instead: Option<Instead>,
    /// Carry it out, then answer this status.
    pub(crate) lose_answer: Option<u16>,
}

/// What is answered instead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Instead {
    /// 429.
    Limited(LimitScope, Duration),
    /// A 5xx.
    Broken(u16),
    /// The firewall's page.
    Banned(u16, Duration),
    /// The interaction is over.
    Expired,
}

/// What is done to a dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameStrike {
    Duplicate,
    Swap,
    Drop,
}

/// What is done to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineStrike {
    Reconnect,
    Invalid { resumable: bool },
    Close(u16),
}

#[derive(Debug)]
struct Active {
    spec: FaultSpec,
    fired: u64,
    /// How often it may fire yet.
    left: Option<u32>,
    state: State,
}

/// What some kinds remember.
#[derive(Debug)]
enum State {
    None,
    /// Tokens of interactions that were expired, hashed: a token is a secret.
    Expired(VecDeque<u64>),
    Ban(Bans),
    Dice(Dice),
    /// The guild comes back then.
    Outage(Option<Timestamp>),
}

impl Active {
    fn spent(&self) -> bool {
        self.left == Some(0)
    }

    fn fire(&mut self) {
        self.fired += 1;
        self.left = self.left.map(|n| n.saturating_sub(1));
    }

    fn show(&self, id: FaultId) -> Fault {
        Fault {
            id: id.to_string(),
            matching: self.spec.matching.clone(),
            count: self.spec.limit(),
            fired: self.fired,
            kind: self.spec.kind.clone(),
        }
    }
}

/// All faults.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    faults: BTreeMap<FaultId, Active>,
    last: FaultId,
}

impl Plan {
    /// Adds a fault.
    pub(super) fn add(&mut self, spec: FaultSpec) -> Result<FaultId, FaultError> {
        spec.check()?;
        if self.faults.len() >= MAX_FAULTS {
            let spent =
                self.faults.iter().find(|(_, f)| f.spent() && f.outage().is_none()).map(|(id, _)| *id);
            let Some(spent) = spent else {
                let message = format!("There are {MAX_FAULTS} faults already; remove some.");
                return Err(FaultError { field: "", message });
            };
            self.faults.remove(&spent);
        }
        let state = match &spec.kind {
            FaultKind::ExpireInteraction {} => State::Expired(VecDeque::new()),
            FaultKind::InvalidRequestBan { threshold, lasts_ms, .. } => {
                State::Ban(Bans::new(*threshold, Duration::from_millis(*lasts_ms)))
            }
            FaultKind::Chaos { seed, rates } => State::Dice(Dice::new(*seed, *rates)),
            FaultKind::GuildOutage { .. } => State::Outage(None),
            _ => State::None,
        };
        self.last += 1;
        let left = spec.limit();
        self.faults.insert(self.last, Active { spec, fired: 0, left, state });
        Ok(self.last)
    }

    /// Takes a fault out; and the guild whose outage ends with it.
    pub(super) fn remove(&mut self, id: FaultId) -> Option<(Fault, Option<GuildId>)> {
        let gone = self.faults.remove(&id)?;
        Some((gone.show(id), gone.outage().map(|(guild, _)| guild)))
    }

    /// Takes all out; how many, and the guilds whose outage ends with them.
    pub(super) fn clear(&mut self) -> (usize, Vec<GuildId>) {
        let gone = std::mem::take(&mut self.faults);
        (gone.len(), gone.values().filter_map(|f| f.outage().map(|(guild, _)| guild)).collect())
    }

    /// One as it stands.
    pub(super) fn get(&self, id: FaultId) -> Option<Fault> {
        self.faults.get(&id).map(|f| f.show(id))
    }

    /// All as they stand, in the order they were added.
    pub(super) fn list(&self) -> Vec<Fault> {
        self.faults.iter().map(|(id, f)| f.show(*id)).collect()
    }

    /// Whether no request and no frame can be touched any more.
    pub(super) fn is_idle(&self) -> bool {
        // A spent expiry still refuses the interactions it has hit.
        self.faults.values().all(|f| f.spent() && !matches!(&f.state, State::Expired(t) if !t.is_empty()))
    }

    /// What goes wrong with a request: every latency that fits, and the first other fault.
    pub(super) fn rest(&mut self, call: &RestCall<'_>, now: Timestamp) -> RestStrike {
        let mut strike = RestStrike::default();
        for (id, fault) in &mut self.faults {
            if !fault.spec.matching.fits_rest(call) {
                continue;
            }
            let open = strike.instead.is_none() && strike.lose_answer.is_none();
            let spent = fault.spent();
            let mut hit = false;
            match (&fault.spec.kind, &mut fault.state) {
                (FaultKind::ExpireInteraction {}, State::Expired(tokens)) if open => {
                    let Some(token) = call.interaction.map(hash) else { continue };
                    let known = tokens.contains(&token);
                    if !known && spent {
                        continue;
                    }
                    strike.instead = Some(Instead::Expired);
                    strike.faults.push(*id);
                    if !known {
                        if tokens.len() >= MAX_EXPIRED {
                            tokens.pop_front();
                        }
                        tokens.push_back(token);
                        fault.fire();
                    }
                    continue;
                }
                _ if spent => continue,
                (FaultKind::Latency { ms }, _) => {
                    strike.delay += Duration::from_millis(*ms);
                    hit = true;
                }
                (FaultKind::Rest429 { scope, retry_after }, _) if open => {
                    strike.instead = Some(Instead::Limited(*scope, Duration::from_secs_f64(*retry_after)));
                    hit = true;
                }
                (FaultKind::Rest5xx { status, carried_out: true }, _) if open => {
                    strike.lose_answer = Some(*status);
                    hit = true;
                }
                (FaultKind::Rest5xx { status, .. }, _) if open => {
                    strike.instead = Some(Instead::Broken(*status));
                    hit = true;
                }
                (FaultKind::InvalidRequestBan { status, .. }, State::Ban(bans)) if open => {
                    if let Some(left) = bans.left(call.application, now) {
                        strike.instead = Some(Instead::Banned(*status, left));
                        hit = true;
                    }
                }
                (FaultKind::Chaos { .. }, State::Dice(dice)) => {
                    let rolled = dice.rest();
                    strike.delay += rolled.delay;
                    if open {
                        strike.instead = rolled.instead;
                    }
                    hit = !rolled.delay.is_zero() || (open && rolled.instead.is_some());
                }
                _ => {}
            }
            if hit {
                strike.faults.push(*id);
                fault.fire();
            }
        }
        strike.delay = strike.delay.min(Duration::from_millis(MAX_LATENCY_MS));
        strike
    }

    /// Tells the bans that fit of an invalid request.
    pub(super) fn invalid(&mut self, call: &RestCall<'_>, now: Timestamp) {
        for fault in self.faults.values_mut().filter(|f| f.spec.matching.fits_rest(call)) {
            if let State::Ban(bans) = &mut fault.state {
                bans.count(call.application, now);
            }
        }
    }

    /// What goes wrong with a dispatch to one session.
    pub(super) fn frame(&mut self, moment: &Moment<'_>) -> Option<(FaultId, FrameStrike)> {
        // To lose or double a READY is nothing that Discord does; it would only break the protocol.
        if moment.event.is_some_and(is_life) {
            return None;
        }
        self.first(moment, |fault| match (&fault.spec.kind, &mut fault.state) {
            (FaultKind::DuplicateEvent {}, _) => Some(FrameStrike::Duplicate),
            (FaultKind::ReorderEvents {}, _) => Some(FrameStrike::Swap),
            (FaultKind::DropEvent {}, _) => Some(FrameStrike::Drop),
            (FaultKind::Chaos { .. }, State::Dice(dice)) => dice.frame(),
            _ => None,
        })
    }

    /// What happens to a connection at this moment. `only`: ask this fault alone.
    pub(super) fn line(
        &mut self,
        moment: &Moment<'_>,
        only: Option<FaultId>,
    ) -> Option<(FaultId, LineStrike)> {
        let found = |fault: &mut Active| match (&fault.spec.kind, &mut fault.state) {
            (FaultKind::Op7 {}, _) => Some(LineStrike::Reconnect),
            (FaultKind::Op9 { resumable }, _) => Some(LineStrike::Invalid { resumable: *resumable }),
            (FaultKind::Close { code }, _) => Some(LineStrike::Close(*code)),
            // Chaos leaves the beginning of a connection alone, or a client would never get anywhere.
            (FaultKind::Chaos { .. }, State::Dice(dice)) if moment.event.is_some_and(|e| !is_life(e)) => {
                dice.line()
            }
            _ => None,
        };
        match only {
            Some(id) => {
                let fault = self.faults.get_mut(&id)?;
                if fault.spent() || !fault.spec.matching.fits_moment(moment) {
                    return None;
                }
                let strike = found(fault)?;
                fault.fire();
                Some((id, strike))
            }
            None => self.first(moment, found),
        }
    }

    /// Whether a heartbeat goes unanswered.
    pub(super) fn swallow(&mut self, moment: &Moment<'_>) -> Option<FaultId> {
        // Whatever a match names, only heartbeats have answers.
        let quiet = Moment { event: None, ..*moment };
        for (id, fault) in &mut self.faults {
            let mut matching = fault.spec.matching.clone();
            matching.event = matching.event.filter(|e| !e.eq_ignore_ascii_case("HEARTBEAT"));
            if fault.spent() || !matching.fits_moment(&quiet) {
                continue;
            }
            let hit = match (&fault.spec.kind, &mut fault.state) {
                (FaultKind::SwallowAcks {}, _) => true,
                (FaultKind::Chaos { .. }, State::Dice(dice)) => dice.ack(),
                _ => false,
            };
            if hit {
                fault.fire();
                return Some(*id);
            }
        }
        None
    }

    fn first<T>(
        &mut self,
        moment: &Moment<'_>,
        mut strike: impl FnMut(&mut Active) -> Option<T>,
    ) -> Option<(FaultId, T)> {
        for (id, fault) in &mut self.faults {
            if fault.spent() || !fault.spec.matching.fits_moment(moment) {
                continue;
            }
            if let Some(strike) = strike(fault) {
                fault.fire();
                return Some((*id, strike));
            }
        }
        None
    }

    /// An outage has begun and ends at `until`.
    pub(super) fn outage_begins(&mut self, id: FaultId, until: Timestamp) {
        if let Some(fault) = self.faults.get_mut(&id) {
            fault.state = State::Outage(Some(until));
            fault.fired += 1;
            fault.left = Some(0);
        }
    }

    /// The guilds whose outage is over.
    pub(super) fn outages_over(&mut self, now: Timestamp) -> Vec<GuildId> {
        let mut over = Vec::new();
        for fault in self.faults.values_mut() {
            if let Some((guild, until)) = fault.outage()
                && until <= now
            {
                over.push(guild);
                fault.state = State::Outage(None);
            }
        }
        over
    }
}

impl Active {
    /// The outage that lasts, and until when.
    fn outage(&self) -> Option<(GuildId, Timestamp)> {
        match (&self.spec.kind, &self.state) {
            (FaultKind::GuildOutage { guild, .. }, State::Outage(Some(until))) => Some((*guild, *until)),
            _ => None,
        }
    }
}

fn hash(token: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    hasher.finish()
}

/// A moment of a session, in short.
impl<'a> Moment<'a> {
    /// A dispatch, or a point of a connection, of a session.
    pub(crate) fn of(event: &'a str, session: Option<&'a str>, application: Option<ApplicationId>) -> Self {
        Self { event: Some(event), session, application }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::spec::ChaosRates;

    const NOW: Timestamp = Timestamp::from_ms(1_000);

    fn call(interaction: Option<&'static str>) -> RestCall<'static> {
        RestCall {
            method: "POST",
            segments: &[],
            template: "/x",
            operation: "x",
            application: None,
            interaction,
        }
    }

    fn moment(event: &'static str) -> Moment<'static> {
        Moment::of(event, Some("s"), None)
    }

    fn plan(specs: impl IntoIterator<Item = FaultSpec>) -> Plan {
        let mut plan = Plan::default();
        for spec in specs {
            plan.add(spec).unwrap();
        }
        plan
    }

    #[test]
    fn a_fault_fires_as_often_as_it_says_and_counts() {
        let mut plan =
            plan([FaultSpec::new(FaultKind::Rest5xx { status: 503, carried_out: false }).times(2)]);
        let hits =
            (0..4).filter(|_| plan.rest(&call(None), NOW).instead == Some(Instead::Broken(503))).count();
        assert_eq!((hits, plan.list()[0].fired, plan.is_idle()), (2, 2, true));
    }

    #[test]
    fn latencies_add_up_to_their_bound_and_the_first_refusal_wins() {
        let slow = || FaultSpec::new(FaultKind::Latency { ms: 20_000 }).always();
        let mut plan = plan([
            slow(),
            FaultSpec::new(FaultKind::Rest5xx { status: 500, carried_out: false }),
            FaultSpec::new(FaultKind::Rest5xx { status: 502, carried_out: true }),
            slow(),
        ]);
        let first = plan.rest(&call(None), NOW);
        assert_eq!(first.delay, Duration::from_secs(30));
        assert_eq!((first.instead, first.lose_answer), (Some(Instead::Broken(500)), None));
        assert_eq!(first.faults, [1, 2, 4]);
        let second = plan.rest(&call(None), NOW);
        assert_eq!((second.instead, second.lose_answer), (None, Some(502)), "kept for the next");
    }

    #[test]
    fn an_expired_interaction_stays_expired_and_others_live() {
        let mut plan = plan([FaultSpec::new(FaultKind::ExpireInteraction {})]);
        assert_eq!(plan.rest(&call(None), NOW).instead, None, "no interaction");
        for _ in 0..3 {
            assert_eq!(plan.rest(&call(Some("one")), NOW).instead, Some(Instead::Expired));
        }
        assert_eq!(plan.rest(&call(Some("two")), NOW).instead, None);
        assert_eq!(plan.list()[0].fired, 1);
        assert!(!plan.is_idle());
    }

    #[test]
    fn a_ban_needs_its_threshold() {
        let kind = FaultKind::InvalidRequestBan { threshold: 2, status: 403, lasts_ms: 5_000 };
        let mut plan = plan([FaultSpec::new(kind)]);
        plan.invalid(&call(None), NOW);
        assert_eq!(plan.rest(&call(None), NOW).instead, None);
        plan.invalid(&call(None), NOW);
        let page = Some(Instead::Banned(403, Duration::from_secs(5)));
        assert_eq!(plan.rest(&call(None), NOW).instead, page);
        assert_eq!(plan.rest(&call(None), Timestamp::from_ms(6_000)).instead, None, "over");
    }

    #[test]
    fn dispatches_and_connections_are_struck_apart() {
        let mut plan = plan([
            FaultSpec::new(FaultKind::DuplicateEvent {}).event("MESSAGE_CREATE"),
            FaultSpec::new(FaultKind::Op7 {}).event("CONNECT"),
            FaultSpec::new(FaultKind::SwallowAcks {}).times(2),
        ]);
        assert_eq!(plan.frame(&moment("TYPING_START")), None);
        assert_eq!(plan.frame(&moment("MESSAGE_CREATE")), Some((1, FrameStrike::Duplicate)));
        assert_eq!(plan.frame(&moment("MESSAGE_CREATE")), None);
        assert_eq!(plan.line(&moment("MESSAGE_CREATE"), None), None);
        assert_eq!(plan.line(&moment("CONNECT"), None), Some((2, LineStrike::Reconnect)));
        let beats: Vec<_> = (0..3).map(|_| plan.swallow(&moment("HEARTBEAT")).is_some()).collect();
        assert_eq!(beats, [true, true, false]);
    }

    #[test]
    fn the_life_of_a_session_is_not_doubled_or_lost() {
        let mut plan = plan([FaultSpec::new(FaultKind::DropEvent {}).event("READY").always()]);
        assert_eq!(plan.frame(&moment("READY")), None);
    }

    #[test]
    fn the_list_is_bounded_and_spent_faults_make_room() {
        let once = || FaultSpec::new(FaultKind::Op7 {});
        let mut plan = plan((0..MAX_FAULTS).map(|_| once()));
        assert!(plan.add(once()).unwrap_err().message.contains("256"));
        plan.line(&moment("X"), None);
        assert_eq!(plan.add(once()), Ok(MAX_FAULTS as u64 + 1));
        assert_eq!(plan.list().len(), MAX_FAULTS);
        assert_eq!(plan.get(1), None, "the spent one");
    }

    #[test]
    fn an_outage_ends_by_time_or_with_its_fault() {
        let guild = GuildId::new(7);
        let spec = || FaultSpec::new(FaultKind::GuildOutage { guild, ms: 10 });
        let mut plan = plan([spec(), spec()]);
        plan.outage_begins(1, Timestamp::from_ms(1_010));
        assert!(plan.outages_over(Timestamp::from_ms(1_009)).is_empty());
        assert_eq!(plan.outages_over(Timestamp::from_ms(1_010)), [guild]);
        assert!(plan.outages_over(Timestamp::from_ms(2_000)).is_empty(), "once");
        plan.outage_begins(2, Timestamp::from_ms(5_000));
        assert_eq!(plan.remove(2).unwrap().1, Some(guild));
        assert_eq!(plan.clear(), (1, vec![]));
    }

    #[test]
    fn chaos_is_the_same_for_the_same_seed() {
        let run = |seed| {
            let mut plan = plan([FaultSpec::new(FaultKind::Chaos { seed, rates: ChaosRates::MILD })]);
            let rest: Vec<_> = (0..200).map(|_| plan.rest(&call(None), NOW)).collect();
            let frames: Vec<_> = (0..200).map(|_| plan.frame(&moment("MESSAGE_CREATE"))).collect();
            (rest, frames, plan.list()[0].fired)
        };
        let (rest, frames, fired) = run(7);
        assert_eq!((rest, frames, fired), run(7));
        assert_ne!(run(7).0, run(8).0);
        assert!(fired > 10, "{fired}");
    }
}
