//! Bars of text: how far something has come, and how much of a bounded thing is in use.

use super::Theme;

/// Cells of a bar.
const CELLS: usize = 20;

impl Theme {
    /// How far something has come, as code: `done` of `all`. It is full only when all is done, and has no full cell only
    /// when nothing is.
    pub fn progress_bar(&self, done: usize, all: usize) -> String {
        let full = full(done, all);
        self.bar(full, CELLS - full)
    }

    /// How much is in use, as code: `used` of `hard`, of which new ones get places only below `safe`. Full cells for what
    /// is in use, free ones for what new ones can have, kept ones for what is kept from them. It is full only when nothing
    /// is left, has no full cell only when nothing is used, and free ones only while new ones get a place.
    pub fn usage_bar(&self, used: usize, safe: usize, hard: usize) -> String {
        let full = full(used, hard);
        let open = if used < safe { cells(safe, hard).max(full + 1) } else { full };
        self.bar(full, open - full)
    }

    /// Full cells, free ones, and kept ones up to the end.
    fn bar(&self, full: usize, free: usize) -> String {
        let cells = &self.0.bar;
        let kept = CELLS - full - free;
        format!("`{}{}{}`", cells.full.repeat(full), cells.free.repeat(free), cells.kept.repeat(kept))
    }

    /// The cell of what is free, but not for everything; to explain it.
    pub fn kept_cell(&self) -> &str {
        &self.0.bar.kept
    }
}

fn full(used: usize, all: usize) -> usize {
    if used < all { cells(used, all).min(CELLS - 1) } else { CELLS }
}

/// Rounded up, so that a little shows.
fn cells(count: usize, all: usize) -> usize {
    let all = all.max(1);
    (count.min(all) * CELLS).div_ceil(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_at_its_marks() {
        let theme = Theme::default();
        for (done, shown) in [
            (0, "`░░░░░░░░░░░░░░░░░░░░`"),
            (1, "`█░░░░░░░░░░░░░░░░░░░`"),
            (50, "`██████████░░░░░░░░░░`"),
            (99, "`███████████████████░`"),
            (100, "`████████████████████`"),
            (120, "`████████████████████`"),
        ] {
            assert_eq!(theme.progress_bar(done, 100), shown, "{done} %");
        }
        // Of a few, and of none at all.
        assert_eq!(theme.progress_bar(1, 3), "`███████░░░░░░░░░░░░░`");
        assert_eq!(theme.progress_bar(0, 0), "`████████████████████`");
    }

    #[test]
    fn usage_at_its_marks() {
        let theme = Theme::default();
        for (used, shown) in [
            (0, "`░░░░░░░░░░░░░░░░░░░▒`"),
            (1, "`█░░░░░░░░░░░░░░░░░░▒`"),
            (50, "`██████████░░░░░░░░░▒`"),
            (94, "`███████████████████░`"),
            (95, "`███████████████████▒`"),
            (99, "`███████████████████▒`"),
            (100, "`████████████████████`"),
            (120, "`████████████████████`"),
        ] {
            assert_eq!(theme.usage_bar(used, 95, 100), shown, "{used} of 100");
        }
    }

    #[test]
    fn usage_agrees_with_the_state_whatever_the_limits() {
        let theme = Theme::default();
        for (used, safe, hard, shown) in [(14, 15, 22, (13, 1)), (15, 15, 22, (14, 0)), (3, 22, 22, (3, 17))]
        {
            let bar = theme.usage_bar(used, safe, hard);
            let counts = (bar.matches('█').count(), bar.matches('░').count());
            assert_eq!((counts, bar.chars().count()), (shown, CELLS + 2), "{used} of {safe}, {hard}: {bar}");
        }
    }

    #[test]
    fn cells_are_of_the_table() {
        let mut settings = cogwright_config::Theme::default();
        settings.bar.full = "#".into();
        settings.bar.free = "🟩".into();
        settings.bar.kept = "-".into();
        let theme = Theme::from(settings);
        assert_eq!(theme.progress_bar(1, 2), format!("`{}{}`", "#".repeat(10), "🟩".repeat(10)));
        assert_eq!(theme.usage_bar(2, 2, 4), format!("`{}{}`", "#".repeat(10), "-".repeat(10)));
        assert_eq!(theme.kept_cell(), "-");
    }
}
