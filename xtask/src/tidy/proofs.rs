//! What the troubleshooting page says is proven: every entry names a test or a check of `doctor`, and all that it names
//! exist. So do the tests that the settings name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The page.
const PAGE: &str = "docs/src/troubleshooting.md";
/// The table of settings with the tests that prove each: key, tab, names with blanks between them.
const SETTINGS: &str = "crates/config/proofs.tsv";
/// How a line begins that names proofs.
const MARK: &str = "Proven by ";
/// How an entry begins.
const ENTRY: &str = "### ";
/// What stands before the subjects of `doctor` in such a line.
const DOCTOR: &str = "doctor: ";
/// What the specification's own page on trouble has about the core, and how its entry begins here.
const SPECIFIED: [(&str, &str); 21] = [
    ("DISCORD_TOKEN not found in .env!", "`DISCORD_TOKEN not found in .env!`"),
    ("BOT_OWNER_ID not found in .env!", "`BOT_OWNER_ID not found in .env!`"),
    ("ExtensionFailed", "An extension or a cog fails"),
    ("High Cache Miss Rate", "Few reads come from the cache"),
    ("Many Active Locks", "Many locks"),
    ("Write Failures", "Writes fail"),
    ("Cache Not Invalidating", "A change by hand is not seen"),
    ("Performance Degradation", "Files become slow"),
    ("Slash Commands Not Syncing", "Slash commands are missing"),
    ("Rate Limiting", "Registering is rate limited"),
    ("Slash Command Limit Reached", "The limit of 100 slash commands"),
    ("Verification", "Slash commands are missing"),
    ("database is locked", "`database is locked`"),
    ("Backup and Reset", "Starting anew"),
    ("Check Database Stats", "Answers are slow"),
    ("Missing Permissions", "\"I need ...\" and refusals by Discord"),
    ("You don't have permission", "\"Permission Denied\""),
    ("High Memory Usage", "Memory grows"),
    ("Slow Command Response", "Answers are slow"),
    ("Commands not showing", "A command is missing in help"),
    ("Dropdown not working", "A menu does not react"),
];
/// Where the checks of `doctor` are.
const CHECKS: &str = "crates/runtime/src/doctor";

/// Complaints about proofs that the page or the table names and nobody finds.
pub(crate) fn check(root: &Path, files: &[PathBuf]) -> Result<Vec<String>, String> {
    let page = read(root, Path::new(PAGE))?;
    let (mut tests, mut subjects) = (BTreeSet::new(), BTreeSet::new());
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "rs")) {
        let text = read(root, file)?;
        tests.extend(functions(&text));
        if file.starts_with(CHECKS) {
            subjects.extend(texts(&text));
        }
    }
    let mut problems = missing(&page, &tests, &subjects);
    problems.extend(unanswered(&page));
    problems.extend(unknown(&read(root, Path::new(SETTINGS))?, &tests));
    Ok(problems)
}

/// Complaints about trouble that the specification knows and the page does not.
fn unanswered(page: &str) -> Vec<String> {
    let entries: BTreeSet<_> = page.lines().filter_map(|line| line.strip_prefix(ENTRY)).collect();
    let lost = SPECIFIED.iter().filter(|(_, entry)| !entries.contains(entry));
    lost.map(|(what, entry)| format!("{PAGE}: {what:?} of the specification has no entry {entry:?}"))
        .collect()
}

/// Complaints about the table of settings.
fn unknown(table: &str, tests: &BTreeSet<String>) -> Vec<String> {
    let named = table.lines().enumerate().flat_map(|(number, row)| {
        let names = row.split_once('\t').map_or("", |(_, names)| names);
        names.split(' ').map(move |name| (number, name))
    });
    let unknown = named.filter(|(_, name)| !tests.contains(*name));
    unknown.map(|(number, name)| format!("{SETTINGS}:{}: no test is `{name}`", number + 1)).collect()
}

fn read(root: &Path, file: &Path) -> Result<String, String> {
    std::fs::read_to_string(root.join(file)).map_err(|e| format!("{}: {e}", file.display()))
}

/// The names of functions without parameters that stand right below a test's attribute.
fn functions(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut below = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            below = true;
        } else if let Some(rest) = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn ")) {
            found.extend(rest.split('(').next().filter(|_| below).map(str::to_owned));
            below = false;
        }
    }
    found
}

/// The values of constants that are texts.
fn texts(source: &str) -> Vec<String> {
    let constants = source.lines().filter(|line| line.contains("const ") && line.contains(": &str = \""));
    constants.filter_map(|line| line.split('"').nth(1)).map(str::to_owned).collect()
}

fn missing(page: &str, tests: &BTreeSet<String>, subjects: &BTreeSet<String>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut unproven = None;
    // A last entry, so that the one before it is looked at too.
    for (number, line) in page.lines().chain([ENTRY]).enumerate() {
        if line.starts_with(ENTRY) {
            let before = unproven.replace(number + 1);
            problems
                .extend(before.map(|at| format!("{PAGE}:{at}: the entry says nothing of what proves it")));
        }
        let Some(line) = line.strip_prefix(MARK) else { continue };
        unproven = None;
        let (named, doctor) = line.split_once(DOCTOR).unwrap_or((line, ""));
        for (what, text, known) in [("test", named, tests), ("check of doctor", doctor, subjects)] {
            let names = text.split('`').skip(1).step_by(2);
            let unknown = names.filter(|name| !known.contains(*name));
            problems.extend(unknown.map(|name| format!("{PAGE}:{}: no {what} is `{name}`", number + 1)));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_that_the_specification_knows_has_to_be_there() {
        let all = SPECIFIED.map(|(_, entry)| format!("{ENTRY}{entry}\n")).concat();
        assert_eq!(unanswered(&all), [""; 0]);
        assert_eq!(unanswered(&all.replace("### Many locks\n", "## Many locks\n")).len(), 1);
    }

    #[test]
    fn tests_of_settings_have_to_be_there() {
        let tests = BTreeSet::from(["it_works".to_owned(), "it_goes".to_owned()]);
        let table = "a\tit_works it_goes\nb\tit_works it_is_gone\nc\n";
        assert_eq!(
            unknown(table, &tests),
            [
                "crates/config/proofs.tsv:2: no test is `it_is_gone`",
                "crates/config/proofs.tsv:3: no test is ``"
            ]
        );
    }

    #[test]
    fn what_is_named_has_to_be_there() {
        let source = "fn no_test() {\n    #[tokio::test(flavor = \"x\")]\n    async fn it_works() -> R {\nfn helper() {\n#[test]\nfn it_fails() {\n";
        let tests: BTreeSet<_> = functions(source).into_iter().collect();
        assert_eq!(tests, BTreeSet::from(["it_fails".to_owned(), "it_works".to_owned()]));
        let subjects: BTreeSet<_> =
            texts("const A: &str = \"clock\";\nlet b = \"token\";").into_iter().collect();
        let page = "### a\nProven by `it_works`, `helper`; doctor: `clock`, `token`.\n### b\n`it_fails`\n### c\nProven by `it_fails`.\n";
        assert_eq!(
            missing(page, &tests, &subjects),
            [
                "docs/src/troubleshooting.md:2: no test is `helper`",
                "docs/src/troubleshooting.md:2: no check of doctor is `token`",
                "docs/src/troubleshooting.md:3: the entry says nothing of what proves it"
            ]
        );
    }
}
