//! The answer to a group that was called without one of its commands.

use std::fmt::Write as _;

use crate::catalog::Placed;
use crate::ctx::Trigger;
use crate::failure::quote;
use crate::near::near;
use crate::reply::plain;
use crate::services::Services;
use crate::theme::Icon;

/// Longest answer, in bytes, below the 2,000 characters of a message.
const MAX_TEXT: usize = 1_800;

/// What there is in the group, and what may have been meant by `given`; nothing when none of it
/// can be called in this way.
pub(super) fn page(
    services: &Services,
    group: &Placed,
    given: Option<&str>,
    trigger: Trigger,
    opening: &str,
) -> Option<String> {
    let catalog = &services.catalog;
    let listed: Vec<_> = catalog
        .leaves(group)
        .into_iter()
        .filter(|spec| spec.is_listed() && services.is_on(spec) && catalog.is_open(spec, trigger))
        .collect();
    if listed.is_empty() {
        return None;
    }
    let mut text = match given {
        Some(given) => {
            // Compared without the group's name, which was right.
            let below = |name: &str| name.get(group.qualified.len() + 1..).unwrap_or_default().to_owned();
            let names = near(given, listed.iter().map(|spec| below(&spec.qualified_name())));
            let names: Vec<_> =
                names.iter().map(|name| format!("`{opening}{} {name}`", group.qualified)).collect();
            let hint =
                if names.is_empty() { String::new() } else { format!(" Did you mean {}?", names.join(", ")) };
            let settings = services.settings();
            let sign = settings.theme.icon(Icon::Error);
            format!("{sign} There is no {} in `{opening}{}`.{hint}", quote(given), group.qualified)
        }
        None => format!("`{opening}{}`: {}", group.qualified, plain(&group.group.description)),
    };
    for (shown, spec) in listed.iter().enumerate() {
        let line = format!("\n`{opening}{}`: {}", spec.usage_line(), plain(&spec.description));
        if text.len() + line.len() > MAX_TEXT {
            let _ = write!(text, "\nand {} more", listed.len() - shown);
            break;
        }
        text.push_str(&line);
    }
    Some(text)
}
