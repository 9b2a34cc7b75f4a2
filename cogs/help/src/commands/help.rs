//! The help menu and the page of one command.

use cogwright_command::{Choice, CommandResult, Ctx, Failure, Suggest, command};

use crate::service::{Book, names};
use crate::view::{self, Place};

/// Shows what the bot can do.
#[command(aliases("commands"), example = "help command:ping")]
pub(crate) async fn help(
    ctx: Ctx,
    #[option(name = "command", description = "Show one command in full", autocomplete = suggest)]
    name: Option<String>,
) -> CommandResult {
    if let Some(name) = name {
        return page(&ctx, &name).await;
    }
    let book = Book::of(ctx.catalog());
    let mut place = Place::Cover;
    let prefix = ctx.settings().prefix.clone();
    let mut menu = ctx.open(view::menu(&book, place, &prefix)).await?;
    while let Some(press) = menu.next().await {
        place = match (press.id(), place) {
            (view::PICK, _) => book.place_of(press.values().first()),
            (view::BACK, Place::Page { category, page }) => book.page(category, page.saturating_sub(1)),
            (view::ON, Place::Page { category, page }) => book.page(category, page + 1),
            (view::COVER, _) => Place::Cover,
            (view::CLOSE, _) => return press.finish(view::closed(&book, place, &prefix)).await,
            _ => place,
        };
        press.update(view::menu(&book, place, &prefix)).await?;
    }
    Ok(())
}

async fn page(ctx: &Ctx, name: &str) -> CommandResult {
    let given = name.trim().trim_start_matches(&ctx.settings().prefix).trim_start_matches('/');
    let catalog = ctx.catalog();
    let Some(spec) = catalog.find(given).filter(|spec| spec.is_listed()) else {
        return Err(Failure::not_known("command", name));
    };
    ctx.reply(view::command(spec, &ctx.settings().prefix)).await
}

async fn suggest(about: Suggest) -> Vec<Choice> {
    about.matching(names(&about.catalog))
}
