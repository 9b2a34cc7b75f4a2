//! The page of one command, and that of a group.

use std::fmt::Write as _;
use std::sync::Arc;

use cogwright_command::{
    Availability, Catalog, Cooldown, Group, OptionKind, OptionSpec, Panel, Reply, RoleRule, Scope, Spec,
    Tone, show_duration, who_may_call,
};

use super::Here;

/// Choices of an option that are named.
const CHOICES: usize = 8;

pub(crate) fn command(
    spec: &Spec,
    availability: Availability,
    rule: Option<&RoleRule>,
    here: &Here<'_>,
) -> Reply {
    page_of(spec, availability, rule, here).reply()
}

pub(super) fn page_of(
    spec: &Spec,
    availability: Availability,
    rule: Option<&RoleRule>,
    here: &Here<'_>,
) -> Panel {
    let (sign, meaning) = here.sign(availability);
    let opening = here.opening(availability);
    let title = format!("{sign} {opening}{}", spec.qualified_name());
    let mut panel = Panel::new(here.theme, Tone::Categories, title)
        .text(&spec.description)
        .list("How to Call It", ways(spec, availability, here));
    // One that says the same as the usage says nothing.
    if spec.example_line() != spec.usage_line() {
        panel = panel.section("Example", format!("`{opening}{}`", spec.example_line()));
    }
    if !spec.options.is_empty() {
        panel = panel.list("Options", spec.options.iter().map(option));
    }
    if !spec.aliases.is_empty() {
        panel = panel.words("Also Called", spec.aliases.iter().map(|alias| format!("`{alias}`")));
    }
    panel = panel.section("Who May Call It", who(spec, rule, here));
    if !spec.cooldowns.is_empty() {
        panel = panel.list("Cooldown", spec.cooldowns.iter().map(|cooldown| pace(cooldown, here)));
    }
    panel.footer(&format!("{} | {meaning}", spec.category))
}

fn ways(spec: &Spec, availability: Availability, here: &Here<'_>) -> Vec<String> {
    let text = availability != Availability::SlashOnly;
    let slash = matches!(availability, Availability::Hybrid | Availability::SlashOnly);
    let usage = spec.usage_line();
    let mut ways = Vec::new();
    if text && (spec.triggers.prefix || availability == Availability::Converted) {
        ways.push(format!("`{}{usage}`", here.prefix));
    }
    if slash {
        ways.push(format!("`/{}`", spec.qualified_name()));
    }
    if let Some(bot) = here.mention.filter(|_| text) {
        ways.push(format!("<@{bot}> `{usage}`"));
    }
    ways.extend(spec.user_menu.iter().map(|name| format!("right-click on a person, Apps, `{name}`")));
    ways.extend(spec.message_menu.iter().map(|name| format!("right-click on a message, Apps, `{name}`")));
    ways
}

fn option(option: &OptionSpec) -> String {
    let need = if option.required { "needed" } else { "optional" };
    let mut line = format!("**{}** ({need}): {}", option.name, option.description);
    if !option.choices.is_empty() {
        let names: Vec<_> =
            option.choices.iter().take(CHOICES).map(|choice| format!("`{}`", choice.name)).collect();
        let more = if option.choices.len() > CHOICES { ", ..." } else { "" };
        let _ = write!(line, "; one of {}{more}", names.join(", "));
    } else if option.kind == OptionKind::Boolean && !option.flag {
        line.push_str("; yes or no");
    }
    line
}

fn who(spec: &Spec, rule: Option<&RoleRule>, here: &Here<'_>) -> String {
    let mut text = who_may_call(spec, here.guild, rule, here.roles);
    if spec.nsfw {
        text.push_str("\nOnly in channels for adults.");
    }
    if spec.guild_only {
        text.push_str("\nOnly in servers.");
    }
    text
}

fn pace(cooldown: &Cooldown, here: &Here<'_>) -> String {
    let pace = cooldown.pace.unwrap_or(here.default_pace);
    let times = if pace.uses == 1 { "once".to_owned() } else { format!("{} times", pace.uses) };
    let whose = match cooldown.scope {
        Scope::User => "for each person",
        Scope::Guild => "for each server",
        Scope::Channel => "for each channel",
        Scope::Global => "for everybody together",
    };
    let shared = if cooldown.bucket.is_some() { ", together with other commands" } else { "" };
    let span = if pace.per.subsec_nanos() == 0 {
        show_duration(pace.per)
    } else {
        format!("{:.1}s", pace.per.as_secs_f64())
    };
    format!("{times} in {span} {whose}{shared}")
}

/// A group with those of its commands that the caller may run.
pub(crate) fn group(group: &Group, members: &[Arc<Spec>], catalog: &Catalog, here: &Here<'_>) -> Reply {
    let lines = members.iter().map(|spec| {
        let availability = catalog.availability(spec);
        let (sign, opening) = (here.sign(availability).0, here.opening(availability));
        format!("{sign} `{opening}{}`: {}", spec.usage_line(), spec.description)
    });
    Panel::new(here.theme, Tone::Categories, &group.name)
        .text(&group.description)
        .list("Commands", lines)
        .footer(&format!("{}help and a name shows one in full", here.prefix))
        .reply()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cogwright_command::{Choice, Cog, Origin, Permissions};
    use twilight_model::id::Id;

    use super::*;
    use crate::service::tests::spec;
    use crate::view::tests::here;

    #[test]
    fn a_command_in_full() {
        let style = OptionSpec::new(OptionKind::String, "style", "How").optional();
        let shown = spec("echo")
            .alias("say")
            .category("Fun")
            .user_permissions(Permissions::MANAGE_MESSAGES)
            .cooldown(Cooldown::new(1, Duration::from_secs(10), Scope::User))
            .cooldown(Cooldown::standard(Scope::Guild).bucket("noise"))
            .option(OptionSpec::new(OptionKind::String, "text", "What to say").rest())
            .option(style.choice(Choice::same("plain")).choice(Choice::same("loud")))
            .option(OptionSpec::new(OptionKind::Boolean, "quiet", "Unseen").optional());
        insta::assert_json_snapshot!(command(&shown, Availability::Hybrid, None, &here()));
        let rule = RoleRule { roles: vec![Id::new(5)], origin: Origin::Guild };
        let tied = command(&shown, Availability::SlashOnly, Some(&rule), &here());
        insta::assert_json_snapshot!("a_slash_command_of_a_role", tied);
    }

    #[test]
    fn a_group_lists_what_may_be_run() {
        let group_of = Group::new("status", "What is shown").command(spec("add")).command(spec("list"));
        let catalog = Catalog::build([Cog::new("A").group(group_of)]).unwrap();
        let members: Vec<_> = catalog.commands_in("status").into_iter().cloned().collect();
        let known = catalog.find_group("status").unwrap();
        insta::assert_json_snapshot!(group(known, &members, &catalog, &here()));
    }
}
