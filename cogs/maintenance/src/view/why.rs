//! The pages of `why`.

use std::time::SystemTime;

use cogwright_command::{Decision, Icon, Outcome, Panel, Reply, Step, Theme, Tone, Trigger, plain};

use super::{count, stamp};

/// Nothing is known of a call.
pub(crate) const NOT_KNOWN: &str = "Nothing is known of that call. Kept are the latest 1,000 calls that were refused or \
     failed since the start, by id or link of the message that called or of the answer, or by the error id that was \
     shown. `why` alone lists the latest.";

/// Lines when no call is named.
const LISTED: usize = 10;

/// One call, with everything that is known.
pub(crate) fn decision(decision: &Decision, theme: &Theme) -> Reply {
    let (tone, icon, outcome) = match &decision.outcome {
        Outcome::Done => (Tone::Success, Icon::Success, "It ran to its end.".to_owned()),
        Outcome::Refused { label, text } => {
            (Tone::Warning, Icon::Restricted, format!("**Refused** (`{label}`): {}", plain(text)))
        }
        Outcome::Failed { label, text } => {
            (Tone::Error, Icon::Error, format!("**Failed** (`{label}`): {}", plain(text)))
        }
    };
    let outcome = match &decision.explained {
        Some(why) => format!("{outcome}\n{why}"),
        None => outcome,
    };
    let place = match decision.guild {
        Some(guild) => format!("<#{}> of server `{guild}`", decision.channel),
        None => "direct messages".to_owned(),
    };
    let user = decision.user;
    let mut panel = Panel::new(theme, tone, format!("{} Why: {}", theme.icon(icon), decision.command))
        .text(outcome)
        .fact("By", format!("<@{user}> (`{user}`)"))
        .fact("Where", place)
        .fact("How", trigger(decision.trigger))
        .fact("When", stamp(decision.at, 'f'));
    if let Some(took) = decision.took {
        panel = panel.fact("Ran for", format!("{} ms", took.as_millis()));
    }
    let checks = decision.steps.iter().map(|step| line(step, theme));
    let name = format!("Checks ({})", decision.steps.len());
    panel.list(&name, checks).footer(&format!("Call {}, error id {}", decision.id, decision.error_id)).reply()
}

fn line(step: &Step, theme: &Theme) -> String {
    let icon = theme.icon(if step.passed { Icon::Success } else { Icon::Error });
    let saw = if step.saw.is_empty() { String::new() } else { format!(": {}", plain(&step.saw)) };
    format!("{icon} **{}**{saw}", step.check)
}

fn trigger(trigger: Trigger) -> &'static str {
    match trigger {
        Trigger::Prefix => "by prefix",
        Trigger::Mention => "by a mention of the bot",
        Trigger::Slash => "as a slash command",
        Trigger::Menu => "from the context menu",
        Trigger::Component => "by a component of it",
    }
}

/// Calls of one person that ended alike.
struct Alike<'a> {
    newest: &'a Decision,
    first: SystemTime,
    calls: usize,
}

/// Of decisions with the newest first, those alike as one, where the newest of them stands.
fn alike(decisions: &[Decision]) -> Vec<Alike<'_>> {
    let key = |it: &Decision| (it.user, it.guild, label(it));
    let mut all: Vec<Alike<'_>> = Vec::new();
    for decision in decisions {
        let same = |other: &&mut Alike<'_>| {
            key(other.newest) == key(decision) && other.newest.command == decision.command
        };
        match all.iter_mut().find(same) {
            Some(known) => (known.first, known.calls) = (decision.at, known.calls + 1),
            None => all.push(Alike { newest: decision, first: decision.at, calls: 1 }),
        }
    }
    all
}

fn label(decision: &Decision) -> &'static str {
    match &decision.outcome {
        Outcome::Done => "done",
        Outcome::Refused { label, .. } | Outcome::Failed { label, .. } => label,
    }
}

/// The latest calls, the newest first; many alike are one line.
pub(crate) fn latest(decisions: &[Decision], theme: &Theme) -> Reply {
    let title = format!("{} Latest refusals and failures", theme.icon(Icon::Info));
    let panel = Panel::new(theme, Tone::Info, title);
    if decisions.is_empty() {
        return panel.text("No call was refused or has failed since the start.").reply();
    }
    let mut groups = alike(decisions);
    groups.truncate(LISTED);
    let calls: usize = groups.iter().map(|group| group.calls).sum();
    let lines = groups.iter().map(|Alike { newest, first, calls }| {
        let Decision { error_id, at, command, user, .. } = newest;
        let often = match calls {
            1 => String::new(),
            _ => format!(" ({calls} times since {})", stamp(*first, 'R')),
        };
        format!("`{error_id}` {} `{command}` by <@{user}>: `{}`{often}", stamp(*at, 'R'), label(newest))
    });
    panel.list(&count(calls, "call"), lines).footer("why <error id> shows one of them in full").reply()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use twilight_model::id::Id;

    use super::*;

    fn refused() -> Decision {
        let step = |check, passed, saw: &'static str| Step { check, passed, saw: saw.into() };
        let steps = vec![
            step("enabled", true, ""),
            step("user permissions", false, "has *none* of <@1>, needs Ban Members"),
        ];
        let text = "missing permissions: `BAN_MEMBERS`".to_owned();
        Decision {
            id: 1_400_000_000_000_000_123,
            answer: None,
            error_id: "amx5".to_owned(),
            at: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_893_000),
            command: "ban".to_owned(),
            trigger: Trigger::Slash,
            guild: Some(Id::new(7)),
            channel: Id::new(8),
            user: Id::new(9),
            steps,
            outcome: Outcome::Refused { label: "missing_permission", text },
            explained: None,
            took: None,
        }
    }

    #[test]
    fn one_call() {
        insta::assert_json_snapshot!(decision(&refused(), &Theme::default()));
    }

    #[test]
    fn the_latest_calls() {
        let direct = Decision { guild: None, outcome: Outcome::Done, ..refused() };
        let before = |secs: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_893_000 - secs);
        let again = |secs: u64| Decision { at: before(secs), error_id: format!("b{secs}"), ..refused() };
        let other = Decision { user: Id::new(10), ..again(30) };
        let all = [refused(), direct, again(20), other, again(600)];
        insta::assert_json_snapshot!(latest(&all, &Theme::default()));
        let many: Vec<_> = (1..=40).map(|user| Decision { user: Id::new(user), ..refused() }).collect();
        assert_eq!(latest(&many, &Theme::default()).embeds()[0].fields[0].name, "10 calls");
        assert!(latest(&[], &Theme::default()).embeds()[0].fields.is_empty());
    }

    #[test]
    fn hostile_texts_fit_and_do_nothing() {
        let text = "@everyone **".repeat(25);
        let steps = vec![Step { check: "arguments", passed: false, saw: text.clone().into() }; 12];
        let outcome = Outcome::Failed { label: "internal", text };
        let took = Some(Duration::from_millis(3));
        let embed =
            decision(&Decision { steps, outcome, took, ..refused() }, &Theme::default()).embeds()[0].clone();
        assert!(!format!("{embed:?}").contains("@everyone") && embed.fields.len() == 6, "{embed:#?}");
    }
}
