//! The words that stand for Discord's lists. Whoever reads them should not have to read worse.

/// Words of a preset: 1 profanity, 2 sexual content, 3 slurs.
pub(super) fn preset(number: u8) -> &'static [&'static str] {
    match number {
        1 => &["darn", "heck", "blast*"],
        2 => &["smooch*", "cogwright-test-sexual"],
        3 => &["nincompoop*", "dunderhead*", "cogwright-test-slur"],
        _ => &[],
    }
}
