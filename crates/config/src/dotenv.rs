//! The `.env` file: one `NAME=value` a line, as python-dotenv and others read it, without replacing variables
//! in values (a `$` in a secret is a `$`) and without values over several lines.

use std::path::Path;

use crate::problem::Problem;
use crate::secret::masked;

/// One variable.
#[derive(Clone)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
    /// The line, from 1.
    pub(crate) line: usize,
}

/// What a `.env` file says.
#[derive(Clone, Default)]
pub(crate) struct DotEnv {
    variables: Vec<Variable>,
    /// The lines that could not be read, as they stand.
    unreadable: Vec<String>,
}

impl DotEnv {
    /// Reads a text; all lines that cannot be read are named at once, never with what they hold.
    pub(crate) fn parse(path: &Path, text: &str, problems: &mut Vec<Problem>) -> Self {
        let (mut variables, mut unreadable) = (Vec::new(), Vec::new());
        for (index, line) in text.lines().enumerate() {
            let line_number = index + 1;
            match read_line(line) {
                Ok(None) => {}
                Ok(Some((name, value))) => {
                    variables.push(Variable { name: name.to_owned(), value, line: line_number });
                }
                Err((what, remedy)) => {
                    let place = format!("{}:{line_number}", path.display());
                    problems.push(Problem::new("", place, what, remedy));
                    unreadable.push(line.to_owned());
                }
            }
        }
        Self { variables, unreadable }
    }

    /// The variable; of several of this name the last one that says something.
    pub(crate) fn get(&self, name: &str) -> Option<&Variable> {
        self.variables
            .iter()
            .rev()
            .find(|variable| variable.name == name && !variable.value.trim().is_empty())
    }

    /// Whether a line that could not be read is about what has this word in its name, or is a bare token.
    pub(crate) fn is_unreadable(&self, word: &str) -> bool {
        let token = |line: &str| word == "TOKEN" && *masked(line) != *line;
        self.unreadable.iter().any(|line| line.to_uppercase().contains(word) || token(line))
    }

    /// All variables, in the order of the file.
    pub(crate) fn variables(&self) -> &[Variable] {
        &self.variables
    }
}

type Refusal = (&'static str, &'static str);

/// Name and value; `None` for a line that says nothing.
fn read_line(line: &str) -> Result<Option<(&str, String)>, Refusal> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let line = match line.strip_prefix("export") {
        Some(rest) if rest.starts_with(char::is_whitespace) => rest.trim_start(),
        _ => line,
    };
    let (name, value) = line
        .split_once('=')
        .ok_or(("is not of the form NAME=value", "Write NAME=value, and # before a comment."))?;
    let name = name.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(fits) {
        return Err((
            "does not begin with the name of a variable",
            "Names hold letters, digits and _ only: DISCORD_TOKEN=...",
        ));
    }
    Ok(Some((name, read_value(value.trim())?)))
}

fn read_value(value: &str) -> Result<String, Refusal> {
    let Some(quote @ ('"' | '\'')) = value.chars().next() else {
        if value.starts_with(['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '\u{ab}']) {
            return Err((
                "has typographic quotes around its value, as word processors make them",
                "Take them out, or use plain ones: \"value\".",
            ));
        }
        // A # within a word belongs to the value.
        let end = value.find(" #").or_else(|| value.find("\t#")).unwrap_or(value.len());
        let value = &value[..end];
        return Ok(if value.starts_with('#') { String::new() } else { value.trim_end().to_owned() });
    };
    let mut text = String::new();
    let mut rest = value[1..].chars();
    loop {
        match rest.next() {
            None => {
                return Err((
                    "opens a quote that is not closed in the same line",
                    "Close it, or take the quotes out.",
                ));
            }
            Some(c) if c == quote => break,
            // Only double quotes know escapes.
            Some('\\') if quote == '"' => match rest.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(c @ ('"' | '\\' | '$')) => text.push(c),
                Some(c) => text.extend(['\\', c]),
                None => {}
            },
            Some(c) => text.push(c),
        }
    }
    let after = rest.as_str().trim();
    if after.is_empty() || after.starts_with('#') {
        Ok(text)
    } else {
        Err(("has text behind its closing quote", "Put the whole value in quotes, or none of it."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (DotEnv, Vec<Problem>) {
        let mut problems = Vec::new();
        (DotEnv::parse(Path::new(".env"), text, &mut problems), problems)
    }

    #[test]
    fn values_are_read_as_people_write_them() {
        for (line, wanted) in [
            ("A=1", "1"),
            (" A = 1 ", "1"),
            ("export A=1", "1"),
            ("export\tA=1\r", "1"),
            ("A='x # y'", "x # y"),
            ("A=\"z\"  # last", "z"),
            (r#"A="say \"hi\" \\ \q\n""#, "say \"hi\" \\ \\q\n"),
            (r"A='\n'", r"\n"),
            ("A=two words", "two words"),
            ("A=pa$$word${HOME}", "pa$$word${HOME}"),
            ("A=a#b # c", "a#b"),
            ("A=", ""),
            ("A= # nothing", ""),
            ("A=a=b==", "a=b=="),
            ("exported=1", ""),
        ] {
            let (env, problems) = parse(line);
            assert_eq!(problems, [], "{line}");
            assert_eq!(env.get("A").map(|it| it.value.as_str()).unwrap_or_default(), wanted, "{line}");
        }
    }

    #[test]
    fn the_last_one_that_says_something_holds() {
        let (env, _) = parse("A=1\nB=x\nA=2\nA=\n");
        assert_eq!(env.get("A").map(|it| (it.value.as_str(), it.line)), Some(("2", 3)));
        assert!(env.get("C").is_none());
    }

    #[test]
    fn names_every_bad_line_and_shows_none() {
        let (_, problems) = parse(
            "A=1\nsecret words here\nB=2\n\nA B=secret\nC=\"secret\nD='secret' secret\nE=\u{201c}secret\u{201d}\n1=secret\n=secret\n",
        );
        let places: Vec<_> = problems.iter().map(|problem| problem.place.as_str()).collect();
        assert_eq!(places, [".env:2", ".env:5", ".env:6", ".env:7", ".env:8", ".env:9", ".env:10"]);
        for problem in &problems {
            assert!(!problem.line().contains("secret"), "{problem}");
        }
    }
}
