//! Looking from outside at what commands have changed.

use crate::db::{Kind, file_of_schema};
use crate::testing::{ACTOR, HandClock, open};
use crate::{ChangedByCommands, StatusEntry, StoreError, changed_by_commands};

fn files(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn what_commands_changed_is_read_beside_a_bot_and_after_it_and_nothing_is_left() {
    let outer = tempfile::tempdir().unwrap();
    // Signs that mean something in an address.
    let folder = outer.path().join("a #1?x=%41 b");
    assert_eq!(changed_by_commands(&folder).unwrap(), None);
    assert!(!folder.exists());

    let store = open(&folder, &HandClock::new()).await;
    assert_eq!(changed_by_commands(&folder).unwrap(), Some(ChangedByCommands::default()));
    let entry = StatusEntry { kind: "playing".into(), text: "chess".into(), presence: "idle".into() };
    store.statuses().replace(vec![entry.clone()], &ACTOR).await.unwrap();
    store.bot_settings().set("status.interval", "20", &ACTOR).await.unwrap();
    let wanted = ChangedByCommands {
        statuses: Some(vec![entry]),
        settings: [("status.interval".to_owned(), "20".to_owned())].into(),
    };
    assert_eq!(changed_by_commands(&folder).unwrap().as_ref(), Some(&wanted), "beside the bot");
    store.close().await.unwrap();
    let before = files(&folder);
    assert_eq!(changed_by_commands(&folder).unwrap().as_ref(), Some(&wanted), "after it");
    assert_eq!(files(&folder), before);
}

#[test]
fn a_database_of_the_original_and_a_broken_one_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    drop(file_of_schema(&folder.path().join("main.db"), Kind::Main, 1));
    assert_eq!(changed_by_commands(folder.path()).unwrap(), Some(ChangedByCommands::default()));
    std::fs::write(folder.path().join("main.db"), "no database, but long enough to look at").unwrap();
    assert!(matches!(changed_by_commands(folder.path()), Err(StoreError::Corrupt { .. })));
}
