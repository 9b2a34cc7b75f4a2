//! One sync from beginning to end: fetch, compare, write, and again what failed in passing.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::Value;
use twilight_http::request::Request;

use super::Sync;
use super::canonical::canonical;
use super::diff::{Change, ChangeKind, ENTRY_POINT, compare};
use super::report::{Failed, Progress, Report};
use crate::rest::{Priority, RestError, RestResponse};

/// From so many changes on, all commands are written with one request: Discord allows few writes of single ones.
const MANY: usize = 6;

/// How often everything is fetched, compared and written; more often only helps against trouble that lasts.
const ROUNDS: u32 = 4;

/// First pause after trouble; doubles with each round.
const PAUSE: Duration = Duration::from_secs(1);

/// Waits longer than this are told before they begin.
const PATIENCE: Duration = Duration::from_secs(1);

/// Longest time that rate limits may cost one sync in all. The next one goes on where it ended.
const MAX_WAIT: Duration = Duration::from_mins(30);

/// A moment's lateness after the end of a limit: our clock and the server's are not the same.
const SLACK: Duration = Duration::from_millis(50);

/// See Discord docs: Opcodes and Status Codes / JSON Error Codes: 100 commands, and 200 new ones a day.
const FULL: [u64; 2] = [30_032, 30_034];

pub(super) struct Run<'a> {
    sync: &'a Sync<'a>,
    report: Report,
}

impl<'a> Run<'a> {
    pub(super) fn new(sync: &'a Sync<'a>) -> Self {
        Self { sync, report: Report::default() }
    }

    pub(super) async fn registered(&mut self) -> Result<Vec<Value>, RestError> {
        let request = Request::from_route(&self.sync.scope.list(self.sync.application));
        self.send(&request).await?.json()
    }

