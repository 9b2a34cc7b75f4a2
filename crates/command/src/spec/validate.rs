//! Finds what Discord would refuse about a command before it is sent there.

use std::collections::HashSet;

use super::{Group, GroupMember, Localized, OptionKind, OptionSpec, Spec, locale};

/// Most options of a command and choices of an option. See Discord docs: Application Commands.
const MAX_ITEMS: usize = 25;
/// How many groups a command can lie in.
const MAX_DEPTH: usize = 2;
/// Longest name of a command or option.
const MAX_NAME: usize = 32;
/// Longest description, and longest name or text of a choice.
const MAX_LINE: usize = 100;
/// Greatest magnitude of integers and numbers: what a double holds exactly.
pub(crate) const MAX_NUMBER: f64 = 9_007_199_254_740_991.0;
/// Greatest length that can be asked of a text option.
const MAX_TEXT: u16 = 6_000;

/// Something about a command that would be refused or could never work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("command `{command}`: {problem}")]
pub struct SpecProblem {
    /// The command's name.
    pub command: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

impl Spec {
    /// All that is wrong with it, empty when it can be used.
    pub fn problems(&self) -> Vec<SpecProblem> {
        let mut found = Vec::new();
        found.extend(wording_problems(
            std::iter::once(&self.name).chain(&self.aliases),
            &self.description,
            &self.names,
            &self.descriptions,
        ));
        found.extend(menu_problems(self));
        if self.options.len() > MAX_ITEMS {
            found.push(format!("{} options, at most {MAX_ITEMS} are allowed", self.options.len()));
        }
        let mut seen = HashSet::new();
        let mut optional_before = None;
        for option in &self.options {
            if !seen.insert(&option.name) {
                found.push(format!("two options are named `{}`", option.name));
            }
            match optional_before {
                Some(before) if option.required => {
                    found.push(format!(
                        "the required option `{}` stands after the optional `{before}`",
                        option.name
                    ));
                }
                None if !option.required => optional_before = Some(&option.name),
                _ => {}
            }
            found.extend(
                option_problems(option).into_iter().map(|text| format!("option `{}`: {text}", option.name)),
            );
        }
        if self.options.iter().filter(|option| option.rest || option.variadic).count() > 1 {
            found.push("two options take the rest of the line".to_owned());
        }
        found.extend(self.bound_problems());
        let menus = self.user_menu.is_some() || self.message_menu.is_some();
        if !(self.triggers.prefix || self.triggers.slash || self.triggers.mention || menus) {
            found.push("it cannot be called in any way".to_owned());
        }
        let command = self.qualified_name();
        found.into_iter().map(|problem| SpecProblem { command: command.clone(), problem }).collect()
    }
}

impl Group {
    /// All that is wrong with it, its members left aside.
    pub(crate) fn problems(&self, qualified: &str) -> Vec<SpecProblem> {
        let mut found = Vec::new();
        found.extend(wording_problems(
            std::iter::once(&self.name).chain(&self.aliases),
            &self.description,
            &self.names,
            &self.descriptions,
        ));
        if self.members.is_empty() {
            found.push("the group is empty".to_owned());
        }
        if self.members.len() > MAX_ITEMS {
            found.push(format!("{} members, at most {MAX_ITEMS} are allowed", self.members.len()));
        }
        if qualified.split(' ').count() > MAX_DEPTH {
            found.push("a group within a group cannot hold another group".to_owned());
        }
        let holds = |name: &String| {
            let is_it =
                |member: &GroupMember| matches!(member, GroupMember::Command(spec) if spec.name == *name);
            self.members.iter().any(is_it)
        };
        if let Some(default) = self.default.as_ref().filter(|default| !holds(default)) {
            found.push(format!("its default command `{default}` is not in it"));
        }
        found.into_iter().map(|problem| SpecProblem { command: qualified.to_owned(), problem }).collect()
    }
}

/// What is wrong with names and description, other languages included.
fn wording_problems<'a>(
    names: impl Iterator<Item = &'a String>,
    description: &str,
    names_elsewhere: &Localized,
    descriptions_elsewhere: &Localized,
) -> Vec<String> {
    let mut found: Vec<_> = names.filter_map(|name| name_problem(name)).collect();
    found.extend(line_problem("its description", description));
    found.extend(locale::problems("its name", names_elsewhere, name_problem));
    let in_it = |text: &str| line_problem("it", text);
    found.extend(locale::problems("its description", descriptions_elsewhere, in_it));
    found
}

