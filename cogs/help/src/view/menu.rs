//! The menu: its first page, the pages of a category, and its controls.

use cogwright_command::component::{Button, SelectMenu};
use cogwright_command::{Availability, Icon, Panel, Reply, RoleRule, Tone, counted, ui};

use super::Here;
use super::command::page_of;
use crate::service::{Book, Category, Place};

pub(crate) const CATEGORY: &str = "category";
pub(crate) const COMMAND: &str = "command";
pub(crate) const PREVIOUS: &str = "previous";
pub(crate) const NEXT: &str = "next";
pub(crate) const UP: &str = "up";
pub(crate) const HOME: &str = "home";
pub(crate) const CREDITS: &str = "credits";
pub(crate) const CLOSE: &str = "close";

/// Longest label and description of what a select offers. See Discord docs: Components / String Select.
const MAX_LABEL: usize = 100;

/// What a place shows; `rule` is the one in force for the command that it shows.
pub(crate) fn menu(book: &Book, place: Place, rule: Option<&RoleRule>, here: &Here<'_>) -> Reply {
    let known = match place {
        Place::Page { category, page } | Place::Command { category, page, .. } => {
            book.categories.get(category).map(|known| (known, page))
        }
        Place::Cover { .. } => None,
    };
    let panel = match (book.entry(place), known) {
        (Some(entry), _) => page_of(&entry.spec, entry.availability, rule, here),
        (None, Some((category, page))) => sheet(category, page, here),
        (None, None) => cover(book, place.shelf(), here),
    };
    let mut reply = panel.reply();
    if !book.categories.is_empty() {
        reply = reply.component(ui::row([categories(book, place, here).into()]));
    }
    if let Some((category, page)) = known {
        reply = reply.component(ui::row([commands_of(category, page, place, here).into()]));
    }
    reply.component(ui::row(buttons(book, place, known, here).into_iter().map(Into::into)))
}

fn buttons(book: &Book, place: Place, known: Option<(&Category, usize)>, here: &Here<'_>) -> Vec<Button> {
    let button = |id, label, icon| ui::with_emoji(ui::button(id, label), here.theme.icon(icon));
    let turn = |back, on, at: usize, count: usize| {
        let back = ui::enabled(button(PREVIOUS, back, Icon::Previous), at > 0);
        [back, ui::enabled(button(NEXT, on, Icon::Next), at + 1 < count)]
    };
    let mut buttons = Vec::new();
    match (place, known) {
        (Place::Page { page, .. }, Some((category, _))) if category.pages() > 1 => {
            buttons.extend(turn("Previous", "Next", page, category.pages()));
        }
        (Place::Command { .. }, Some(_)) => buttons.push(button(UP, "Back", Icon::Previous)),
        (_, None) if book.shelves() > 1 => {
            buttons.extend(turn("Prev Categories", "Next Categories", place.shelf(), book.shelves()));
        }
        _ => {}
    }
    match known {
        Some(_) => {
            buttons.push(ui::with_emoji(ui::primary(HOME, "Back to Main"), here.theme.icon(Icon::Home)));
        }
        None => buttons.push(button(CREDITS, "Credits", Icon::Info)),
    }
    buttons.push(ui::danger(CLOSE, "Close"));
    buttons
}

fn categories(book: &Book, place: Place, here: &Here<'_>) -> SelectMenu {
    let options = book.shelf(place.shelf()).map(|(number, category)| {
        let mut choice = ui::choice(label(&category.name), number.to_string());
        choice.description = Some(format!("{} available", counted(category.commands.len(), "command")));
        choice.emoji = Some(ui::emoji(here.theme.icon(Icon::Help)));
        choice.default = matches!(
            place,
            Place::Page { category, .. } | Place::Command { category, .. } if category == number
        );
        choice
    });
    let select = SelectMenu { options: Some(options.collect()), ..ui::select::<&str, &str>(CATEGORY, []) };
    ui::placeholder(select, "Choose a category")
}

fn commands_of(category: &Category, page: usize, place: Place, here: &Here<'_>) -> SelectMenu {
    let options = category.page(page).iter().enumerate().map(|(number, entry)| {
        let name = format!("{}{}", here.opening(entry.availability), entry.spec.qualified_name());
        let mut choice = ui::choice(label(&name), number.to_string());
        choice.description = Some(label(&entry.spec.description));
        choice.default = matches!(place, Place::Command { index, .. } if index == number);
        choice
    });
    let select = SelectMenu { options: Some(options.collect()), ..ui::select::<&str, &str>(COMMAND, []) };
    ui::placeholder(select, "Show a command in full")
}

