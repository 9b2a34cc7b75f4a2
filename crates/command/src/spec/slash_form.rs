//! How a command is called in the slash form, in words: Discord's client names every option.

use super::{OptionSpec, Spec};
use crate::args::Words;

impl Spec {
    /// The usage without the slash: `echo text:<text> [times:<1-5>]`.
    pub(crate) fn slash_usage_line(&self) -> String {
        self.slash_line(self.options.iter().map(OptionSpec::slash_usage))
    }

    /// A complete call without the slash: the example that was given, with the name of each option.
    pub(crate) fn slash_example_line(&self) -> String {
        let typed = self.example.as_deref().and_then(|example| example.strip_prefix(&self.qualified_name()));
        match typed {
            Some(typed) => self.slash_line(self.named(typed)),
            None => {
                let required = self.options.iter().filter(|option| option.required);
                self.slash_line(required.map(|option| format!("{}:{}", option.name, option.sample())))
            }
        }
    }

    fn slash_line(&self, options: impl IntoIterator<Item = String>) -> String {
        let name = std::iter::once(self.qualified_name());
        name.chain(options).collect::<Vec<_>>().join(" ")
    }

    /// The options of a line as it is typed, in the order of the line, each with its name.
    fn named(&self, typed: &str) -> Vec<String> {
        let mut words = Words::new(typed);
        let mut given: Vec<(&OptionSpec, String)> = Vec::new();
        while !words.is_empty() {
            let by_name = |name: &str| self.options.iter().find(|option| option.answers_to(name));
            if let Some(flag) = words.bare(|name| by_name(name).filter(|option| option.flag)) {
                given.push((flag, "True".to_owned()));
            } else if let Some(option) = words.named(by_name) {
                given.push((option, words.word().unwrap_or_default()));
            } else {
                let free = |option: &&OptionSpec| !given.iter().any(|(known, _)| known.name == option.name);
                let Some(option) = self.options.iter().find(free) else { break };
                let rest = option.rest || option.variadic;
                let text = if rest { words.remainder().to_owned() } else { words.word().unwrap_or_default() };
                given.push((option, text));
            }
        }
        given.into_iter().map(|(option, text)| format!("{}:{text}", option.name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Handler, OptionKind};

    #[test]
    fn every_option_is_named() {
        let echo = Spec::new("echo", "Says it", Handler::new(|_, _| async { Ok(()) }))
            .option(OptionSpec::new(OptionKind::String, "text", "What").rest())
            .option(OptionSpec::new(OptionKind::Integer, "times", "How often").min(1.0).max(5.0).optional())
            .option(OptionSpec::new(OptionKind::Boolean, "loud", "Loud").optional().flag());
        assert_eq!(echo.slash_usage_line(), "echo text:<text> [times:<1-5>] [loud:<yes|no>]");
        assert_eq!(echo.slash_example_line(), "echo text:some words");
        let echo = echo.example("echo times:2 loud Hello there");
        assert_eq!(echo.slash_example_line(), "echo times:2 loud:True text:Hello there");
        let odd = Spec { options: vec![], ..echo };
        assert_eq!(odd.slash_example_line(), "echo", "what no option takes is left out");
    }
}
