//! Which of some words was most likely meant: for "did you mean".

/// Most suggestions that are made.
pub(crate) const MAX_NEAR: usize = 5;
/// Most candidates that are looked at.
const MAX_CANDIDATES: usize = 2_000;
/// Longest word that is compared, in characters; what is longer is no slip of the keyboard.
const MAX_WORD: usize = 64;

/// Those of `candidates` that `given` was most likely meant to be, the nearest first, at most
/// five: they begin with it, or differ in at most a third of their letters.
pub fn near<T: AsRef<str>>(given: &str, candidates: impl IntoIterator<Item = T>) -> Vec<String> {
    let given: Vec<char> = given.to_lowercase().chars().take(MAX_WORD + 1).collect();
    if given.is_empty() || given.len() > MAX_WORD {
        return Vec::new();
    }
    let mut rated: Vec<(usize, String)> = candidates
        .into_iter()
        .take(MAX_CANDIDATES)
        .filter_map(|candidate| {
            let name = candidate.as_ref();
            let letters: Vec<char> = name.to_lowercase().chars().take(MAX_WORD).collect();
            let distance = if letters.starts_with(&given) { 0 } else { distance(&letters, &given) };
            // A third of the letters wrong is a slip, more is another word.
            (distance <= letters.len().div_ceil(3)).then(|| (distance, name.to_owned()))
        })
        .collect();
    rated.sort();
    rated.dedup();
    // What is much farther off than the nearest is not what was meant.
    let nearest = rated.first().map_or(0, |(distance, _)| *distance);
    rated.retain(|(distance, _)| *distance <= nearest + 1);
    rated.into_iter().take(MAX_NEAR).map(|(_, name)| name).collect()
}

/// How many letters must be put in, taken out or changed.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn slips_and_beginnings_are_recognised() {
        let names = ["ping", "status add", "status list", "echo"];
        assert_eq!(near("pinng", names), ["ping"]);
        assert_eq!(near("PONG", names), ["ping"]);
        assert_eq!(near("status ad", names), ["status add"]);
        assert_eq!(near("status", names), ["status add", "status list"]);
        assert_eq!(near("elephant", names), [""; 0]);
        assert_eq!(near("", names), [""; 0]);
        assert_eq!(near(&"p".repeat(5_000), names), [""; 0]);
    }
}
