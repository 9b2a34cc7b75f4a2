//! The help menu and the page of one command.

use std::sync::Arc;

use cogwright_command::{Choice, CommandResult, Ctx, Failure, Group, Spec, Suggest, command};

use crate::service::{Book, Place, callable, offered};
use crate::view::{self, Here};

/// Quotes that people put around the name of a command in a group: here the rest of the line is the name anyway.
const QUOTES: [char; 7] = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}'];

/// Shows what the bot can do.
#[command(aliases("commands"), example = "help ping", arguments = known, cooldown = "1 per 10s per user")]
pub(crate) async fn help(
    ctx: Ctx,
    #[option(name = "command", description = "Show one command in full", rest, autocomplete = suggest)]
    name: Option<String>,
) -> CommandResult {
    let (prefs, roles) = (ctx.prefs().await, ctx.known_roles());
    let (picture, asker) = (ctx.bot_picture(), ctx.invoker_picture());
    let here = Here {
        theme: ctx.theme(),
        prefix: &prefs.prefix,
        mention: prefs.mention.then(|| ctx.bot_id()),
        guild: ctx.guild_id(),
        roles: &roles,
        default_pace: ctx.settings().default_cooldown,
        asked_by: &ctx.invoker().display_name,
        asker_picture: asker.as_deref(),
        picture: picture.as_deref(),
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
                press.reply_ephemeral(view::credits(here.theme, here.picture)).await?;
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
    match find(ctx, here.prefix, name).await? {
        Found::Command(spec) => {
            let rule = rule(ctx, &spec).await?;
            let availability = ctx.catalog().availability(&spec);
            ctx.reply(view::command(&spec, availability, rule.as_ref(), here)).await
        }
        Found::Group(group, members) => ctx.reply(view::group(&group, &members, ctx.catalog(), here)).await,
    }
}

/// What a name stands for.
enum Found {
    Command(Arc<Spec>),
    /// A group, with those of its commands that the caller may run.
    Group(Box<Group>, Vec<Arc<Spec>>),
}

/// Refuses a name that stands for nothing here.
async fn known(ctx: Ctx, name: Option<String>) -> CommandResult {
    let Some(name) = name else { return Ok(()) };
    let prefix = ctx.prefs().await.prefix;
    find(&ctx, &prefix, &name).await.map(drop)
}

/// What the caller may not run is not found by its name either.
async fn find(ctx: &Ctx, prefix: &str, name: &str) -> Result<Found, Failure> {
    let given = name.trim().trim_matches(QUOTES);
    let given = given.strip_prefix(prefix).unwrap_or(given).trim_start_matches('/');
    let catalog = ctx.catalog();
    if let Some(spec) = catalog.find(given).filter(|spec| spec.is_listed())
        && ctx.may_call(spec).await
    {
        return Ok(Found::Command(Arc::clone(spec)));
    }
    let mut members = Vec::new();
    for spec in catalog.commands_in(given).into_iter().filter(|spec| spec.is_listed()) {
        if ctx.may_call(spec).await {
            members.push(Arc::clone(spec));
        }
    }
    match catalog.find_group(given).filter(|_| !members.is_empty()) {
        Some(group) => Ok(Found::Group(Box::new(group.clone()), members)),
        None => Err(Failure::not_known("command", name)),
    }
}

async fn suggest(about: Suggest) -> Vec<Choice> {
    about.matching(offered(&about.catalog, about.invoker.permissions))
}
