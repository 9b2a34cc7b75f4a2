//! Which roles may call which command.

use std::sync::Arc;

use cogwright_command::{Choice, CommandResult, Ctx, Failure, Reply, Role, Spec, Suggest, command, lockout};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker};

use super::{failure, guild};
use crate::service::{Listing, Names, Wish, after, configurable, configurable_names, counting, in_force};
use crate::view;

/// Shows or changes which roles may call a command in this server.
#[command(
    guild_only,
    guild_owner_only,
    arguments = sound,
    example = "config ping @Moderators",
    cooldown = "20 per 1m per guild in settings"
)]
pub(crate) async fn config(
    ctx: Ctx,
    #[option(name = "command", description = "Which one; left out: all rules are listed", autocomplete = suggest)]
    name: Option<String>,
    #[option(description = "A role that may call it, beside the others of this server's rule")] role: Option<
        Role,
    >,
    #[option(description = "Takes the role away, or without a role the whole rule", flag)] none: Option<bool>,
) -> CommandResult {
    let guild = guild(&ctx)?;
    let Some(name) = name else { return list(&ctx, guild).await };
    let spec = named(&ctx, &name).await?;
    let none = none == Some(true);
    let wish = match (role, none) {
        (None, false) => return show(&ctx, guild, &spec).await,
        (Some(role), false) => Wish::Add(role.id),
        (Some(role), true) => Wish::Remove(role.id),
        (None, true) => Wish::Clear,
    };
    change(&ctx, guild, &spec, wish).await
}

/// Refuses what goes together with nothing, and commands that cannot be tied to roles.
async fn sound(ctx: Ctx, name: Option<String>, role: Option<Role>, none: Option<bool>) -> CommandResult {
    match name {
        Some(name) => named(&ctx, &name).await.map(drop),
        None if role.is_some() => {
            Err(Failure::bad_argument("role", "Say which command it is about: the name comes first."))
        }
        None if none == Some(true) => {
            Err(Failure::bad_argument("none", "Say of which command the rule goes: the name comes first."))
        }
        None => Ok(()),
    }
}

/// The command that is meant.
async fn named(ctx: &Ctx, name: &str) -> Result<Arc<Spec>, Failure> {
    let prefix = ctx.prefs().await.prefix;
    let given = name.trim();
    let given = given.strip_prefix(&prefix).unwrap_or(given).trim_start_matches('/');
    configurable(ctx.catalog(), given)
        .map_err(|refused| Failure::bad_argument("command", refused.to_string()))?
        .ok_or_else(|| Failure::not_known("command", name))
}

async fn list(ctx: &Ctx, guild: Id<GuildMarker>) -> CommandResult {
    let own = ctx.policies().rules(guild).await.map_err(failure)?;
    let rules = in_force(&own, &ctx.settings().command_permissions);
    let (rules, gone) = counting(rules, ctx.catalog());
    let listing = Listing {
        guild,
        rules,
        gone,
        names: Names::of(ctx.catalog()),
        known: ctx.known_roles(),
        opening: ctx.opening().to_owned(),
        bot_owner: ctx.is_bot_owner(),
    };
    let page = |page| view::rules(&listing, page, ctx.theme());
    ctx.pages((0..listing.pages()).map(page).collect()).await
}

async fn show(ctx: &Ctx, guild: Id<GuildMarker>, spec: &Spec) -> CommandResult {
    let rule = ctx.policies().rule(guild, &spec.qualified_name()).await.map_err(failure)?;
    ctx.reply(view::rule(spec, guild, rule.as_ref(), &ctx.known_roles(), ctx.opening(), ctx.theme())).await
}

async fn change(ctx: &Ctx, guild: Id<GuildMarker>, spec: &Spec, wish: Wish) -> CommandResult {
    let command = spec.qualified_name();
    let own = own_rule(ctx, guild, &command).await?;
    let Some(wanted) = after(&own, wish) else {
        return ctx.notice(view::kept_title(wish), &view::kept(&command, &own, wish)).await;
    };
    let before = ctx.policies().rule(guild, &command).await.map_err(failure)?;
    // Without its own rule the bot-wide one counts again.
    let usual = ctx.settings().command_permissions.get(&command).cloned().unwrap_or_default();
    let then = if wanted.is_empty() { &usual } else { &wanted };
    // Whoever may call this is an owner, who loses nothing.
    let loss = lockout(spec, guild, &ctx.guild_roles(), before.as_ref().map(|rule| &*rule.roles), then, None);
    if loss.is_empty() {
        save(ctx, guild, &command, &own, &wanted).await?;
        let text = changed(ctx, guild, spec).await?;
        return ctx.success(view::changed_title(wish), &text).await;
    }
    let question = view::question(spec, guild, &wanted, &usual, &ctx.known_roles(), &loss, ctx.theme());
    confirm(ctx, guild, spec, Change { wish, own, wanted, question }).await
}

/// A change that would take a command from somebody.
struct Change {
    wish: Wish,
    own: Vec<Id<RoleMarker>>,
    wanted: Vec<Id<RoleMarker>>,
    /// Says who.
    question: Reply,
}

async fn confirm(ctx: &Ctx, guild: Id<GuildMarker>, spec: &Spec, change: Change) -> CommandResult {
    let command = spec.qualified_name();
    let Some(answer) = ctx.confirm(change.question.ephemeral()).await? else { return Ok(()) };
    if !answer.value {
        return answer.confirm_done(view::given_up(&command, ctx.theme())).await;
    }
    // What was shown has to be what is saved.
    if let Err(failure) = save(ctx, guild, &command, &change.own, &change.wanted).await {
        answer.confirm_done(view::given_up(&command, ctx.theme())).await?;
        return Err(failure);
    }
    let text = changed(ctx, guild, spec).await?;
    answer.confirm_done(view::saved(view::changed_title(change.wish), &text, ctx.theme())).await
}

/// The roles of the server's own rule, in their order.
async fn own_rule(ctx: &Ctx, guild: Id<GuildMarker>, command: &str) -> Result<Vec<Id<RoleMarker>>, Failure> {
    let own = ctx.policies().rules(guild).await.map_err(failure)?;
    Ok(own.get(command).cloned().unwrap_or_default())
}

async fn save(
    ctx: &Ctx,
    guild: Id<GuildMarker>,
    command: &str,
    own: &[Id<RoleMarker>],
    wanted: &[Id<RoleMarker>],
) -> Result<(), Failure> {
    ctx.policies().replace_rule(guild, command, own, wanted, ctx.by()).await.map_err(failure)
}

async fn changed(ctx: &Ctx, guild: Id<GuildMarker>, spec: &Spec) -> Result<String, Failure> {
    let rule = ctx.policies().rule(guild, &spec.qualified_name()).await.map_err(failure)?;
    let usual = ctx.settings().command_permissions.get(&spec.qualified_name());
    Ok(view::changed(spec, guild, rule.as_ref(), usual.map_or(&[], Vec::as_slice), &ctx.known_roles()))
}

async fn suggest(about: Suggest) -> Vec<Choice> {
    about.matching(configurable_names(&about.catalog))
}
