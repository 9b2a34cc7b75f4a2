//! "Did you mean": the nearest of the names that exist.

use strsim::damerau_levenshtein;

/// The name that somebody who wrote `written` probably meant.
pub(crate) fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let small = written.to_lowercase();
    // Longer names may differ in more places; a name that differs in a third of them is another one.
    let allowed = (small.chars().count() / 3).clamp(1, 4);
    let distance = |name: &&str| damerau_levenshtein(&small, &name.to_lowercase());
    let candidates = names.into_iter().map(|name| (distance(&name), name));
    candidates.filter(|(distance, _)| *distance <= allowed).min_by_key(|(d, _)| *d).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_is_found_and_far_is_not() {
        let names = ["prefix", "status.text", "status.type", "logging.level"];
        for (written, meant) in [
            ("prefx", Some("prefix")),
            ("Prefix", Some("prefix")),
            ("status.txet", Some("status.text")),
            ("x", None),
            ("colour", None),
        ] {
            assert_eq!(nearest(written, names), meant, "{written}");
        }
    }
}
