//! Reads the arguments of a prefix or mention command from the rest of its line.

use super::convert::{Known, from_text, list_from_text};
use super::words::Words;
use super::{Args, Value};
use crate::failure::{BadArgument, Failure};
use crate::spec::{OptionKind, OptionSpec, Spec};

/// Arguments are taken in the order of the options, quoted phrases as one. `name:value` sets an
/// option by its name wherever the next word is expected, so that an option behind a
/// rest-of-line one can be reached too, and the bare name of a flag says yes. Files are taken from the message in order.
pub(crate) async fn parse_line(spec: &Spec, line: &str, known: &Known<'_>) -> Result<Args, Failure> {
    let mut args = Args::new();
    let mut files = known.attachments.iter();
    for option in spec.options.iter().filter(|option| option.kind == OptionKind::Attachment) {
        if let Some(file) = files.next() {
            args.set(&option.name, Value::Attachment(file.clone()));
        }
    }

    let mut words = Words::new(line);
    while !words.is_empty() {
        let open = |option: &OptionSpec, name: &str| {
            option.flag && args.get(&option.name).is_none() && option.answers_to(name)
        };
        let flag = words.bare(|name| typed(spec).find(|option| open(option, name)));
        if let Some(option) = flag {
            args.set(&option.name, Value::Boolean(true));
            continue;
        }
        let named = words.named(|name| typed(spec).position(|option| option.answers_to(name)));
        if let Some(option) = named.and_then(|at| typed(spec).nth(at)) {
            let text = words.word().unwrap_or_default();
            set(&mut args, option, &text, known).await?;
            continue;
        }
        let Some(option) = typed(spec).find(|option| args.get(&option.name).is_none()) else {
            return Err(Failure::ExtraArgument { given: words.word().unwrap_or_default() });
        };
        let text =
            if option.rest || option.variadic { Some(words.remainder().to_owned()) } else { words.word() };
        set(&mut args, option, &text.unwrap_or_default(), known).await?;
    }

    super::complete(spec, args)
}

/// The options that can be typed.
fn typed(spec: &Spec) -> impl Iterator<Item = &OptionSpec> {
    spec.options.iter().filter(|option| option.kind != OptionKind::Attachment)
}

