//! Hostile lines through the parser and the dispatcher: 100,000 of them, in four tests that run beside each other.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::testing::{ALICE, BOT, Stage};
use crate::wire::{Answer, Call, Edit};
use crate::{Cog, CommandResult, Ctx, Group, Mentionable, Message, Role, User, command};

/// Each of the four tests writes 250 times 100 lines, as many as one guild may have waiting.
const CASES: u32 = 250;
const LINES: usize = 100;

/// Says it.
#[command(names("ar" = "صدى"))]
async fn echo(ctx: Ctx, #[option(rest)] text: String, times: Option<u8>) -> CommandResult {
    ctx.reply(format!("{times:?} {text}")).await
}

/// Takes what there is.
#[command]
#[expect(clippy::too_many_arguments, reason = "one of each kind")]
async fn all(
    ctx: Ctx,
    user: Option<User>,
    role: Option<Role>,
    either: Option<Mentionable>,
    message: Option<Message>,
    span: Option<std::time::Duration>,
    number: Option<f64>,
    yes: Option<bool>,
    words: Option<Vec<String>>,
) -> CommandResult {
    ctx.reply(format!("{user:?} {role:?} {either:?} {message:?} {span:?} {number:?} {yes:?} {words:?}")).await
}

fn cog() -> Cog {
    let group = Group::new("group", "x").command(echo).group(Group::new("deep", "x").command(all));
    Cog::new("T").command(echo).command(all).group(group)
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("echo"),
        Just("all"),
        Just("group"),
        Just("group deep all"),
        Just("GROUP echo"),
        Just("صدى"),
        Just("none")
    ]
    .prop_map(str::to_owned)
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<char>().prop_map(String::from),
        "\\PC{0,12}",
        "[\u{0}-\u{1f}\u{7f}\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}]{1,4}",
        "<(@|@!|@&|#|a:|:)[0-9<@>]{0,24}>?",
        "(https://discord.com/channels/)?[0-9]{0,20}(/[0-9@me]{0,20}){0,3}",
        "(text|times|user|words|span)?:?[\"\u{201c}\u{201d}\u{201e}\\\\' ]{0,4}",
        "[0-9]{0,22}[smhdwx.e-]{0,3}",
        Just("@everyone @here <@&5>".to_owned()),
        Just("x".repeat(1_900)),
    ]
}

/// The line after what opens a call.
fn line() -> impl Strategy<Value = String> {
    (
        name(),
        prop_oneof![Just(" "), Just("\n"), Just("\u{3000}"), Just("")],
        proptest::collection::vec(piece(), 0..8),
    )
        .prop_map(|(name, gap, pieces)| format!("{name}{gap}{}", pieces.concat()))
}

/// What a call says, as Discord gets it.
fn said(call: &Call) -> String {
    match call {
        Call::Send { reply, .. }
        | Call::FollowUp { reply, .. }
        | Call::Answer { answer: Answer::Message { reply, .. }, .. }
        | Call::Edit { edit: Edit::Whole(reply), .. } => serde_json::to_string(&**reply).unwrap(),
        other => panic!("nothing else is asked: {other:?}"),
    }
}

/// Each line is a message; every so often all that runs is waited for and looked at.
fn storm(opening: &str, seed: u8) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new_with_rng(
        Config { cases: CASES, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &[seed; 32]),
    );
    let answered = std::cell::Cell::new(0);
    let outcome = runner.run(&proptest::collection::vec(line(), LINES..=LINES), |lines| {
        runtime.block_on(async {
            let mut stage = Stage::new(cog());
            // Each by somebody else: one person is not told all that is wrong.
            for (line, person) in lines.iter().zip(ALICE..) {
                stage.say(person, &format!("{opening}{line}"));
            }
            stage.settle().await;
            let calls = stage.tape.calls();
            answered.set(answered.get() + calls.len());
            for call in calls {
                let said = said(&call);
                prop_assert!(said.contains(r#""allowed_mentions":{"parse":[]}"#), "{}", said);
                prop_assert!(!said.contains("noted as"), "a panic: {}", said);
            }
            Ok(())
        })
    });
    outcome.unwrap();
    assert!(answered.get() > CASES as usize * LINES / 2, "most lines call something: {}", answered.get());
}

#[test]
fn hostile_lines_by_prefix() {
    storm("!", 1);
}

#[test]
fn more_hostile_lines_by_prefix() {
    storm("  !", 2);
}

#[test]
fn hostile_lines_by_mention() {
    storm(&format!("<@{BOT}> "), 3);
}

#[test]
fn more_hostile_lines_by_mention() {
    storm(&format!("<@!{BOT}>\n"), 4);
}
