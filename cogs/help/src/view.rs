//! How the menu and the page of a command look.

use cogwright_command::embed::{EmbedBuilder, EmbedFieldBuilder, EmbedFooterBuilder};
use cogwright_command::{OptionSpec, Reply, Spec, Triggers, ui};

use crate::service::{Book, Category};

pub(crate) const PICK: &str = "category";
pub(crate) const BACK: &str = "back";
pub(crate) const ON: &str = "on";
pub(crate) const COVER: &str = "cover";
pub(crate) const CLOSE: &str = "close";

/// The colour of this bot's embeds.
const COLOUR: u32 = 0x2f_9e_8f;

/// Where in the menu one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Cover,
    Page { category: usize, page: usize },
}

pub(crate) fn menu(book: &Book, place: Place, prefix: &str) -> Reply {
    let (embed, page, pages) = match place {
        Place::Page { category, page } => match book.categories.get(category) {
            Some(known) => (sheet(known, page, prefix), Some(page), known.pages()),
            None => (cover(book, prefix), None, 0),
        },
        Place::Cover => (cover(book, prefix), None, 0),
    };
    let back = ui::enabled(ui::button(BACK, "Back"), page.is_some_and(|page| page > 0));
    let on = ui::enabled(ui::button(ON, "Next"), page.is_some_and(|page| page + 1 < pages));
    let cover = ui::enabled(ui::button(COVER, "Overview"), page.is_some());
    let buttons = [back.into(), on.into(), cover.into(), ui::danger(CLOSE, "Close").into()];
    Reply::new()
        .embed(embed.build())
        .component(ui::row([picker(book, place).into()]))
        .component(ui::row(buttons))
}

/// What is left when somebody closes the menu.
pub(crate) fn closed(book: &Book, place: Place, prefix: &str) -> Reply {
    let embed = match place {
        Place::Page { category, page } => {
            book.categories.get(category).map(|known| sheet(known, page, prefix))
        }
        Place::Cover => None,
    };
    Reply::new().embed(embed.unwrap_or_else(|| cover(book, prefix)).build())
}

fn picker(book: &Book, place: Place) -> cogwright_command::component::SelectMenu {
    let mut select = ui::select(PICK, [("Overview", "cover")]);
    let options = select.options.get_or_insert_default();
    for (number, category) in book.categories.iter().enumerate() {
        let label = format!("{} ({})", category.name, category.commands.len());
        let mut choice = ui::choice(label.chars().take(100).collect::<String>(), number.to_string());
        choice.default = matches!(place, Place::Page { category, .. } if category == number);
        options.push(choice);
    }
    ui::placeholder(select, "Choose a category")
}

fn cover(book: &Book, prefix: &str) -> EmbedBuilder {
    let mut lines = vec![
        format!("{} commands. Choose a category below.", book.count()),
        format!("Call them as `{prefix}name`, as `/name`, or by mentioning me before the name."),
        String::new(),
    ];
    for category in &book.categories {
        let count = category.commands.len();
        let plural = if count == 1 { "" } else { "s" };
        lines.push(format!("**{}**: {count} command{plural}", category.name));
    }
    EmbedBuilder::new()
        .title("Help")
        .description(lines.join("\n"))
        .color(COLOUR)
        .footer(EmbedFooterBuilder::new(format!("{prefix}help <command> shows one in full")))
}

fn sheet(category: &Category, page: usize, prefix: &str) -> EmbedBuilder {
    let mut embed = EmbedBuilder::new().title(&category.name).color(COLOUR);
    for spec in category.page(page) {
        let opening = if spec.triggers.prefix { prefix } else { "/" };
        let name = format!("{opening}{}", spec.usage_line());
        embed = embed.field(EmbedFieldBuilder::new(cut(&name, 256), spec.description.clone()));
    }
    embed.footer(EmbedFooterBuilder::new(format!("Page {} of {}", page + 1, category.pages())))
}

pub(crate) fn command(spec: &Spec, prefix: &str) -> Reply {
    let Triggers { prefix: by_prefix, slash, mention } = spec.triggers;
    let mut ways = Vec::new();
    if by_prefix {
        ways.push(format!("`{prefix}{}`", spec.usage_line()));
    }
    if slash {
        ways.push(format!("`/{}`", spec.qualified_name()));
    }
    if mention {
        ways.push(format!("`@me {}`", spec.usage_line()));
    }
    let opening = if by_prefix { prefix } else { "/" };
    let mut embed = EmbedBuilder::new()
        .title(format!("{opening}{}", spec.qualified_name()))
        .description(spec.description.clone())
        .color(COLOUR)
        .field(EmbedFieldBuilder::new("How to call it", cut(&ways.join("\n"), 1024)))
        .field(EmbedFieldBuilder::new("Example", format!("`{opening}{}`", cut(&spec.example_line(), 1000))));
    if !spec.options.is_empty() {
        let lines: Vec<_> = spec.options.iter().map(option).collect();
        embed = embed.field(EmbedFieldBuilder::new("Options", cut(&lines.join("\n"), 1024)));
    }
    if !spec.aliases.is_empty() {
        embed = embed.field(EmbedFieldBuilder::new("Also called", cut(&spec.aliases.join(", "), 1024)));
    }
    if spec.guild_only || !spec.user_permissions.is_empty() {
        embed = embed.field(EmbedFieldBuilder::new("Where", "Only in servers"));
    }
    Reply::new().embed(embed.footer(EmbedFooterBuilder::new(spec.category.clone())).build())
}

fn option(option: &OptionSpec) -> String {
    let need = if option.required { "" } else { " (optional)" };
    format!("**{}**{need}: {}", option.name, option.description)
}

fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        text.to_owned()
    } else {
        text.chars().take(max - 1).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use cogwright_command::{Choice, OptionKind, Permissions};

    use super::*;
    use crate::service::tests::{catalog, spec};

    #[test]
    fn the_cover() {
        insta::assert_json_snapshot!(menu(&Book::of(&catalog()), Place::Cover, "!"));
    }

    #[test]
    fn a_page() {
        insta::assert_json_snapshot!(menu(&Book::of(&catalog()), Place::Page { category: 1, page: 1 }, "!"));
    }

    #[test]
    fn a_closed_menu_keeps_its_text_alone() {
        let reply = closed(&Book::of(&catalog()), Place::Page { category: 0, page: 0 }, "!");
        assert!(reply.components().is_empty());
    }

    #[test]
    fn the_page_of_a_command() {
        let style = OptionSpec::new(OptionKind::String, "style", "How").optional();
        let spec = spec("echo")
            .alias("say")
            .category("Fun")
            .user_permissions(Permissions::MANAGE_MESSAGES)
            .option(OptionSpec::new(OptionKind::String, "text", "What to say").rest())
            .option(style.choice(Choice::same("plain")).choice(Choice::same("loud")));
        insta::assert_json_snapshot!(command(&spec, "!"));
    }
}
