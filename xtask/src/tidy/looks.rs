//! Emoji and colours of what the bot says stand in one table, which `config.json` overrides.

use std::path::Path;

/// Where what the bot says is written.
const SPOKEN: [&str; 4] = ["cogs/", "crates/command/src/", "crates/config/src/", "crates/runtime/src/"];

/// What may stand in which file all the same, on a line with this text, and why.
const ALLOWED: [(&str, &str, &str); 6] = [
    ("crates/config/src/registry/theme.rs", "(\"theme.", "it is the table"),
    ("crates/runtime/src/panel.rs", "{on}", "the frame of the panel in the terminal"),
    ("crates/runtime/src/panel.rs", "let rest", "the same frame"),
    ("crates/config/src/emoji.rs", "\\u{", "emoji are told from text here, none is said"),
    ("crates/config/src/prefix.rs", "\\u{fe00}", "selectors are taken out of names, not said"),
    ("crates/config/src/", "0xff_ffff", "the greatest of all colours"),
];

/// Complaints about emoji and colours elsewhere. Tests may have them; they stand at the end of a file.
pub(crate) fn check(path: &Path, text: &str) -> Vec<String> {
    let shown = path.to_string_lossy().replace('\\', "/");
    let spoken = SPOKEN.iter().any(|start| shown.starts_with(start))
        && path.extension().is_some_and(|ending| ending == "rs");
    let of_tests = shown.contains("/tests/") || shown.ends_with("tests.rs");
    if !spoken || of_tests {
        return Vec::new();
    }
    let allowed =
        |line: &str| ALLOWED.iter().any(|(file, text, _)| shown.starts_with(file) && line.contains(text));
    let code = text.lines().enumerate().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
    let code = code.filter(|(_, line)| !line.trim_start().starts_with("//") && !allowed(line));
    let found = code.filter_map(|(index, line)| Some((index, sign(line).or_else(|| colour(line))?)));
    let complaint =
        |(index, what)| format!("{shown}:{}: {what} belongs into the table of the theme", index + 1);
    found.map(complaint).collect()
}

/// An emoji, or what bars and frames are made of, written out or escaped.
fn sign(line: &str) -> Option<String> {
    let written = line.chars().find(|c| is_sign(*c));
    let escaped = || {
        let codes = line.split("\\u{").skip(1).filter_map(|rest| rest.split('}').next());
        codes
            .filter_map(|code| char::from_u32(u32::from_str_radix(&code.replace('_', ""), 16).ok()?))
            .find(|c| is_sign(*c))
    };
    written.or_else(escaped).map(|c| format!("the sign U+{:04X}", u32::from(c)))
}

/// See Unicode's emoji-data: what has the property Emoji beyond digits and letters, and the blocks of shapes beside it.
fn is_sign(c: char) -> bool {
    matches!(u32::from(c),
        0x203C | 0x2049 | 0x20E3 | 0x2122 | 0x2139 | 0x2194..=0x21AA
        // Technical, enclosed, boxes, blocks, shapes, symbols, dingbats.
        | 0x2300..=0x27BF | 0x2934..=0x2935 | 0x2B00..=0x2BFF | 0x3030 | 0x303D | 0x3297 | 0x3299
        // The selector that makes an emoji of a letter.
        | 0xFE0F
        | 0x1_F000..=0x1_FAFF)
}

/// A number as colours are written, `0xRRGGBB`, or one that is given as a colour.
fn colour(line: &str) -> Option<String> {
    let six = |rest: &str| {
        let number: String = rest.chars().take_while(|c| c.is_ascii_hexdigit() || *c == '_').collect();
        number.chars().filter(|c| *c != '_').count() == 6
    };
    let hex = line.split("0x").skip(1).any(six);
    let given =
        |call: &&str| line.split(*call).skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    (hex || [".color(", "color: Some("].iter().any(given)).then(|| "the colour".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(Path::new(path), text)
    }

    #[test]
    fn emoji_and_colours_stand_in_the_table_alone() {
        for (line, what) in [
            (r#"    Reply::text("🏓 Pong!")"#, "sign U+1F3D3"),
            (r#"    "\u{1f3d3}""#, "sign U+1F3D3"),
            (r#"    "⏱️ Uptime""#, "sign U+23F1"),
            (r#"    "i\u{FE0F}""#, "sign U+FE0F"),
            (r#"    "█".repeat(3)"#, "sign U+2588"),
            ("const COLOUR: u32 = 0x2f_9e_8f;", "the colour"),
            ("    .color(0xFF0000)", "the colour"),
            ("    .color(16711680)", "the colour"),
        ] {
            let text = format!("//! Views ✅ 0xff0000\n{line}\n#[cfg(test)]\n{line}\n");
            let complaints = found("cogs/info/src/view.rs", &text);
            assert_eq!(complaints.len(), 1, "{line}: {complaints:?}");
            assert!(complaints[0].starts_with("cogs/info/src/view.rs:2: "), "{complaints:?}");
            assert!(complaints[0].contains(what), "{complaints:?}");
        }
    }

    #[test]
    fn words_other_numbers_and_other_places_are_left_alone() {
        let words = "\"“x” • … → – 5 µs ±2^53 \\u{201c}\" // 0xff\nlet n = 0x7fff_ffff; let m = 1_000_000;\n.color(self.colour(tone))\n";
        assert_eq!(found("cogs/info/src/view.rs", words), [""; 0]);
        let sign = "\"✅ 0xff0000\"\n";
        for other in [
            "crates/sim/src/a.rs",
            "cogs/a/src/snapshots/a.snap",
            "crates/command/src/dispatch/policy_tests.rs",
        ] {
            assert_eq!(found(other, sign), [""; 0], "{other}");
        }
        for (file, text, _) in ALLOWED {
            let (line, other) = (format!("{text} ✅ 0xff0000\n"), "✅ 0xff0000\n");
            assert_eq!(
                found(&format!("{file}{}", if file.ends_with('/') { "a.rs" } else { "" }), &line),
                [""; 0]
            );
            assert_eq!(
                found("crates/runtime/src/bot.rs", &format!("{line}{other}")).len(),
                2,
                "{file} alone"
            );
        }
        assert_eq!(found("crates/config/src/registry/status.rs", sign).len(), 1);
    }
}