    /// `known` spares the first question.
    pub(super) async fn run(
        mut self,
        wanted: &[Value],
        mut known: Option<Vec<Value>>,
    ) -> Result<Report, RestError> {
        let mut given_up = HashSet::new();
        let mut together = true;
        let mut pause = PAUSE;
        for round in 1..=ROUNDS {
            let registered = match known.take() {
                Some(registered) => Ok(registered),
                None => self.registered().await,
            };
            let registered = match registered {
                Ok(registered) => registered,
                Err(error) if self.report.writes == 0 => return Err(error),
                Err(error) => {
                    self.unfinished(&[], &error);
                    break;
                }
            };
            let comparison = compare(wanted, &registered);
            let mut changes = comparison.changes;
            let force = self.sync.force && self.report.writes == 0;
            if force {
                changes.extend(comparison.unchanged);
                changes.sort_by_key(|change| change.kind);
            } else if round == 1 {
                self.report.unchanged = comparison.unchanged.len();
            }
            changes.retain(|change| !given_up.contains(&change.name));
            if changes.is_empty() {
                break;
            }
            self.begin(&changes);
            let at_once = force || registered.is_empty() || changes.len() >= MANY;
            let trouble = if together && at_once {
                match self.overwrite(wanted, &registered, &changes).await {
                    Ok(()) => break,
                    Err(error @ RestError::Discord { status: 400, .. }) => {
                        tracing::warn!(%error, ?error, "Discord refuses all commands together; trying one by one");
                        together = false;
                        self.each(&changes, &mut given_up).await
                    }
                    Err(error) if error.is_retryable() => Some(error),
                    Err(error) => return Err(error),
                }
            } else {
                self.each(&changes, &mut given_up).await
            };
            let Some(error) = trouble else { break };
            if round == ROUNDS {
                let left = match self.registered().await {
                    Ok(registered) => compare(wanted, &registered).changes,
                    Err(_) => changes,
                };
                let left: Vec<_> = left.into_iter().filter(|c| !given_up.contains(&c.name)).collect();
                self.unfinished(&left, &error);
                break;
            }
            (self.sync.progress)(Progress::Retrying { wait: pause, error: error.to_string() });
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        Ok(self.report)
    }

    fn begin(&self, changes: &[Change]) {
        let count = |kind| changes.iter().filter(|change| change.kind == kind).count();
        (self.sync.progress)(Progress::Begin {
            delete: count(ChangeKind::Delete),
            update: count(ChangeKind::Update),
            create: count(ChangeKind::Create),
        });
    }

    /// All commands with one request, which Discord takes as a whole or not at all.
    async fn overwrite(
        &mut self,
        wanted: &[Value],
        registered: &[Value],
        changes: &[Change],
    ) -> Result<(), RestError> {
        // Discord refuses to lose an entry point that way.
        let entry_points = registered.iter().filter(|command| command["type"] == ENTRY_POINT);
        let body: Vec<_> = wanted.iter().chain(entry_points).map(canonical).collect();
        let route = self.sync.scope.overwrite(self.sync.application);
        let request = Request::builder(&route).json(&body).build().map_err(RestError::Build)?;
        self.send(&request).await?;
        self.report.writes += 1;
        for change in changes {
            self.report.made(change.kind, &change.name);
        }
        Ok(())
    }

    /// Each change with a request of its own. What Discord refuses for good is given up, the rest goes on; answers
    /// with trouble that may pass.
    async fn each(&mut self, changes: &[Change], given_up: &mut HashSet<String>) -> Option<RestError> {
        let mut trouble = None;
        let mut closed: Option<RestError> = None;
        let mut full: Option<RestError> = None;
        for change in changes {
            let known = closed.as_ref().or(full.as_ref().filter(|_| change.kind == ChangeKind::Create));
            if let Some(error) = known {
                let failed = Failed::of(change, error, true);
                self.give_up(failed, given_up);
                continue;
            }
            match self.one(change).await {
                Ok(()) => {
                    self.report.writes += 1;
                    self.report.made(change.kind, &change.name);
                }
                // Somebody else has deleted it.
                Err(RestError::Discord { status: 404, .. }) if change.kind == ChangeKind::Delete => {
                    self.report.made(change.kind, &change.name);
                }
                Err(error) if error.is_retryable() => trouble = Some(error),
                Err(error) => {
                    let is_full = error.code().is_some_and(|code| FULL.contains(&code));
                    let is_closed = matches!(error.status(), Some(401 | 403 | 404));
                    self.give_up(Failed::of(change, &error, is_full || is_closed), given_up);
                    if is_full {
                        full = Some(error);
                    } else if is_closed {
                        closed = Some(error);
                    }
                }
            }
        }
        trouble
    }

    async fn one(&mut self, change: &Change) -> Result<(), RestError> {
        let scope = self.sync.scope;
        let request = match (&change.to, &change.id) {
            (Some(to), _) => Request::builder(&scope.put(self.sync.application))
                .json(to)
                .build()
                .map_err(RestError::Build)?,
            (None, Some(id)) => {
                let id =
                    id.parse().map_err(|error: std::num::ParseIntError| RestError::Answer(error.into()))?;
                Request::from_route(&scope.delete(self.sync.application, id))
            }
            (None, None) => return Ok(()),
        };
        self.send(&request).await.map(|_| ())
    }

    fn give_up(&mut self, failed: Failed, given_up: &mut HashSet<String>) {
        given_up.insert(failed.name.clone());
        self.report.failed.push(failed);
    }

    /// Trouble has outlasted all rounds: says what is left undone.
    fn unfinished(&mut self, left: &[Change], error: &RestError) {
        self.report.failed.extend(left.iter().map(|change| Failed::of(change, error, true)));
        tracing::warn!(%error, left = left.len(), "commands are not all registered");
    }

    /// Sends a request and waits out rate limits, which it tells.
    async fn send(&mut self, request: &Request) -> Result<RestResponse<()>, RestError> {
        loop {
            let sent = self.sync.rest.send_impatient(request, Priority::Normal, PATIENCE).await;
            let Err(RestError::Limited { retry_after, global }) = sent else { return sent };
            let wait = retry_after + SLACK;
            if self.report.waited + wait > MAX_WAIT {
                return Err(RestError::Limited { retry_after, global });
            }
            (self.sync.progress)(Progress::RateLimited { wait });
            tokio::time::sleep(wait).await;
            self.report.waited += wait;
        }
    }
}

impl Failed {
    fn of(change: &Change, error: &RestError, retryable: bool) -> Self {
        // Discord's words, and which field they are about.
        let reason = match error {
            RestError::Discord { details: Some(details), .. } => format!("{error}: {details}"),
            _ => error.to_string(),
        };
        Self { name: change.name.clone(), action: change.kind, reason, retryable }
    }
}
