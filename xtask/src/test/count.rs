//! Reads how many tests passed and failed from what test runners print.

/// Passed, failed and skipped tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Counts {
    /// One check that passed.
    pub(crate) fn one() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Sums the closing lines of nextest, `cargo test`, vitest, pytest and node's runner.
    pub(crate) fn read(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines() {
            let line = without_colours(line);
            let line = line.trim();
            let closing = (line.starts_with("Summary [") && line.contains(" run: "))
                || line.starts_with("test result:")
                || line.starts_with("Tests ")
                || (line.starts_with("===") && line.ends_with("===") && line.contains(" in "));
            if closing {
                counts.add(Self {
                    passed: before(line, "passed"),
                    failed: before(line, "failed") + before(line, "timed out") + before(line, " error"),
                    skipped: before(line, "skipped") + before(line, "ignored"),
                });
            } else if let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
                let number =
                    |word: &str| rest.strip_prefix(word).and_then(|n| n.trim().parse().ok()).unwrap_or(0);
                counts.add(Self {
                    passed: number("pass "),
                    failed: number("fail "),
                    skipped: number("skipped "),
                });
            }
        }
        counts
    }
}

/// The number that stands before a word: `12 passed`.
fn before(line: &str, word: &str) -> u64 {
    let Some(at) = line.find(word) else { return 0 };
    line[..at].split_whitespace().next_back().and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// The line without terminal colour sequences.
fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn reads_the_closing_lines_of_every_runner() {
        let nextest = "     Summary [   2.1s] 12 tests run: 10 passed, 1 failed, 1 timed out, 3 skipped";
        assert_eq!(Counts::read(nextest), Counts { passed: 10, failed: 2, skipped: 3 });
        let doc = "test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(Counts::read(doc), Counts { passed: 4, failed: 0, skipped: 1 });
        let node = "ℹ tests 7\nℹ pass 6\nℹ fail 1\nℹ skipped 0";
        assert_eq!(Counts::read(node), Counts { passed: 6, failed: 1, skipped: 0 });
        let vitest = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[32m31 passed\u{1b}[39m (31)";
        assert_eq!(Counts::read(vitest), Counts { passed: 31, failed: 0, skipped: 0 });
        let pytest = "==== 1 failed, 9 passed, 2 skipped, 1 error in 2.31s ====";
        assert_eq!(Counts::read(pytest), Counts { passed: 9, failed: 2, skipped: 2 });
        assert_eq!(Counts::read("12 passed in my diary"), Counts::default());
    }
}