/// A context menu has no fields to fill in: everything but the target must be optional.
fn menu_problems(spec: &Spec) -> Vec<String> {
    let mut found = Vec::new();
    let person = matches!(
        spec.options.first().map(|option| option.kind),
        Some(OptionKind::User | OptionKind::Mentionable)
    );
    let message = matches!(spec.options.first().map(|option| option.kind), Some(OptionKind::Message));
    let menus = [(&spec.user_menu, person, "a person"), (&spec.message_menu, message, "a message")];
    for (name, fits, what) in
        menus.into_iter().filter_map(|(name, fits, what)| Some((name.as_ref()?, fits, what)))
    {
        if !(1..=MAX_NAME).contains(&name.chars().count()) || name.trim() != name {
            found.push(format!("`{name}` is no valid name in a context menu: 1 to {MAX_NAME} characters"));
        }
        if !fits {
            found.push(format!("`{name}` is in the context menu, so its first option must be {what}"));
        }
        if let Some(needed) = spec.options.iter().skip(1).find(|option| option.required) {
            found
                .push(format!("`{name}` is in the context menu, where nobody can fill in `{}`", needed.name));
        }
    }
    found
}

fn option_problems(option: &OptionSpec) -> Vec<String> {
    let mut found = Vec::new();
    let name = std::iter::once(&option.name);
    found.extend(wording_problems(name, &option.description, &option.names, &option.descriptions));
    let text = option.kind == OptionKind::String;
    let numeric = matches!(option.kind, OptionKind::Integer | OptionKind::Number);
    let bounded = numeric || option.kind == OptionKind::Duration;
    if option.choices.len() > MAX_ITEMS {
        found.push(format!("{} choices, at most {MAX_ITEMS} are allowed", option.choices.len()));
    }
    if !(option.choices.is_empty() || text || numeric) {
        found.push("only text and numbers can have choices".to_owned());
    }
    for choice in &option.choices {
        let what = "the name of a choice";
        found.extend(line_problem(what, &choice.name));
        found.extend(locale::problems(what, &choice.names, |text| line_problem("it", text)));
        found.extend(line_problem("the value of a choice", &choice.value.text()));
    }
    if option.autocomplete.is_some() && !(text || bounded) {
        found.push("only text, numbers and durations can be completed".to_owned());
    }
    if option.autocomplete.is_some() && !option.choices.is_empty() {
        found.push("choices and autocomplete exclude each other".to_owned());
    }
    if (option.min.is_some() || option.max.is_some()) && !bounded {
        found.push("only numbers and durations have a least and a greatest value".to_owned());
    }
    if option.min.into_iter().chain(option.max).any(|bound| !(-MAX_NUMBER..=MAX_NUMBER).contains(&bound)) {
        found.push("limits lie within ±2^53".to_owned());
    }
    if let (Some(min), Some(max)) = (option.min, option.max)
        && min > max
    {
        found.push(format!("the least value {min} is above the greatest {max}"));
    }
    if (option.min_length.is_some() || option.max_length.is_some()) && !text {
        found.push("only text has a length".to_owned());
    }
    if option.min_length.into_iter().chain(option.max_length).any(|length| length > MAX_TEXT)
        || option.max_length == Some(0)
    {
        found.push(format!("lengths lie within 1 and {MAX_TEXT}"));
    }
    if option.min_length.zip(option.max_length).is_some_and(|(min, max)| min > max) {
        found.push("the least length is above the greatest".to_owned());
    }
    if option.strict && option.autocomplete.is_none() {
        found.push("only what is completed can be strict".to_owned());
    }
    if option.variadic && (option.rest || option.kind == OptionKind::Attachment) {
        found.push("neither files nor the rest of the line can be several values".to_owned());
    }
    if option.variadic && option.autocomplete.is_some() {
        found.push("several values cannot be completed".to_owned());
    }
    if option.flag && (option.kind != OptionKind::Boolean || option.required) {
        found.push("only an optional yes or no can be a flag".to_owned());
    }
    if option.rest && !text {
        found.push("only text can take the rest of the line".to_owned());
    }
    if !option.channel_types.is_empty() && option.kind != OptionKind::Channel {
        found.push("only channel options have channel kinds".to_owned());
    }
    found
}

