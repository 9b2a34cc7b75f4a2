//! Reads a function marked as a command.

use proc_macro2::{Span, TokenStream};
use syn::parse::Parser as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, FnArg, Ident, ItemFn, LitStr, Pat, PatType, Path, Result, Type};

use crate::attributes::{
    Errors, bounded, doc, flag, idents, length, localized, name, number, paths, text, texts,
};
use crate::bounds::{Concurrency, Cooldown};

/// Longest description. See Discord docs: Application Commands / Application Command Structure.
const MAX_DESCRIPTION: usize = 100;

pub(crate) struct Command {
    /// The function, without the attributes that are ours.
    pub(crate) function: ItemFn,
    pub(crate) name: String,
    pub(crate) description: LitStr,
    pub(crate) category: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) usage: Option<LitStr>,
    pub(crate) example: Option<LitStr>,
    pub(crate) triggers: Option<Vec<Ident>>,
    pub(crate) names: Vec<(LitStr, LitStr)>,
    pub(crate) descriptions: Vec<(LitStr, LitStr)>,
    pub(crate) user_menu: Option<LitStr>,
    pub(crate) message_menu: Option<LitStr>,
    pub(crate) guild_only: bool,
    pub(crate) nsfw: bool,
    pub(crate) enabled: bool,
    pub(crate) hidden: bool,
    pub(crate) permissions: Vec<Ident>,
    pub(crate) bot_permissions: Vec<Ident>,
    /// Methods of the spec without arguments: the tier, and whether a guild may tie it to roles.
    pub(crate) marks: Vec<Ident>,
    pub(crate) cooldowns: Vec<Cooldown>,
    pub(crate) concurrency: Option<Concurrency>,
    pub(crate) checks: Vec<Path>,
    /// A function with the parameters of the command, which may refuse what they hold.
    pub(crate) arguments: Option<Path>,
    /// All parameters after the context, in their order.
    pub(crate) parameters: Vec<Parameter>,
}

pub(crate) enum Parameter {
    State { ident: Ident, ty: Box<Type> },
    Option(Box<OptionParameter>),
}

pub(crate) struct OptionParameter {
    pub(crate) ty: Type,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) min_length: Option<u16>,
    pub(crate) max_length: Option<u16>,
    pub(crate) choices: Vec<LitStr>,
    pub(crate) autocomplete: Option<Path>,
    pub(crate) rest: bool,
    pub(crate) strict: bool,
    pub(crate) variadic: bool,
    pub(crate) flag: bool,
    pub(crate) bare_seconds: bool,
    pub(crate) names: Vec<(LitStr, LitStr)>,
    pub(crate) descriptions: Vec<(LitStr, LitStr)>,
    pub(crate) channel_types: Vec<Ident>,
}

