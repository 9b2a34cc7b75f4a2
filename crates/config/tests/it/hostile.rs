//! Anything at all as a settings file: no panic, no change of the file, no secret in what is said.

use cogwright_config::settings;
use proptest::prelude::*;

use crate::kit::Kit;

/// Texts that look like JSON more often than random bytes do.
fn almost_json() -> impl Strategy<Value = Vec<u8>> {
    let keys: Vec<String> =
        settings().flat_map(|it| it.key.split('.')).map(|part| format!("\"{part}\":")).collect();
    let scraps = prop_oneof![
        proptest::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "//",
            "/*",
            "*/",
            "null",
            "true",
            "0",
            "-1",
            "1e999",
            "\"text\"",
            "\n",
            "\u{feff}",
            "\u{202e}",
            "\"\\ud800\"",
            "99999999999999999999",
            "\"#123456\"",
        ])
        .prop_map(str::to_owned),
        proptest::sample::select(keys),
        ".{0,8}",
    ];
    proptest::collection::vec(scraps, 0..40).prop_map(|parts| parts.concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_file_breaks_the_reader_or_is_changed(
        config in prop_oneof![almost_json(), proptest::collection::vec(any::<u8>(), 0..200)],
        env in prop_oneof![
            "([A-Z_]{1,9}|DISCORD_TOKEN|SHARD_IDS)? ?(=|) ?['\"]?.{0,12}(\r?\n.{0,12}){0,3}".prop_map(String::into_bytes),
            proptest::collection::vec(any::<u8>(), 0..100),
        ],
    ) {
        let kit = Kit::new();
        kit.write("config.json", &config).write(".env", &env);
        let report = kit.read();
        for problem in report.problems.iter().chain(&report.warnings) {
            prop_assert!(!problem.what.is_empty() && !problem.remedy.is_empty());
            let odd = |c: char| c.is_control() || c == '\u{202e}';
            prop_assert!(!problem.line().contains(odd), "{:?}", problem.line());
        }
        let usable = report.problems.is_empty();
        prop_assert_eq!(report.into_loaded().is_ok(), usable);
        kit.sources().write_missing();
        prop_assert_eq!(std::fs::read(kit.path("config.json")).unwrap(), config);
        prop_assert_eq!(std::fs::read(kit.path(".env")).unwrap(), env);
    }
}