/// See Discord docs: Application Commands / Application Command Naming.
fn name_problem(name: &str) -> Option<String> {
    let length = name.chars().count();
    let fits = |c: char| (c.is_alphanumeric() || matches!(c, '-' | '_' | '\'')) && c.to_lowercase().eq([c]);
    if length == 0 || length > MAX_NAME || !name.chars().all(fits) {
        Some(format!("`{name}` is no valid name: 1 to {MAX_NAME} lower-case letters, digits, `-` and `_`"))
    } else {
        None
    }
}

fn line_problem(what: &str, text: &str) -> Option<String> {
    match text.chars().count() {
        1..=MAX_LINE => None,
        length => Some(format!("{what} has {length} characters, 1 to {MAX_LINE} are allowed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Choice, Handler};

    fn spec() -> Spec {
        Spec::new("echo", "Says it", Handler::new(|_, _| async { Ok(()) }))
    }

    fn option() -> OptionSpec {
        OptionSpec::new(OptionKind::Integer, "times", "How often")
    }

    fn only(spec: &Spec) -> String {
        let problems = spec.problems();
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems[0].problem.clone()
    }

    #[test]
    fn a_sound_command_has_no_problems() {
        assert_eq!(spec().option(option().min(1.0).max(5.0)).problems(), []);
    }

    #[test]
    fn names_are_checked() {
        for bad in ["", "Echo", "two words", "a!", &"x".repeat(33)] {
            let mut spec = spec();
            bad.clone_into(&mut spec.name);
            assert!(only(&spec).contains("no valid name"), "{bad}");
        }
        for good in ["echo", "é-cho_2", "日本"] {
            let mut spec = spec();
            good.clone_into(&mut spec.name);
            assert_eq!(spec.problems(), [], "{good}");
        }
    }

    #[test]
    fn order_and_uniqueness_are_checked() {
        let twice = spec().option(option()).option(option());
        assert!(only(&twice).contains("two options are named"));
        let mut late = option();
        "late".clone_into(&mut late.name);
        assert!(only(&spec().option(option().optional()).option(late)).contains("stands after the optional"));
    }

    #[test]
    fn limits_belong_to_their_kind() {
        assert!(only(&spec().option(option().min(5.0).max(1.0))).contains("above the greatest"));
        assert!(only(&spec().option(option().max_length(3))).contains("only text has a length"));
        assert!(only(&spec().option(option().rest())).contains("rest of the line"));
        let boolean = OptionSpec::new(OptionKind::Boolean, "b", "b").choice(Choice::same("x"));
        assert!(only(&spec().option(boolean)).contains("can have choices"));
        let named = |locale: &str, name: &str| {
            let choice = Choice::same("x").named_in(locale, name);
            spec().option(OptionSpec::new(OptionKind::String, "o", "o").choice(choice))
        };
        assert!(named("de", &"ü".repeat(100)).problems().is_empty());
        let long = only(&named("de", &"ü".repeat(101)));
        assert!(long.contains("the name of a choice in `de`") && long.contains("101 characters"), "{long}");
        assert!(only(&named("german", "x")).contains("no locale"));
    }

    #[test]
    fn all_problems_are_found_at_once() {
        let mut bad = spec();
        bad.description.clear();
        "A".clone_into(&mut bad.name);
        assert_eq!(bad.problems().len(), 2);
    }
}
