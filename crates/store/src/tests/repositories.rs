//! Each repository: what is written is read back, replaced, removed, expired.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use serde_json::json;

use crate::testing::{ACTOR, GUILD, fresh, open};
use crate::{
    AuditFilter, CommandUse, Cooldown, CooldownScope, Mark, Session, Snapshot, StatusEntry, WithheldCommand,
};

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[tokio::test]
async fn settings_and_their_audit_rows() {
    let (_folder, _, store) = fresh().await;
    let settings = store.guild(GUILD).settings();
    assert_eq!(settings.set("prefix", "?", &ACTOR).await.unwrap(), None);
    assert_eq!(settings.set("prefix", "$", &ACTOR).await.unwrap().as_deref(), Some("?"));
    assert_eq!(settings.set("prefix", "$", &ACTOR).await.unwrap().as_deref(), Some("$"));
    assert_eq!(settings.get("prefix").await.unwrap().as_deref(), Some("$"));
    assert_eq!(settings.remove("prefix", &ACTOR).await.unwrap().as_deref(), Some("$"));
    assert!(settings.all().await.unwrap().is_empty());
    // Said in the guild, but about the bot.
    store.bot_settings().set("status.interval", "60", &ACTOR).await.unwrap();

    let rows =
        store.audit().list(AuditFilter { guild: Some(GUILD), ..AuditFilter::default() }, 9).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.old.as_deref(), row.new.as_deref())).collect();
    assert_eq!(
        told,
        [(Some("$"), None), (Some("?"), Some("$")), (None, Some("?"))],
        "newest first, no no-op"
    );
    assert!(
        rows.iter()
            .all(|row| row.at == at(1_795_893_000) && row.user == Some(42) && row.guild == Some(GUILD))
    );
    let page = AuditFilter {
        before: Some(rows[0].id),
        setting: Some("prefix".to_owned()),
        ..AuditFilter::default()
    };
    assert_eq!(store.audit().list(page, 1).await.unwrap(), rows[1..2]);
    let last = &store.audit().list(AuditFilter::default(), 9).await.unwrap()[0];
    assert_eq!((last.setting.as_str(), last.guild, last.bot_wide), ("status.interval", Some(GUILD), true));
    assert_eq!((rows[0].bot_wide, rows[0].channel), (false, Some(9)));
    store.delete_guild(GUILD, &ACTOR).await.unwrap();
    let left = store.audit().list(AuditFilter::default(), 9).await.unwrap();
    let settings: Vec<_> = left.iter().map(|row| row.setting.as_str()).collect();
    assert!(settings.contains(&"status.interval") && !settings.contains(&"prefix"), "{settings:?}");
    let bots = left.iter().find(|row| row.setting == "status.interval").unwrap();
    assert_eq!(
        (bots.guild, bots.channel, bots.user),
        (None, None, Some(42)),
        "the bot's stays, without the place"
    );
}

#[tokio::test]
async fn role_rules() {
    let (_folder, _, store) = fresh().await;
    let rules = store.guild(GUILD).rules();
    let (one, both) = (BTreeSet::from([u64::MAX]), BTreeSet::from([5, u64::MAX]));
    assert_eq!(rules.set("ban", one.clone(), &ACTOR).await.unwrap(), BTreeSet::new());
    assert_eq!(rules.set("ban", both.clone(), &ACTOR).await.unwrap(), one);
    assert_eq!(rules.set("ban", both.clone(), &ACTOR).await.unwrap(), both, "no change, no row");
    assert_eq!(rules.set("kick", [7].into(), &ACTOR).await.unwrap(), BTreeSet::new());
    assert_eq!(rules.all().await.unwrap().len(), 2);
    assert_eq!(rules.set("ban", BTreeSet::new(), &ACTOR).await.unwrap(), both);
    assert_eq!(rules.all().await.unwrap(), [("kick".to_owned(), [7].into())].into());
    assert!(store.guild(1_u64).rules().all().await.unwrap().is_empty());
    let audit = store.audit();
    let rows = audit.list(
        AuditFilter { setting: Some("command_permissions.ban".to_owned()), ..AuditFilter::default() },
        9,
    );
    let told: Vec<_> = rows.await.unwrap().into_iter().map(|row| (row.old, row.new)).collect();
    let both = Some(format!("[5, {}]", u64::MAX));
    let one = Some(format!("[{}]", u64::MAX));
    assert_eq!(told, [(both.clone(), None), (one.clone(), both), (None, one)]);
}

