//! Counts in words.

/// "1 server", "2 servers", "1 query", "2 queries".
pub fn counted(number: impl TryInto<u64>, what: &str) -> String {
    // A count that is beyond 64 bits is not one.
    let number = number.try_into().unwrap_or(u64::MAX);
    match (number, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{number} {stem}ies"),
        _ => format!("{number} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_not_many() {
        let said: Vec<_> = [0_u64, 1, 2].map(|n| counted(n, "server")).to_vec();
        assert_eq!(said, ["0 servers", "1 server", "2 servers"]);
        assert_eq!((counted(3_usize, "query"), counted(2_u8, "day")), ("3 queries".into(), "2 days".into()));
    }
}