pub(crate) fn parse(attributes: TokenStream, mut function: ItemFn) -> Result<Command> {
    let mut errors = Errors::default();
    if function.sig.asyncness.is_none() {
        errors.say(function.sig.fn_token.span, "a command is an `async fn`");
    }
    if !function.sig.generics.params.is_empty() {
        errors.say(
            function.sig.generics.span(),
            "a command cannot be generic: Discord calls it by its name alone",
        );
    }
    let own = LitStr::new(
        &function.sig.ident.to_string().trim_start_matches("r#").replace('_', "-"),
        function.sig.ident.span(),
    );
    let mut command = Command {
        name: own.value(),
        description: LitStr::new("", Span::call_site()),
        category: None,
        aliases: Vec::new(),
        usage: None,
        example: None,
        triggers: None,
        names: Vec::new(),
        descriptions: Vec::new(),
        user_menu: None,
        message_menu: None,
        guild_only: false,
        nsfw: false,
        enabled: true,
        hidden: false,
        permissions: Vec::new(),
        bot_permissions: Vec::new(),
        marks: Vec::new(),
        cooldowns: Vec::new(),
        concurrency: None,
        checks: Vec::new(),
        arguments: None,
        parameters: parameters(&mut function, &mut errors),
        function,
    };
    let (mut given, mut described) = (own, doc(&command.function.attrs));
    let parser = syn::meta::parser(|meta| {
        let key = meta.path.require_ident()?.to_string();
        match key.as_str() {
            "name" => given = text(&meta, 32)?,
            "description" => described = Some(text(&meta, MAX_DESCRIPTION)?),
            "category" => command.category = Some(text(&meta, 100)?),
            "aliases" => command.aliases = texts(&meta)?,
            "usage" => command.usage = Some(meta.value()?.parse()?),
            "example" => command.example = Some(text(&meta, 200)?),
            "triggers" => command.triggers = Some(triggers(idents(&meta)?)?),
            "names" => command.names = localized(&meta)?,
            "descriptions" => command.descriptions = localized(&meta)?,
            "user_menu" => command.user_menu = Some(text(&meta, 32)?),
            "message_menu" => command.message_menu = Some(text(&meta, 32)?),
            "guild_only" => command.guild_only = true,
            "nsfw" => command.nsfw = true,
            "enabled" => command.enabled = flag(&meta)?,
            "hidden" => command.hidden = true,
            "permissions" => command.permissions = idents(&meta)?,
            "bot_permissions" => command.bot_permissions = idents(&meta)?,
            "owner_only" | "guild_owner_only" | "not_configurable" => {
                command.marks.push(meta.path.require_ident()?.clone());
            }
            "cooldown" => command.cooldowns.push(Cooldown::read(&meta.value()?.parse()?)?),
            "concurrency" => command.concurrency = Some(Concurrency::read(&meta.value()?.parse()?)?),
            "checks" => command.checks = paths(&meta)?,
            "arguments" => command.arguments = Some(meta.value()?.parse()?),
            _ => {
                return Err(meta.error(
                    "unknown; a command has name, names, description, descriptions, category, aliases, usage, \
                     example, triggers, user_menu, message_menu, guild_only, nsfw, enabled, hidden, permissions, \
                     bot_permissions, owner_only, guild_owner_only, not_configurable, cooldown, concurrency, checks and \
                     arguments",
                ));
            }
        }
        Ok(())
    });
    errors.keep(parser.parse2(attributes));
    if let Some(name) = errors.keep(name(&given)) {
        command.name = name;
    }
    for alias in &command.aliases {
        errors.keep(name(alias));
    }
    match described.map(|text| bounded(text, MAX_DESCRIPTION)) {
        Some(text) => command.description = errors.keep(text).unwrap_or(command.description),
        None => errors.say(
            command.function.sig.ident.span(),
            "say in one line what the command does: a doc comment, or `description = \"..\"`",
        ),
    }
    errors.finish(command)
}

fn triggers(given: Vec<Ident>) -> Result<Vec<Ident>> {
    let wrong =
        given.iter().find(|ident| !["prefix", "slash", "mention"].iter().any(|known| *ident == known));
    match wrong {
        Some(wrong) => Err(syn::Error::new(wrong.span(), "a trigger is one of prefix, slash, mention")),
        None => Ok(given),
    }
}

fn parameters(function: &mut ItemFn, errors: &mut Errors) -> Vec<Parameter> {
    let span = function.sig.ident.span();
    let mut inputs = function.sig.inputs.iter_mut();
    match inputs.next() {
        Some(FnArg::Typed(_)) => {}
        Some(FnArg::Receiver(receiver)) => {
            errors
                .say(receiver.span(), "a command is a free function; its services are `#[state]` parameters");
        }
        None => errors.say(span, "the first parameter of a command is its `ctx: Ctx`"),
    }
    let mut optional = None::<String>;
    let mut names = Vec::<String>::new();
    let mut found = Vec::new();
    for input in inputs {
        let FnArg::Typed(typed) = input else { continue };
        let Some(parameter) = errors.keep(parameter(typed)) else { continue };
        if let Parameter::Option(option) = &parameter {
            match &optional {
                Some(before) if !is_option(&option.ty) => {
                    errors.say(
                        typed.ty.span(),
                        format!("required options stand before optional ones; `{before}` is optional"),
                    );
                }
                None if is_option(&option.ty) => optional = Some(option.name.clone()),
                _ => {}
            }
            if names.contains(&option.name) {
                errors.say(typed.pat.span(), format!("two options are named `{}`", option.name));
            }
            names.push(option.name.clone());
        }
        found.push(parameter);
    }
    found
}

