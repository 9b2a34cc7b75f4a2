//! The help menu and the page of one command.

use std::sync::Arc;

use cogwright_command::{Choice, CommandResult, Ctx, Failure, Spec, Suggest, command};

use crate::service::{Book, Place, callable, offered};
use crate::view::{self, Here};

/// Shows what the bot can do.
#[command(aliases("commands"), example = "help ping", cooldown = "1 per 10s per user")]
pub(crate) async fn help(
    ctx: Ctx,
    #[option(name = "command", description = "Show one command in full", rest, autocomplete = suggest)]
    name: Option<String>,
) -> CommandResult {
    let prefs = ctx.prefs().await;
    let here = Here {
        theme: ctx.theme(),
        prefix: &prefs.prefix,
        mention: prefs.mention.then(|| ctx.bot_id()),
        guild: ctx.guild_id(),
        default_pace: ctx.settings().default_cooldown,
        asked_by: &ctx.invoker().display_name,
    };
    if let Some(name) = name {
        return page(&ctx, &here, &name).await;
    }
    let book = Book::new(ctx.catalog(), callable(&ctx).await);
    let mut place = Place::Cover { shelf: 0 };
    let mut menu = ctx.open(draw(&ctx, &here, &book, place).await?).await?;
    while let Some(press) = menu.next().await {
        let chosen = press.values().first();
        place = match press.id() {
            view::CREDITS => {
                press.reply_ephemeral(view::credits(here.theme)).await?;
                continue;
            }
            view::CLOSE => {
                return press.finish(draw(&ctx, &here, &book, place).await?.without_components()).await;
            }
            view::CATEGORY => book.category(chosen),
            view::COMMAND => book.command(place, chosen),
            view::PREVIOUS => book.turned(place, false),
            view::NEXT => book.turned(place, true),
            view::UP => place.up(),
            view::HOME => place.home(),
            _ => place,
        };
        press.update(draw(&ctx, &here, &book, place).await?).await?;
    }
    Ok(())
}

async fn draw(
    ctx: &Ctx,
    here: &Here<'_>,
    book: &Book,
    place: Place,
) -> Result<cogwright_command::Reply, Failure> {
    let rule = match book.spec(place) {
        Some(spec) => rule(ctx, spec).await?,
        None => None,
    };
    Ok(view::menu(book, place, rule.as_ref(), here))
}

/// The rule in force for a command here.
async fn rule(ctx: &Ctx, spec: &Spec) -> Result<Option<cogwright_command::RoleRule>, Failure> {
    match ctx.guild_id() {
        Some(guild) => Ok(ctx.policies().rule(guild, &spec.qualified_name()).await?),
        None => Ok(None),
    }
}

async fn page(ctx: &Ctx, here: &Here<'_>, name: &str) -> CommandResult {
    let given = name.trim();
    let given = given.strip_prefix(here.prefix).unwrap_or(given).trim_start_matches('/');
    let catalog = ctx.catalog();
    let found = match catalog.find(given) {
        // What the caller may not run is not shown by its name either.
        Some(spec) if spec.is_listed() && ctx.may_call(spec).await => Some(Arc::clone(spec)),
        _ => None,
    };
    if let Some(spec) = found {
        let rule = rule(ctx, &spec).await?;
        let availability = catalog.availability(&spec);
        return ctx.reply(view::command(&spec, availability, rule.as_ref(), here)).await;
    }
    let mut members = Vec::new();
    for spec in catalog.commands_in(given).into_iter().filter(|spec| spec.is_listed()) {
        if ctx.may_call(spec).await {
            members.push(Arc::clone(spec));
        }
    }
    match catalog.find_group(given).filter(|_| !members.is_empty()) {
        Some(group) => ctx.reply(view::group(group, &members, catalog, here)).await,
        None => Err(Failure::not_known("command", name)),
    }
}

async fn suggest(about: Suggest) -> Vec<Choice> {
    about.matching(offered(&about.catalog, about.invoker.permissions))
}
