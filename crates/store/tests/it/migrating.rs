//! Migrations with rows present: a store of the release before goes on with all that it holds.

use std::path::Path;

use credential::{Answer, CredentialId, ReasonCode};
use jiff::{Timestamp, civil::date};
use registry::{
    conformance::fixtures::{key, minute, profile, reading},
    port::Store,
    search_key::{SearchKey, SearchKind},
};
use sqlx::{SqlitePool, migrate::Migrator, sqlite::SqliteConnectOptions};
use std::sync::Arc;
use store::SqliteStore;

/// A link of the record, from one minute to another.
fn link(number: u128, from: i64, until: Option<i64>) -> String {
    format!(
        "INSERT INTO link (source, record_id, profile, known_from, known_until, engine, weight, explanation) \
         VALUES ('pit', 'P1', x'{}', {}, {}, 'linkage/1', 1.0, '{{}}')",
        hex::encode(profile(number).as_bytes()),
        minute(from).as_microsecond(),
        until.map_or("NULL".to_owned(), |until| minute(until)
            .as_microsecond()
            .to_string()),
    )
}

/// A store as the release before left it: its first migration, a record that moved, under a number, and a receipt that rests on it.
async fn of_the_release_before(file: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let first = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite/0001_registry.sql");
    std::fs::copy(first, folder.path().join("0001_registry.sql")).unwrap();
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    Migrator::new(folder.path())
        .await
        .unwrap()
        .run(&pool)
        .await
        .unwrap();
    for (version, received) in [(1, minute(3)), (2, minute(7))] {
        sqlx::query(
            "INSERT INTO record (source, record_id, version, kind, recorded_on, received_at, valid_from, subject, \
             payload, doubts, file, line, digest) \
             VALUES ('pit', 'P1', ?, 'tax_advance', '2025-03-02', ?, '2025-03-01', '{}', '{}', '[]', 'f', 1, x'00')",
        )
        .bind(version)
        .bind(received.as_microsecond())
        .execute(&pool)
        .await
        .unwrap();
    }
    let answer = Answer::No {
        reason: ReasonCode::parse("no_basis").unwrap(),
    };
    for statement in [
        "INSERT INTO search_key (kind, value, source, record_id) VALUES ('document', 'FA1234567', 'pit', 'P1')"
            .to_owned(),
        link(1, 5, Some(8)),
        link(2, 8, None),
        format!("INSERT INTO known_time (only, latest) VALUES (1, {})", minute(7).as_microsecond()),
        format!(
            "INSERT INTO receipt (id, profile, matter, door, on_day, known_at, given_at, edition, inputs, answer) \
             VALUES (x'0101010101010101', x'{}', 'work', 'qr', '{}', 0, {}, 'e', '{}', '{}')",
            profile(1).as_bytes().iter().map(|b| format!("{b:02x}")).collect::<String>(),
            date(2025, 3, 9),
            minute(8).as_microsecond(),
            r#"[{"record":{"source":"pit","id":"P1"},"version":2},{"record":{"source":"pit","id":"P1"},"version":1}]"#,
            serde_json::to_string(&answer).unwrap(),
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
    }
    pool.close().await;
}

#[tokio::test]
async fn a_store_of_the_release_before_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sojourn.db");
    of_the_release_before(&file).await;
    let store: Arc<dyn Store> = Arc::new(
        SqliteStore::open(&format!("sqlite:{}", file.display()))
            .await
            .unwrap(),
    );
    let mut work = reading(&store).await;
    let number = SearchKey::number(SearchKind::Document, "FA1234567");
    for (at, found) in [
        (4, vec![]),
        (5, vec![profile(1)]),
        (9, vec![profile(1), profile(2)]),
    ] {
        let under = work.profiles_under(&number, minute(at), 10).await.unwrap();
        assert_eq!(under, found, "whom a number found by minute {at}");
    }
    let receipts = work
        .receipts_resting_on(&[key("pit", "P1")], Timestamp::UNIX_EPOCH, 10)
        .await
        .unwrap();
    assert_eq!(receipts.len(), 1);
    assert_eq!(receipts[0].id, CredentialId::from_random_bytes([1; 8]));
    drop(work);
    let mut work = store.begin().await.unwrap();
    assert!(
        work.advance_known_time(minute(6)).await.is_err(),
        "known time goes on"
    );
    work.promise_known_time(minute(9)).await.unwrap();
    work.commit().await.unwrap();
    let mut work = store.begin().await.unwrap();
    assert!(work.advance_known_time(minute(8)).await.is_err());
    assert_eq!(work.advance_known_time(minute(10)).await.unwrap(), minute(10));
}
