//! Small readers for what stands in attributes.

use proc_macro2::Span;
use syn::meta::ParseNestedMeta;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{
    Attribute, Error, Expr, ExprLit, ExprUnary, Ident, Lit, LitBool, LitInt, LitStr, Meta, Path, Result,
    Token, UnOp,
};

/// Collects errors, so that all of a command's are shown at once.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn add(&mut self, error: Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn say(&mut self, span: Span, text: impl std::fmt::Display) {
        self.add(Error::new(span, text));
    }

    pub(crate) fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    pub(crate) fn finish<T>(self, value: T) -> Result<T> {
        self.0.map_or(Ok(value), Err)
    }
}

/// `= "text"`, of 1 to `max` characters.
pub(crate) fn text(meta: &ParseNestedMeta<'_>, max: usize) -> Result<LitStr> {
    let literal: LitStr = meta.value()?.parse()?;
    bounded(literal, max)
}

/// Text of 1 to `max` characters.
pub(crate) fn bounded(literal: LitStr, max: usize) -> Result<LitStr> {
    match literal.value().chars().count() {
        0 => Err(Error::new(literal.span(), "must not be empty")),
        length if length > max => {
            Err(Error::new(literal.span(), format!("has {length} characters, at most {max} are allowed")))
        }
        _ => Ok(literal),
    }
}

/// `("a", "b")`.
pub(crate) fn texts(meta: &ParseNestedMeta<'_>) -> Result<Vec<LitStr>> {
    let content;
    syn::parenthesized!(content in meta.input);
    Ok(Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}

/// `("de" = "text", "pt-BR" = "text")`.
pub(crate) fn localized(meta: &ParseNestedMeta<'_>) -> Result<Vec<(LitStr, LitStr)>> {
    let content;
    syn::parenthesized!(content in meta.input);
    let pair = |input: &syn::parse::ParseBuffer<'_>| -> Result<(LitStr, LitStr)> {
        let locale = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok((locale, bounded(input.parse()?, 100)?))
    };
    let mut pairs = Vec::new();
    while !content.is_empty() {
        pairs.push(pair(&content)?);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(pairs)
}

/// `= true`, or nothing, which is the same.
pub(crate) fn flag(meta: &ParseNestedMeta<'_>) -> Result<bool> {
    if meta.input.peek(Token![=]) { Ok(meta.value()?.parse::<LitBool>()?.value) } else { Ok(true) }
}

/// `(A, B)`.
pub(crate) fn idents(meta: &ParseNestedMeta<'_>) -> Result<Vec<Ident>> {
    let content;
    syn::parenthesized!(content in meta.input);
    Ok(Punctuated::<Ident, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}

/// `(a, b::c)`.
pub(crate) fn paths(meta: &ParseNestedMeta<'_>) -> Result<Vec<Path>> {
    let content;
    syn::parenthesized!(content in meta.input);
    Ok(Punctuated::<Path, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}

/// `= 3`, `= -1.5`.
pub(crate) fn number(meta: &ParseNestedMeta<'_>) -> Result<(f64, Span)> {
    let value: Expr = meta.value()?.parse()?;
    let (sign, literal) = match &value {
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => (-1.0, &**expr),
        other => (1.0, other),
    };
    let magnitude = match literal {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse::<f64>(),
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => float.base10_parse(),
        other => Err(Error::new(other.span(), "a number is expected")),
    };
    Ok((sign * magnitude?, value.span()))
}

/// `= 100`, a length in characters.
pub(crate) fn length(meta: &ParseNestedMeta<'_>) -> Result<u16> {
    let literal: LitInt = meta.value()?.parse()?;
    let length = literal.base10_parse()?;
    if length > 6_000 {
        Err(Error::new(literal.span(), "at most 6000 characters can be asked for"))
    } else {
        Ok(length)
    }
}

/// A name that Discord takes for a command or an option.
pub(crate) fn name(literal: &LitStr) -> Result<String> {
    let name = literal.value();
    let fits = |c: char| (c.is_alphanumeric() || matches!(c, '-' | '_')) && c.to_lowercase().eq([c]);
    if name.is_empty() || name.chars().count() > 32 || !name.chars().all(fits) {
        let text = format!("`{name}` is no valid name: 1 to 32 lower-case letters, digits, `-` and `_`");
        return Err(Error::new(literal.span(), text));
    }
    Ok(name)
}

/// The first paragraph of a doc comment, without a full stop at its end.
pub(crate) fn doc(attributes: &[Attribute]) -> Option<LitStr> {
    let mut text = String::new();
    let mut span = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value else { continue };
        let value = line.value();
        let line_text = value.trim();
        if line_text.is_empty() && !text.is_empty() {
            break;
        }
        span.get_or_insert(line.span());
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line_text);
    }
    let text = text.strip_suffix('.').unwrap_or(&text);
    span.filter(|_| !text.is_empty()).map(|span| LitStr::new(text, span))
}