/// A label, cut to what a select takes.
fn label(text: &str) -> String {
    if text.chars().count() <= MAX_LABEL {
        return text.to_owned();
    }
    text.chars().take(MAX_LABEL - 1).chain(['…']).collect()
}

fn cover(book: &Book, shelf: usize, here: &Here<'_>) -> Panel {
    let (count, categories) = (counted(book.count(), "command"), book.categories.len());
    let found = match categories {
        0 => "There is no command that you could call here.".to_owned(),
        1 => format!("{count} in one category. Choose it below."),
        _ => format!("{count} in {categories} categories. Choose one below."),
    };
    let mention = here.mention.map(|bot| format!(" or <@{bot}>")).unwrap_or_default();
    let mut panel =
        Panel::new(here.theme, Tone::MainMenu, format!("{} Help Menu", here.theme.icon(Icon::Help)))
            .text(format!("{found}\nCurrent prefix: `{}`{mention}", here.prefix));
    if categories > 0 {
        let shelves = book.shelves();
        let name =
            if shelves > 1 { format!("Categories {}/{shelves}", shelf + 1) } else { "Categories".to_owned() };
        let lines = book.shelf(shelf).map(|(_, category)| {
            format!("**{}**: {}", category.name, counted(category.commands.len(), "command"))
        });
        panel = panel.list(&name, lines);
    }
    let mut ways = vec![format!("`{}name`", here.prefix), "`/name`".to_owned()];
    ways.extend(here.mention.map(|bot| format!("<@{bot}> name")));
    let more = format!("`{}help name` shows one command in full.", here.prefix);
    panel
        .section("How to Call a Command", format!("{}\n{more}", ways.join(", ")))
        .thumbnail(here.picture)
        .signed(&format!("Requested by {}", here.asked_by), here.asker_picture)
}

fn sheet(category: &Category, page: usize, here: &Here<'_>) -> Panel {
    let (count, pages) = (category.commands.len(), category.pages());
    let mut panel = Panel::new(here.theme, Tone::Categories, &category.name)
        .text(format!("Total commands: {count} | Page {}/{pages}", page + 1));
    for entry in category.page(page) {
        let (sign, opening) = (here.sign(entry.availability).0, here.opening(entry.availability));
        panel =
            panel.section(&format!("{sign} {opening}{}", entry.spec.usage_line()), &entry.spec.description);
    }
    let mut signs = vec![Availability::Hybrid, Availability::TextOnly, Availability::Converted];
    // Rare enough to be explained only where it stands.
    signs.extend(category.page(page).iter().map(|entry| entry.availability).find(|own| !signs.contains(own)));
    let legend = signs.into_iter().map(|availability| {
        let (sign, meaning) = here.sign(availability);
        format!("{sign} {meaning}")
    });
    panel.list("Legend", legend).footer(&format!("<needed> [optional] | {}", category.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::tests::{book, many, small};
    use crate::view::tests::here;

    fn drawn(book: &Book, place: Place) -> Reply {
        menu(book, place, None, &here())
    }

    #[test]
    fn the_first_page() {
        insta::assert_json_snapshot!(drawn(&small(), Place::Cover { shelf: 0 }));
    }

    #[test]
    fn a_page_with_every_sign() {
        insta::assert_json_snapshot!(drawn(&small(), Place::Page { category: 1, page: 0 }));
    }

    #[test]
    fn a_command_in_the_menu() {
        insta::assert_json_snapshot!(drawn(&small(), Place::Command { category: 1, page: 1, index: 0 }));
    }

    #[test]
    fn more_categories_than_a_select_takes() {
        let second = drawn(&many(), Place::Cover { shelf: 1 });
        insta::assert_json_snapshot!(second);
    }

    #[test]
    fn nothing_to_call() {
        let reply = drawn(&book([]), Place::Cover { shelf: 0 });
        assert_eq!(reply.components().len(), 1, "a select without options would be refused");
        assert!(reply.embeds()[0].description.as_deref().unwrap().starts_with("There is no command"));
    }
}
