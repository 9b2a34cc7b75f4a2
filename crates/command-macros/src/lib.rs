//! The attribute macro that fills a command's spec from a function, and the derive that makes an
//! enum a set of choices. They only translate: every rule of commands lives in `cogwright-command`.

mod attributes;
mod bounds;
mod choice;
mod command;
mod emit;

use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, ItemFn, parse_macro_input};

/// Makes a command of an asynchronous function.
///
/// ```ignore
/// /// Rolls a die.
/// #[command(aliases("dice"), example = "roll 20")]
/// async fn roll(
///     ctx: Ctx,
///     #[option(min = 2, max = 100, description = "How many sides")] sides: Option<u32>,
/// ) -> CommandResult {
///     ctx.reply(format!("You rolled {}", fastrand::u32(1..=sides.unwrap_or(6)))).await
/// }
/// ```
///
/// What is left is a function of the same name that returns the `Spec`, to be handed to a cog.
///
/// On the function: `name`, `description` (else the first line of the doc comment), `category`,
/// `aliases("a", "b")`, `usage`, `example`, `triggers(prefix, slash, mention)`, `guild_only`, `nsfw`,
/// `enabled = false`, `hidden`, `permissions(MANAGE_GUILD, ..)`, `bot_permissions(..)`; in other
/// languages `names("de" = "würfeln", "pt-BR" = "..")` and `descriptions(..)`; in context menus
/// `user_menu = "Name"` and `message_menu = "Name"`; `owner_only`, `guild_owner_only`,
/// `not_configurable`; `cooldown = "3 per 10s per user"` (several hold all; units ms, s, m, h, d;
/// `default per user` follows the settings; ` in NAME` shares it), `concurrency = "1 per guild"` and
/// `checks(function, ..)`, each an `async fn(Ctx) -> CommandResult`.
///
/// The first parameter is the `Ctx`. Each further one is an option: `#[option(..)]` takes `name`,
/// `description`, `names(..)`, `descriptions(..)`, `min`, `max` (of durations in seconds),
/// `min_length`, `max_length`, `choices("a", "b")`, `autocomplete = function`, `strict` (only what is
/// suggested is taken), `rest`, `variadic` (a `Vec` is that by itself),
/// `flag` (its bare name says yes) and `channel_types(GuildText, ..)`; without a description it is the name. Parameters marked
/// `#[state]` are services: they become parameters of the function that is left.
#[proc_macro_attribute]
pub fn command(attributes: TokenStream, item: TokenStream) -> TokenStream {
    expand(attributes, item, &quote!(::cogwright_command))
}

/// `command` for crates that use the facade.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn facade_command(attributes: TokenStream, item: TokenStream) -> TokenStream {
    expand(attributes, item, &quote!(::cogwright))
}

/// Makes an enum of unit variants the choices of an option.
///
/// A variant is shown by its name in words (`VeryLoud` as "Very loud") and typed in lower case
/// with hyphens (`very-loud`); `#[choice(name = "..", value = "..")]` says otherwise, and
/// `names("de" = "Sehr laut")` names it in other languages.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn choice(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as DeriveInput);
    choice::expand(&item, &quote!(::cogwright_command)).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// `Choice` for crates that use the facade.
#[doc(hidden)]
#[proc_macro_derive(FacadeChoice, attributes(choice))]
pub fn facade_choice(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as DeriveInput);
    choice::expand(&item, &quote!(::cogwright)).unwrap_or_else(syn::Error::into_compile_error).into()
}

fn expand(attributes: TokenStream, item: TokenStream, root: &proc_macro2::TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as ItemFn);
    let parsed = command::parse(attributes.into(), function);
    parsed.map_or_else(syn::Error::into_compile_error, |command| emit::command(&command, root)).into()
}
