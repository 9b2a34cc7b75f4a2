//! Whether Discord can be reached, knows the token, and agrees about the time.

use std::time::{Duration, SystemTime};

use cogwright_config::Settings;
use cogwright_discord::{ApplicationInfo, Endpoint, Priority, Request, Rest, RestError, Route};

use super::Finding;
use crate::error::StartError;
use crate::limits::way_out;

const REACH: &str = "Discord";
const CLOCK: &str = "clock";
const TOKEN: &str = "token";

/// A clock that is off by more than this is told about: time-outs and cooldowns show wrong times.
const SKEW: Duration = Duration::from_secs(5);

/// Beyond this certificates may count as expired and sessions as too old.
const BAD_SKEW: Duration = Duration::from_mins(5);

/// What was learned on the way, for later checks.
pub(super) struct Contact {
    pub(super) rest: Rest,
    pub(super) application: ApplicationInfo,
}

/// Why nothing more can be asked.
const SILENT: &str = "Discord does not answer";
const UNSET: &str = "the settings have to be put right first";
const REFUSED: &str = "Discord tells it only for a token that it accepts";

/// Asks; an error is why later checks cannot.
pub(super) async fn check(
    settings: Option<&Settings>,
    endpoint: &Endpoint,
    findings: &mut Vec<Finding>,
) -> Result<Contact, &'static str> {
    // The address of the gateway is told to anybody, so this works without a token too.
    let unknown = Settings::with_token("");
    let rest = way_out(settings.unwrap_or(&unknown), endpoint);
    let anybody = Request::builder(&Route::GetGateway).use_authorization_token(false).build();
    let anybody = anybody.map_err(|_| SILENT)?;
    match rest.send_raw::<()>(&anybody, Priority::Normal).await {
        Ok(answer) => {
            findings.push(Finding::fine(REACH, format!("{endpoint} answers")));
            findings.push(clock(answer.date(), SystemTime::now()));
        }
        Err(error) => {
            let error = StartError::of_rest(endpoint, error).to_string();
            let (text, fix) = error.rsplit_once("; ").unwrap_or((&error, "start again in a while"));
            findings.push(Finding::problem(REACH, text, fix));
            findings.push(Finding::skipped(CLOCK, "it is compared with Discord's, which does not answer"));
            findings.push(Finding::skipped(TOKEN, SILENT));
            return Err(SILENT);
        }
    }
    if settings.is_none() {
        findings.push(Finding::skipped(TOKEN, UNSET));
        return Err(UNSET);
    }
    match ApplicationInfo::ask(&rest).await {
        Ok(application) => {
            findings.push(Finding::fine(TOKEN, format!("it belongs to {}", application.name)));
            Ok(Contact { rest, application })
        }
        Err(RestError::Unauthorized) => {
            let fix = "copy it again from the Bot page of the application in Discord's developer portal, or reset it \
                       there, and put it into DISCORD_TOKEN";
            findings.push(Finding::problem(TOKEN, "Discord does not accept it", fix));
            Err(REFUSED)
        }
        Err(error) => {
            findings.push(Finding::problem(
                TOKEN,
                format!("cannot be tried: {error}"),
                "try again in a while",
            ));
            Err(SILENT)
        }
    }
}

fn clock(theirs: Option<SystemTime>, ours: SystemTime) -> Finding {
    let Some(theirs) = theirs else {
        return Finding::skipped(CLOCK, "the answer does not tell the time");
    };
    let (skew, direction) = match ours.duration_since(theirs) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(behind) => (behind.duration(), "behind"),
    };
    // Their time has whole seconds and has travelled.
    let text = format!("{} s {direction} Discord's", skew.as_secs());
    let fix = "switch on automatic time on this machine (NTP: `timedatectl set-ntp true`, or Settings / Time on Windows)";
    if skew <= SKEW {
        Finding::fine(CLOCK, "the same as Discord's")
    } else if skew <= BAD_SKEW {
        Finding::warning(CLOCK, text, fix)
    } else {
        Finding::problem(CLOCK, text, fix)
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_clock_may_be_off_by_a_little() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(10_000);
        for (seconds, state) in
            [(0, State::Fine), (4, State::Fine), (30, State::Warning), (900, State::Problem)]
        {
            let off = Duration::from_secs(seconds);
            assert_eq!(clock(Some(now - off), now).state, state, "{seconds} s ahead");
            assert_eq!(clock(Some(now + off), now).state, state, "{seconds} s behind");
        }
        assert_eq!(clock(Some(now), now + Duration::from_secs(30)).text, "30 s ahead of Discord's");
        assert_eq!(clock(None, now).state, State::Skipped);
    }
}
