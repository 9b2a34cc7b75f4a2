//! A JSON text with comments as a tree that knows where everything stands.
//!
//! The one place that knows the parser.

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// A place in a text, counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A value as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) raw: Raw,
    pub(crate) at: At,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Raw {
    Null,
    Bool(bool),
    /// As written: ids do not survive a detour over floating point.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) at: At,
    pub(crate) node: Node,
}

/// Why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) at: At,
    pub(crate) what: String,
    pub(crate) remedy: &'static str,
}

/// Reads a text; `None` when it holds nothing but blanks and comments.
///
/// Nesting is limited by the parser (512 levels), so no text can exhaust the stack.
pub(crate) fn parse(text: &str) -> Result<Option<Node>, Broken> {
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| {
        let kind = error.kind();
        let at = At { line: error.line_display(), column: error.column_display() };
        let mut what = kind.to_string();
        // Continues a sentence.
        if let Some(first) = what.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        Broken { at, what, remedy: remedy(kind) }
    })?;
    let lines = Lines::of(text);
    Ok(parsed.value.as_ref().map(|value| node(value, &lines)))
}

fn remedy(kind: &ParseErrorKind) -> &'static str {
    match kind {
        ParseErrorKind::ExpectedComma => "Put a comma there.",
        ParseErrorKind::UnterminatedObject => "Close the { that begins here with a }.",
        ParseErrorKind::UnterminatedArray => "Close the [ that begins here with a ].",
        ParseErrorKind::SingleQuotedStringsNotAllowed => "Use double quotes: \"text\".",
        ParseErrorKind::ExpectedStringObjectProperty => "Put the name in double quotes: \"name\": value.",
        ParseErrorKind::UnexpectedWord | ParseErrorKind::UnexpectedToken => {
            "Put texts in double quotes; true, false and null are written small and without quotes."
        }
        ParseErrorKind::ExpectedColonAfterObjectKey => "Write it as \"name\": value.",
        _ => "Correct it there; names and texts stand in double quotes, commas between entries.",
    }
}

fn node(value: &Value<'_>, lines: &Lines<'_>) -> Node {
    let raw = match value {
        Value::NullKeyword(_) => Raw::Null,
        Value::BooleanLit(it) => Raw::Bool(it.value),
        Value::NumberLit(it) => Raw::Number(it.value.to_owned()),
        Value::StringLit(it) => Raw::Text(it.value.clone().into_owned()),
        Value::Array(it) => Raw::List(it.elements.iter().map(|element| node(element, lines)).collect()),
        Value::Object(it) => Raw::Map(entries(it, lines)),
    };
    Node { raw, at: lines.at(value.start()) }
}

fn entries(object: &Object<'_>, lines: &Lines<'_>) -> Vec<Entry> {
    let entry = |property: &jsonc_parser::ast::ObjectProp<'_>| Entry {
        name: property.name.as_str().to_owned(),
        at: lines.at(property.range.start),
        node: node(&property.value, lines),
    };
    object.properties.iter().map(entry).collect()
}

/// Where lines begin, so that positions are found without counting from the start each time.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let after = |(index, byte): (usize, u8)| (byte == b'\n').then_some(index + 1);
        let starts = std::iter::once(0).chain(text.bytes().enumerate().filter_map(after)).collect();
        Self { text, starts }
    }

    fn at(&self, offset: usize) -> At {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let before = self.text.get(start..offset).unwrap_or_default();
        At { line, column: before.chars().count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str) -> (usize, usize, String) {
        let broken = parse(text).expect_err("is broken");
        (broken.at.line, broken.at.column, broken.what)
    }

    #[test]
    fn comments_and_trailing_commas_are_read_and_places_known() {
        let text = "// a bot\n{ /* ü */ \"a\": [1, \"x\",],\n  \"ü\": {\"b\": null,},\n}\n";
        let Raw::Map(entries) = parse(text).expect("is valid").expect("holds something").raw else {
            panic!("is an object")
        };
        assert_eq!((entries[0].name.as_str(), entries[0].at), ("a", At { line: 2, column: 11 }));
        let Raw::List(list) = &entries[0].node.raw else { panic!("is a list") };
        assert_eq!(list[1], Node { raw: Raw::Text("x".to_owned()), at: At { line: 2, column: 20 } });
        let Raw::Map(inner) = &entries[1].node.raw else { panic!("is an object") };
        assert_eq!((inner[0].node.raw.clone(), inner[0].node.at), (Raw::Null, At { line: 3, column: 14 }));
        assert_eq!(parse(" // nothing\n"), Ok(None));
    }

    #[test]
    fn what_is_broken_is_named_with_its_place() {
        assert_eq!(broken("{\n  \"a\": 1\n  \"b\": 2\n}"), (2, 9, "expected comma".to_owned()));
        assert_eq!(broken("{\"a\": 1"), (1, 1, "unterminated object".to_owned()));
        assert_eq!(broken("{\"a\": True}").2, "unexpected token");
        for text in ["{'a': 1}", "{a: 1}", "{} {}", "{\"a\": 0x1}", "\"open", "/* open", "{\"a\": +1}"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err(), "deep nesting is refused");
    }
}