#[tokio::test]
async fn usage_in_total_and_per_guild() {
    let (_folder, _, store) = fresh().await;
    let used = |guild, command: &str, count, errors, seconds| CommandUse {
        guild,
        command: command.to_owned(),
        count,
        errors,
        last_used: at(seconds),
        last_error: (errors > 0).then(|| ("x".repeat(999), at(seconds))),
    };
    let batch = vec![
        used(Some(1), "help", 3, 0, 500),
        used(Some(2), "help", 4, 1, 400),
        used(None, "ping", 1, 0, 300),
    ];
    store.usage().record(batch).await.unwrap();
    store.usage().record(vec![used(Some(1), "help", 1, 0, 100)]).await.unwrap();
    assert_eq!(store.usage().total().await.unwrap(), (9, 1));
    let top = store.usage().top(9).await.unwrap();
    assert_eq!((top[0].command.as_str(), top[0].count, top[0].last_used), ("help", 8, Some(at(500))));
    assert_eq!(top[1].command, "ping");
    let here = store.guild(1_u64).usage().top(1).await.unwrap();
    assert_eq!((here[0].count, here[0].errors, here[0].last_used), (4, 0, Some(at(500))));
    let there = &store.guild(2_u64).usage().top(1).await.unwrap()[0];
    assert_eq!(there.last_error, Some(("x".repeat(200), Some(at(400)))));
}