fn parameter(typed: &mut PatType) -> Result<Parameter> {
    let Pat::Ident(pattern) = &*typed.pat else {
        return Err(syn::Error::new(typed.pat.span(), "a parameter of a command has a plain name"));
    };
    let ident = pattern.ident.clone();
    let ty = typed.ty.clone();
    if let Some(place) = typed.attrs.iter().position(|attribute| attribute.path().is_ident("state")) {
        typed.attrs.remove(place);
        return Ok(Parameter::State { ident, ty });
    }
    let described = doc(&typed.attrs);
    let own: Vec<_> = take(&mut typed.attrs, "option");
    // Parameters cannot keep doc comments.
    drop(take(&mut typed.attrs, "doc"));
    let mut given = LitStr::new(
        &ident.to_string().trim_start_matches("r#").trim_start_matches('_').replace('_', "-"),
        ident.span(),
    );
    let mut option = OptionParameter {
        ty: *ty,
        name: String::new(),
        description: described.as_ref().map(LitStr::value).unwrap_or_default(),
        min: None,
        max: None,
        min_length: None,
        max_length: None,
        choices: Vec::new(),
        autocomplete: None,
        rest: false,
        strict: false,
        variadic: false,
        flag: false,
        bare_seconds: false,
        names: Vec::new(),
        descriptions: Vec::new(),
        channel_types: Vec::new(),
    };
    let mut limit = None;
    for attribute in own {
        if matches!(attribute.meta, syn::Meta::Path(_)) {
            continue;
        }
        attribute.parse_nested_meta(|meta| {
            let key = meta.path.require_ident()?.to_string();
            match key.as_str() {
                "name" => given = text(&meta, 32)?,
                "description" => option.description = text(&meta, MAX_DESCRIPTION)?.value(),
                "min" => option.min = Some(number(&meta)?.0),
                "max" => {
                    let (max, span) = number(&meta)?;
                    option.max = Some(max);
                    limit = Some(span);
                }
                "min_length" => option.min_length = Some(length(&meta)?),
                "max_length" => option.max_length = Some(length(&meta)?),
                "choices" => option.choices = texts(&meta)?,
                "autocomplete" => option.autocomplete = Some(meta.value()?.parse()?),
                "rest" => option.rest = true,
                "strict" => option.strict = true,
                "variadic" => option.variadic = true,
                "bare_seconds" => option.bare_seconds = true,
                "flag" => option.flag = true,
                "names" => option.names = localized(&meta)?,
                "descriptions" => option.descriptions = localized(&meta)?,
                "channel_types" => option.channel_types = idents(&meta)?,
                _ => {
                    return Err(meta.error(
                        "unknown; an option has name, names, description, descriptions, min, max, min_length, \
                         max_length, choices, autocomplete, strict, rest, variadic, flag, bare_seconds and \
                         channel_types",
                    ));
                }
            }
            Ok(())
        })?;
    }
    option.name = name(&given)?;
    if option.description.is_empty() {
        option.description = option.name.replace(['-', '_'], " ");
    }
    if let (Some(min), Some(max), Some(span)) = (option.min, option.max, limit)
        && min > max
    {
        return Err(syn::Error::new(span, format!("the greatest value {max} is below the least {min}")));
    }
    if option.choices.len() > 25 {
        return Err(syn::Error::new(
            ident.span(),
            "at most 25 choices are allowed; autocomplete has no such limit",
        ));
    }
    if !option.choices.is_empty() && option.autocomplete.is_some() {
        return Err(syn::Error::new(ident.span(), "choices and autocomplete exclude each other"));
    }
    Ok(Parameter::Option(Box::new(option)))
}

