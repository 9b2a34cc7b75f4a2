//! Writes the function that returns a command's spec.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use crate::command::{Command, OptionParameter, Parameter};

pub(crate) fn command(command: &Command, root: &TokenStream) -> TokenStream {
    let Command { function, name, description, aliases, guild_only, hidden, .. } = command;
    let (visibility, ident) = (&function.vis, &function.sig.ident);
    let docs = function.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));

    let mut body = function.clone();
    body.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    body.vis = syn::Visibility::Inherited;

    let mut kept = Vec::new();
    let mut states = Vec::new();
    let mut clones = Vec::new();
    let mut arguments = Vec::new();
    let mut takes = Vec::new();
    let mut options = Vec::new();
    for (number, parameter) in command.parameters.iter().enumerate() {
        match parameter {
            Parameter::State { ident, ty } => {
                kept.push(ident);
                states.push(quote!(#ident: #ty));
                clones.push(quote!(let #ident = ::core::clone::Clone::clone(&#ident);));
                arguments.push(quote!(#ident));
            }
            Parameter::Option(option) => {
                let place = format_ident!("__option_{number}");
                let (name, ty) = (&option.name, &option.ty);
                takes.push(quote!(let #place = __args.take::<#ty>(#name)?;));
                arguments.push(quote!(#place));
                options.push(self::option(option, root));
            }
        }
    }
    let args = if takes.is_empty() { quote!(_) } else { quote!(mut __args) };
    let category = command.category.iter().map(|text| quote!(.category(#text)));
    let usage = command.usage.iter().map(|text| quote!(.usage(#text)));
    let example = command.example.iter().map(|text| quote!(.example(#text)));
    let triggers = command.triggers.iter().map(|triggers| {
        let on = |name: &str| triggers.iter().any(|trigger| trigger == name);
        let (prefix, slash, mention) = (on("prefix"), on("slash"), on("mention"));
        quote!(.triggers(#root::Triggers { prefix: #prefix, slash: #slash, mention: #mention }))
    });
    let names = localized(&command.names, &quote!(named_in));
    let descriptions = localized(&command.descriptions, &quote!(described_in));
    let user_menu = command.user_menu.iter().map(|text| quote!(.user_menu(#text)));
    let message_menu = command.message_menu.iter().map(|text| quote!(.message_menu(#text)));
    let nsfw = command.nsfw.then(|| quote!(.nsfw()));
    let enabled = (!command.enabled).then(|| quote!(.enabled(false)));
    let guild_only = guild_only.then(|| quote!(.guild_only()));
    let hidden = hidden.then(|| quote!(.hidden()));
    let permissions = |names: &[syn::Ident], method: TokenStream| {
        (!names.is_empty())
            .then(|| quote!(.#method(#root::Permissions::empty() #(| #root::Permissions::#names)*)))
    };
    let user = permissions(&command.permissions, quote!(user_permissions));
    let bot = permissions(&command.bot_permissions, quote!(bot_permissions));
    let marks = &command.marks;
    let cooldowns = command.cooldowns.iter().map(|cooldown| cooldown.emit(root));
    let concurrency = command.concurrency.iter().map(|concurrency| concurrency.emit(root));
    let checks = command.checks.iter().map(|path| {
        let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        quote!(.check(#root::CustomCheck::new(#name, #path)))
    });
    // Ahead of the handler, which takes the services for itself.
    let check = command.arguments.as_ref().map(|path| {
        quote! {
            let __check = {
                #(let #kept = ::core::clone::Clone::clone(&#kept);)*
                #root::ArgumentsCheck::new(move |__ctx, #args: #root::Args| {
                    #(#clones)*
                    async move {
                        #(#takes)*
                        #path(__ctx, #(#arguments),*).await
                    }
                })
            };
        }
    });
    let checked = check.as_ref().map(|_| quote!(.arguments(__check)));

    quote! {
        #(#docs)*
        #visibility fn #ident(#(#states),*) -> #root::Spec {
            #body
            #check
            let __handler = #root::Handler::new(move |__ctx, #args: #root::Args| {
                #(#clones)*
                async move {
                    #(#takes)*
                    #ident(__ctx, #(#arguments),*).await
                }
            });
            #root::Spec::new(#name, #description, __handler)
                #(.alias(#aliases))*
                #(#category)* #(#usage)* #(#example)* #(#triggers)*
                #names #descriptions #(#user_menu)* #(#message_menu)*
                #guild_only #nsfw #enabled #hidden #user #bot #(.#marks())*
                #(#cooldowns)* #(#concurrency)* #(#checks)* #checked
                #(.option(#options))*
        }
    }
}

fn option(option: &OptionParameter, root: &TokenStream) -> TokenStream {
    let OptionParameter { ty, name, description, choices, autocomplete, .. } = option;
    let min = method("min", option.min);
    let max = method("max", option.max);
    let min_length = method("min_length", option.min_length);
    let max_length = method("max_length", option.max_length);
    let rest = option.rest.then(|| quote!(.rest()));
    let strict = option.strict.then(|| quote!(.strict()));
    let flag = option.flag.then(|| quote!(.flag()));
    let bare_seconds = option.bare_seconds.then(|| quote!(.bare_seconds()));
    let variadic = option.variadic.then(|| quote!(.variadic()));
    let names = localized(&option.names, &quote!(named_in));
    let descriptions = localized(&option.descriptions, &quote!(described_in));
    let channel_types = &option.channel_types;
    let autocomplete = autocomplete.iter().map(|path| quote!(.autocomplete(#root::Completer::new(#path))));
    quote! {
        <#ty as #root::FromOption>::option(#name, #description)
            #min #max #min_length #max_length #rest #variadic #flag #bare_seconds #names #descriptions
            #(.channel_type(#root::ChannelType::#channel_types))*
            #(.choice(#root::Choice::same(#choices)))*
            #(#autocomplete)* #strict
    }
}

/// A call of `method` for every text in another language.
fn localized(texts: &[(syn::LitStr, syn::LitStr)], method: &TokenStream) -> TokenStream {
    let calls = texts.iter().map(|(locale, text)| quote!(.#method(#locale, #text)));
    quote!(#(#calls)*)
}

/// A call of one of the spec's methods, if there is something to say.
fn method<T: ToTokens>(name: &str, value: Option<T>) -> Option<TokenStream> {
    let name = format_ident!("{name}");
    value.map(|value| quote!(.#name(#value)))
}
