//! How the answers look.

use cogwright_command::component::{Component, SelectMenu, SelectMenuType};
use cogwright_command::{Fields, Modal, Reply, User, plain, ui};

use crate::service::Board;

pub(crate) const COUNT: &str = "count";
pub(crate) const WHISPER: &str = "whisper";
pub(crate) const THINK: &str = "think";
pub(crate) const FORM: &str = "form";
pub(crate) const FILE: &str = "file";
pub(crate) const CLOSE: &str = "close";

pub(crate) fn echo(text: &str, to: Option<&User>) -> Reply {
    match to {
        Some(user) => {
            Reply::text(format!("{} {text}", user.mention()).chars().take(2_000).collect::<String>())
        }
        None => Reply::text(text),
    }
}

pub(crate) fn board(board: &Board) -> Reply {
    let buttons = [
        ui::primary(COUNT, format!("Count: {}", board.count)).into(),
        ui::button(WHISPER, "Ephemeral answer").into(),
        ui::button(THINK, "Deferred answer").into(),
        ui::success(FORM, "Open a form").into(),
        ui::button(FILE, "Send a file").into(),
    ];
    let selects = [
        text_select(),
        menu("user", SelectMenuType::User, "Choose a person"),
        menu("role", SelectMenuType::Role, "Choose a role"),
        menu("mentionable", SelectMenuType::Mentionable, "Choose a person or a role"),
        menu("channel", SelectMenuType::Channel, "Choose a channel"),
    ];
    let mut all: Vec<Component> = head(board);
    all.push(ui::row(buttons));
    all.push(ui::separator().into());
    all.extend(selects.map(|select| ui::row([select.into()])));
    all.push(ui::row([ui::danger(CLOSE, "Close").into()]));
    Reply::layout(all)
}

pub(crate) fn closed(board: &Board) -> Reply {
    Reply::layout(head(board))
}

fn head(board: &Board) -> Vec<Component> {
    let last = if board.last.is_empty() { "Press or choose something." } else { &board.last };
    vec![ui::text("## What a bot can show").into(), ui::text(last).into()]
}

fn text_select() -> SelectMenu {
    let options = [("Red", "red"), ("Green", "green"), ("Blue", "blue")];
    let mut select = ui::placeholder(ui::select("text", options), "Choose up to three colours");
    select.max_values = Some(3);
    select
}

fn menu(id: &str, kind: SelectMenuType, hint: &str) -> SelectMenu {
    ui::placeholder(ui::menu(id, kind), hint)
}

pub(crate) fn whisper(name: &str) -> Reply {
    Reply::text(format!("Only you can see this, {}.", plain(name)))
}

pub(crate) fn thought() -> Reply {
    Reply::text("I have thought about it.")
}

pub(crate) fn file(board: &Board) -> Reply {
    let text = format!("The button was pressed {} times.\n", board.count);
    Reply::text("Here is a file.").file("demo.txt", text)
}

pub(crate) fn form() -> Modal {
    let mut name = ui::short_input("name");
    name.max_length = Some(40);
    let mut story = ui::long_input("story");
    story.required = Some(false);
    story.max_length = Some(400);
    let mut mood = ui::select("mood", [("Good", "good"), ("So-so", "so-so"), ("Bad", "bad")]);
    mood.required = Some(false);
    Modal::new("form", "A form")
        .field("Your name", name)
        .explained("Your story", "Leave it out if you like", story)
        .explained("Your mood", "May be left out too", mood)
}

/// What was filled in, in words.
pub(crate) fn filled(fields: &Fields) -> String {
    let story = match fields.text("story") {
        "" => "no story".to_owned(),
        story => format!("the story “{}”", plain(story)),
    };
    let mood = fields.values("mood").first().map_or("no", String::as_str);
    format!("The form came in from “{}”, with {mood} mood and {story}.", plain(fields.text("name")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_board() {
        insta::assert_json_snapshot!(board(&Board { count: 2, last: "Something happened.".into() }));
    }

    #[test]
    fn a_closed_board_has_nothing_to_press() {
        insta::assert_json_snapshot!(closed(&Board::default()));
    }

    #[test]
    fn a_form_in_words() {
        assert_eq!(filled(&Fields::default()), "The form came in from “”, with no mood and no story.");
    }
}