#[tokio::test]
async fn cooldowns_end_by_the_stores_clock() {
    let (folder, clock, store) = fresh().await;
    let cooldown = |bucket: &str, ends: u64| Cooldown {
        bucket: bucket.to_owned(),
        scope: CooldownScope::User,
        user: Some(u64::MAX),
        guild: None,
        channel: None,
        used: 1,
        began: at(1_795_893_000),
        ends: at(1_795_893_000 + ends),
    };
    store.cooldowns().save(vec![cooldown("a", 60), cooldown("b", 120), cooldown("a", 90)]).await.unwrap();
    store.close().await.unwrap();
    let store = open(folder.path(), &clock).await;
    assert_eq!(store.cooldowns().load(9).await.unwrap(), [cooldown("b", 120), cooldown("a", 90)]);
    assert_eq!(store.cooldowns().load(1).await.unwrap(), [cooldown("b", 120)], "those that end last");
    clock.advance(90);
    assert_eq!(store.cooldowns().load(9).await.unwrap(), [cooldown("b", 120)]);
    assert_eq!(store.cooldowns().expire().await.unwrap(), 1);
    clock.advance(30);
    assert_eq!(store.cooldowns().expire().await.unwrap(), 1);
    assert!(store.cooldowns().load(9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_session_is_replaced_whole_and_a_mark_leaves_other_sessions_alone() {
    let (_folder, _, store) = fresh().await;
    let session = |shard, id: &str, sequence| Session {
        shard,
        shards: 2,
        session_id: id.to_owned(),
        resume_url: "wss://x".to_owned(),
        sequence,
        saved_at: at(1_795_893_000),
        snapshot: Some(Snapshot { sequence, bytes: vec![0, 255, 7] }),
    };
    let sessions = store.sessions();
    for one in [session(0, "a", 5), session(1, "b", 6)] {
        sessions.put(one).await.unwrap();
    }
    let mark = |shard, id: &str, sequence| Mark {
        shard,
        session_id: id.to_owned(),
        sequence,
        snapshot_sequence: sequence - 1,
    };
    sessions.journal(vec![mark(0, "a", 9), mark(1, "c", 11), mark(7, "d", 1)]).await.unwrap();
    let first = sessions.find(0).await.unwrap().unwrap();
    assert_eq!((first.sequence, first.snapshot.as_ref().map(|s| s.sequence)), (9, Some(8)));
    let second = sessions.find(1).await.unwrap();
    assert_eq!(second, Some(session(1, "b", 6)), "a mark of another session means nothing");
    sessions.put(session(1, "c", 1)).await.unwrap();
    assert_eq!(sessions.find(1).await.unwrap(), Some(session(1, "c", 1)));
    assert_eq!(sessions.find(7).await.unwrap(), None);
}

#[tokio::test]
async fn an_empty_status_list_is_not_none() {
    let (_folder, _, store) = fresh().await;
    let entry = |text: &str| StatusEntry {
        kind: "playing".to_owned(),
        text: text.to_owned(),
        presence: "dnd".to_owned(),
    };
    let statuses = store.statuses();
    assert_eq!(statuses.all().await.unwrap(), None);
    assert_eq!(statuses.replace(vec![entry("a"), entry("b")], &ACTOR).await.unwrap(), None);
    assert_eq!(statuses.all().await.unwrap(), Some(vec![entry("a"), entry("b")]));
    assert_eq!(statuses.replace(vec![], &ACTOR).await.unwrap().map(|list| list.len()), Some(2));
    assert_eq!(statuses.all().await.unwrap(), Some(vec![]));
    assert!(statuses.replace(vec![entry("x"); 101], &ACTOR).await.is_err());
    let rows = store.audit().list(AuditFilter::default(), 9).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[1].new.as_deref().map(|new| new.contains(r#"{"type":"playing","text":"a","presence":"dnd"}"#)),
        Some(true)
    );
    store.bot_settings().set("status.interval", "60", &ACTOR).await.unwrap();
    assert_eq!(store.bot_settings().get("status.interval").await.unwrap().as_deref(), Some("60"));
}

#[tokio::test]
async fn withheld_commands_users_and_statistics() {
    let (_folder, _, store) = fresh().await;
    let held = |name: &str, guild, seconds| WithheldCommand {
        guild,
        name: name.to_owned(),
        origin: "cog Fun".to_owned(),
        reason: "limit".to_owned(),
        since: at(seconds),
    };
    store.withheld().replace(None, vec![held("a", None, 5), held("b", None, 5)]).await.unwrap();
    store.withheld().replace(Some(GUILD), vec![held("c", Some(GUILD), 5)]).await.unwrap();
    assert_eq!(store.withheld().replace(None, vec![held("b", None, 9)]).await.unwrap(), ["a"]);
    let all = store.withheld().all().await.unwrap();
    assert!(
        all.contains(&held("b", None, 5)) && all.contains(&held("c", Some(GUILD), 5)) && all.len() == 2,
        "{all:?}"
    );

    let users = store.user_data();
    users.set(u64::MAX, &json!({"a": [1, "é"]})).await.unwrap();
    let user = users.get(u64::MAX).await.unwrap().unwrap();
    assert_eq!((user.data, user.last_seen), (json!({"a": [1, "é"]}), Some(at(1_795_893_000))));
    assert_eq!(users.get(7).await.unwrap(), None);

    let stats = store.global_stats();
    stats.add([("n".to_owned(), 2)].into()).await.unwrap();
    stats.add([("n".to_owned(), 3)].into()).await.unwrap();
    stats.set([("text".to_owned(), "x".to_owned())].into()).await.unwrap();
    assert_eq!(
        stats.all().await.unwrap(),
        [("n".to_owned(), "5".to_owned()), ("text".to_owned(), "x".to_owned())].into()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever people choose as names and values comes back as it was, null bytes in values included.
    #[test]
    fn any_text_reads_back(pairs in prop::collection::btree_map("[^\0]{1,40}", any::<String>(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (_folder, _, store) = fresh().await;
            let settings = store.guild(GUILD).settings();
            for (key, value) in &pairs {
                settings.set(key, value.as_str(), &ACTOR).await.unwrap();
            }
            assert_eq!(settings.all().await.unwrap(), pairs);
        });
    }
}
