//! Makes an enum a set of choices.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result, Variant};

use crate::attributes::{Errors, localized, text};

pub(crate) fn expand(item: &DeriveInput, root: &TokenStream) -> Result<TokenStream> {
    let Data::Enum(data) = &item.data else {
        return Err(Error::new(item.ident.span(), "only an enum can be a set of choices"));
    };
    if data.variants.len() > 25 || data.variants.is_empty() {
        return Err(Error::new(item.ident.span(), "1 to 25 choices are allowed"));
    }
    let mut errors = Errors::default();
    let (mut idents, mut choices, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for variant in &data.variants {
        if let Some(Read { name, names, value }) = errors.keep(read(variant)) {
            let names = names.iter().map(|(locale, text)| quote!(.named_in(#locale, #text)));
            choices.push(quote!(#root::Choice::text(#name, #value) #(#names)*));
            idents.push(&variant.ident);
            values.push(value);
        }
    }
    let own = &item.ident;
    errors.finish(quote! {
        impl #root::FromOption for #own {
            const KIND: #root::OptionKind = #root::OptionKind::String;

            fn shape(option: #root::OptionSpec) -> #root::OptionSpec {
                option #(.choice(#choices))*
            }

            fn from_value(value: #root::Value) -> ::core::result::Result<Self, #root::BadArgument> {
                match &value {
                    #(#root::Value::String(text) if text == #values => ::core::result::Result::Ok(Self::#idents),)*
                    _ => ::core::result::Result::Err(#root::BadArgument::WrongKind(Self::KIND)),
                }
            }
        }
    })
}

/// What a variant says of itself.
struct Read {
    name: String,
    /// In other languages.
    names: Vec<(LitStr, LitStr)>,
    value: String,
}

fn read(variant: &Variant) -> Result<Read> {
    if !matches!(variant.fields, Fields::Unit) {
        return Err(Error::new(variant.fields.span(), "a choice carries no data"));
    }
    let (mut name, mut names, mut value) = (None::<LitStr>, Vec::new(), None::<LitStr>);
    for attribute in variant.attrs.iter().filter(|attribute| attribute.path().is_ident("choice")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                name = Some(text(&meta, 100)?);
            } else if meta.path.is_ident("names") {
                names = localized(&meta)?;
            } else if meta.path.is_ident("value") {
                value = Some(text(&meta, 100)?);
            } else {
                return Err(meta.error("unknown; a choice has name, names and value"));
            }
            Ok(())
        })?;
    }
    let ident = variant.ident.to_string();
    Ok(Read {
        name: name.map_or_else(|| words(&ident, ' ', false), |text| text.value()),
        names,
        value: value.map_or_else(|| words(&ident, '-', true), |text| text.value()),
    })
}

/// `VeryLoud` as `Very loud` or `very-loud`.
fn words(ident: &str, gap: char, lower: bool) -> String {
    let mut text = String::new();
    for (place, c) in ident.chars().enumerate() {
        if c.is_uppercase() && place > 0 {
            text.push(gap);
        }
        if c.is_uppercase() && (place > 0 || lower) { text.extend(c.to_lowercase()) } else { text.push(c) }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_follow_from_the_variant() {
        assert_eq!(words("VeryLoud", ' ', false), "Very loud");
        assert_eq!(words("VeryLoud", '-', true), "very-loud");
    }

    #[test]
    fn mistakes_are_named() {
        let error = |tokens| expand(&syn::parse2(tokens).unwrap(), &quote!(x)).unwrap_err().to_string();
        assert!(
            error(quote!(
                struct A;
            ))
            .contains("only an enum")
        );
        assert!(
            error(quote!(
                enum A {
                    B(u8),
                }
            ))
            .contains("no data")
        );
        assert!(
            error(quote!(
                enum A {
                    #[choice(nam = "x")]
                    B,
                }
            ))
            .contains("name, names and value")
        );
    }
}