fn take(attributes: &mut Vec<Attribute>, name: &str) -> Vec<Attribute> {
    let (own, rest) =
        std::mem::take(attributes).into_iter().partition(|attribute| attribute.path().is_ident(name));
    *attributes = rest;
    own
}

/// Whether a type is written as `Option<..>`.
fn is_option(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == "Option")
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn errors(attributes: TokenStream, function: TokenStream) -> String {
        let function = syn::parse2(function).unwrap();
        let error = parse(attributes, function).err().expect("it is refused");
        error.into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_command_is_read() {
        let function = syn::parse2(quote! {
            /// Rolls a die.
            ///
            /// More about it.
            async fn roll_it(
                ctx: Ctx,
                #[state] store: Arc<Store>,
                #[option(min = -1, max = 2.5, description = "How many")] sides: Option<u32>,
            ) -> CommandResult { todo() }
        })
        .unwrap();
        let command =
            parse(quote!(aliases("dice"), guild_only, permissions(MANAGE_GUILD)), function).unwrap();
        assert_eq!((command.name.as_str(), command.description.value().as_str()), ("roll-it", "Rolls a die"));
        assert!(command.guild_only && command.aliases.len() == 1 && command.permissions.len() == 1);
        assert!(matches!(&command.parameters[0], Parameter::State { ident, .. } if ident == "store"));
        let Parameter::Option(option) = &command.parameters[1] else { panic!("sides is an option") };
        assert_eq!((option.name.as_str(), option.description.as_str()), ("sides", "How many"));
        assert_eq!((option.min, option.max), (Some(-1.0), Some(2.5)));
        assert!(command.function.sig.inputs.iter().all(|input| match input {
            FnArg::Typed(typed) => typed.attrs.is_empty(),
            FnArg::Receiver(_) => false,
        }));
    }

    #[test]
    fn mistakes_are_named() {
        let say = |function| errors(quote!(description = "x"), function);
        assert!(
            say(quote!(
                fn a(ctx: Ctx) {}
            ))
            .contains("`async fn`")
        );
        assert!(
            say(quote!(
                async fn a() {}
            ))
            .contains("first parameter")
        );
        assert!(
            say(quote!(
                async fn A(ctx: Ctx) {}
            ))
            .contains("no valid name")
        );
        assert!(
            say(quote!(
                async fn a(ctx: Ctx, b: Option<u8>, c: u8) {}
            ))
            .contains("`b` is optional")
        );
        assert!(
            say(quote!(
                async fn a(ctx: Ctx, #[option(min = 3, max = 1)] b: u8) {}
            ))
            .contains("below the least")
        );
        assert!(
            say(quote!(
                async fn a(ctx: Ctx, #[option(mim = 3)] b: u8) {}
            ))
            .contains("an option has name")
        );
        assert!(
            say(quote!(
                async fn a(ctx: Ctx, (b, c): (u8, u8)) {}
            ))
            .contains("plain name")
        );
        assert!(
            errors(
                quote!(),
                quote!(
                    async fn a(ctx: Ctx) {}
                )
            )
            .contains("what the command does")
        );
        assert!(
            errors(
                quote!(descr = "x"),
                quote!(
                    async fn a(ctx: Ctx) {}
                )
            )
            .contains("a command has name")
        );
        assert!(
            errors(
                quote!(description = "x", triggers(slsh)),
                quote!(
                    async fn a(ctx: Ctx) {}
                )
            )
            .contains("one of prefix")
        );
    }

    #[test]
    fn all_mistakes_are_named_at_once() {
        let text = errors(
            quote!(name = "A B"),
            quote!(
                fn a(ctx: Ctx) {}
            ),
        );
        assert!(
            text.contains("`async fn`")
                && text.contains("no valid name")
                && text.contains("what the command does")
        );
    }
}