async fn set(args: &mut Args, option: &OptionSpec, text: &str, known: &Known<'_>) -> Result<(), Failure> {
    if args.get(&option.name).is_some() {
        let reason = BadArgument::Twice;
        return Err(Failure::BadArgument {
            option: option.name.clone(),
            given: Some(text.to_owned()),
            reason,
        });
    }
    let bad = |reason: BadArgument| Failure::BadArgument {
        option: option.name.clone(),
        given: Some(text.to_owned()),
        reason,
    };
    let value = if option.variadic {
        list_from_text(option, text, known).await
    } else {
        from_text(option, text, known).await
    };
    let value = value.map_err(bad)?;
    args.set(&option.name, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use twilight_model::id::Id;

    use super::*;
    use crate::args::Attachment;
    use crate::spec::{Choice, Handler};
    use crate::testing;

    fn echo() -> Spec {
        Spec::new("echo", "Says it", Handler::new(|_, _| async { Ok(()) }))
            .option(OptionSpec::new(OptionKind::String, "text", "What").rest())
            .option(OptionSpec::new(OptionKind::Integer, "times", "How often").optional().min(1.0).max(5.0))
            .option(
                OptionSpec::new(OptionKind::String, "style", "How").optional().choice(Choice::same("loud")),
            )
    }

    fn add() -> Spec {
        Spec::new("add", "Adds", Handler::new(|_, _| async { Ok(()) }))
            .option(OptionSpec::new(OptionKind::Integer, "a", "One"))
            .option(OptionSpec::new(OptionKind::Integer, "b", "Other"))
            .option(OptionSpec::new(OptionKind::Attachment, "file", "A file").optional())
    }

    fn parse(spec: &Spec, line: &str) -> Result<Args, Failure> {
        let file = Attachment {
            id: Id::new(9),
            filename: "a.txt".into(),
            size: 1,
            content_type: None,
            url: String::new(),
        };
        let invoker = testing::alice();
        let known = Known { attachments: vec![file], ..testing::known(&invoker) };
        parse_line(spec, line, &known).now_or_never().expect("the town answers at once")
    }

    #[test]
    fn the_rest_of_the_line_is_kept_as_it_stands() {
        let args = parse(&echo(), r#"  hello  "big"  world times:3 "#).unwrap();
        assert_eq!(args.get("text"), Some(&Value::String(r#"hello  "big"  world times:3"#.into())));
        assert_eq!(args.get("times"), None);
    }

    #[test]
    fn options_can_be_named_ahead_of_the_rest() {
        let args = parse(&echo(), "times:3 STYLE:Loud hello there").unwrap();
        assert_eq!(args.get("text"), Some(&Value::String("hello there".into())));
        assert_eq!(args.get("times"), Some(&Value::Integer(3)));
        assert_eq!(args.get("style"), Some(&Value::String("loud".into())));
    }

    #[test]
    fn positions_names_and_files_mix() {
        let args = parse(&add(), "b:2 1").unwrap();
        assert_eq!(args.get("a"), Some(&Value::Integer(1)));
        assert_eq!(args.get("b"), Some(&Value::Integer(2)));
        assert!(matches!(args.get("file"), Some(Value::Attachment(file)) if file.filename == "a.txt"));
    }

    #[test]
    fn several_values_take_the_words_that_are_left() {
        let spec = Spec::new("sum", "Sums", Handler::new(|_, _| async { Ok(()) }))
            .option(OptionSpec::new(OptionKind::String, "name", "What for"))
            .option(
                OptionSpec::new(OptionKind::Integer, "numbers", "Which")
                    .max(9.0)
                    .variadic()
                    .named_in("de", "zahlen"),
            )
            .option(OptionSpec::new(OptionKind::Boolean, "loud", "Loud").optional());
        let list = |numbers: &[i64]| Value::List(numbers.iter().copied().map(Value::Integer).collect());
        let args = parse(&spec, "loud:yes tea 1 2  3").unwrap();
        assert_eq!(args.get("numbers"), Some(&list(&[1, 2, 3])));
        assert_eq!(args.get("loud"), Some(&Value::Boolean(true)));
        assert_eq!(parse(&spec, "zahlen:\"4 5\" tea").unwrap().get("numbers"), Some(&list(&[4, 5])));
        assert!(
            matches!(parse(&spec, "tea 1 12"), Err(Failure::BadArgument { option, .. }) if option == "numbers")
        );
        assert!(
            matches!(parse(&spec, "tea"), Err(Failure::MissingArgument { option }) if option == "numbers")
        );
        let many = format!("tea {}", "1 ".repeat(51));
        assert!(matches!(
            parse(&spec, &many),
            Err(Failure::BadArgument { reason: BadArgument::TooMany(50), .. })
        ));
        assert_eq!(spec.usage_line(), "sum [loud:<yes|no>] <name> <numbers...>");
    }

    #[test]
    fn the_bare_name_of_a_flag_says_yes() {
        let spec = Spec::new("tie", "Ties", Handler::new(|_, _| async { Ok(()) }))
            .option(OptionSpec::new(OptionKind::String, "name", "What").optional())
            .option(OptionSpec::new(OptionKind::Integer, "to", "Which").optional())
            .option(OptionSpec::new(OptionKind::Boolean, "none", "Nothing").optional().flag());
        assert_eq!(spec.usage_line(), "tie [name] [to] [none]");
        let yes = Some(&Value::Boolean(true));
        for line in ["tea none", "NONE tea", "tea none:yes"] {
            let args = parse(&spec, line).unwrap();
            assert_eq!((args.get("none"), args.get("to")), (yes, None), "{line}");
            assert_eq!(args.get("name"), Some(&Value::String("tea".into())), "{line}");
        }
        let quoted = parse(&spec, "\"none\" 5").unwrap();
        assert_eq!((quoted.get("name"), quoted.get("none")), (Some(&Value::String("none".into())), None));
        assert!(parse(&spec, "tea nonesense").is_err(), "a longer word is no flag");
        assert!(parse(&spec, "tea none none").is_err(), "it is said once");
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        assert!(matches!(parse(&echo(), " "), Err(Failure::MissingArgument { option }) if option == "text"));
        assert!(matches!(parse(&add(), "1"), Err(Failure::MissingArgument { option }) if option == "b"));
        assert!(matches!(parse(&add(), "1 x"), Err(Failure::BadArgument { option, .. }) if option == "b"));
        assert!(matches!(parse(&add(), "1 2 3"), Err(Failure::ExtraArgument { given }) if given == "3"));
        assert!(
            matches!(parse(&echo(), "times:9 hi"), Err(Failure::BadArgument { option, .. }) if option == "times")
        );
    }

    proptest::proptest! {
        #[test]
        fn no_line_panics(line in "\\PC{0,200}|[ \"\\\\:a-z0-9\u{201c}\u{201d}<>@#&!-]{0,80}") {
            // What comes of it does not matter here, only that something does.
            let _ = (parse(&echo(), &line), parse(&add(), &line));
        }

        #[test]
        fn a_quoted_phrase_is_one_argument(text in "[^\"\\\\]{0,60}") {
            let line = format!("\"{text}\" 2");
            let spec = Spec::new("x", "x", Handler::new(|_, _| async { Ok(()) }))
                .option(OptionSpec::new(OptionKind::String, "text", "What"))
                .option(OptionSpec::new(OptionKind::Integer, "n", "n"));
            let args = parse(&spec, &line).unwrap();
            proptest::prop_assert_eq!(args.get("text"), Some(&Value::String(text)));
            proptest::prop_assert_eq!(args.get("n"), Some(&Value::Integer(2)));
        }
    }
}
