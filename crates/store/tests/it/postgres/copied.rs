//! A copy of a database, and the database made from it: row for row the same, and it goes on where the other stood.

use registry::{
    conformance::trace::{checked_chain, entry},
    note_backup::StoreMark,
    port::{Clock as _, clock::SystemClock},
    trace::Entry,
};
use sqlx::{AssertSqlSafe, Connection as _};
use store::{PostgresStore, backup};
use testkit::postgres::{self, Template};

use super::{add, batch, fresh_url, ids};

/// A database in which nothing was ever made.
struct Nothing;

impl Template for Nothing {
    const NAME: &'static str = "nothing";
    async fn fill(_url: &str) {}
}

fn mark() -> StoreMark {
    StoreMark {
        records: 0,
        links: 0,
        decisions: 0,
        trace_entries: 0,
        trace_head: String::new(),
    }
}

/// A digest of every row of every table but the one of migrations.
async fn rows(url: &str) -> Vec<(String, Option<String>)> {
    let mut raw = sqlx::PgConnection::connect(url).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace \
         AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> '_sqlx_migrations' ORDER BY relname",
    )
    .fetch_all(&mut raw)
    .await
    .unwrap();
    let mut all = Vec::new();
    for table in tables {
        let digest = format!("SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {table} AS t");
        let digest = sqlx::query_scalar(AssertSqlSafe(digest))
            .fetch_one(&mut raw)
            .await;
        all.push((table, digest.unwrap()));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_brings_back_every_row() {
    let Some(url) = fresh_url().await else { return };
    let store = store::open(&url).await.unwrap();
    add(&*store, &batch(0, 500)).await.unwrap();
    let mut work = store.begin().await.unwrap();
    let look = Entry {
        at: SystemClock.now(),
        ..entry(&[1], 0)
    };
    work.trace(look).await.unwrap();
    work.commit().await.unwrap();
    let before = rows(&url).await;
    assert!(before.iter().any(|(_, digest)| digest.is_some()));

    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("copy");
    let begun = backup::begin(&url, &copy).unwrap();
    let manifest = begun.copy(mark(), SystemClock.now()).await.unwrap();
    assert_eq!(manifest.files.len(), before.len());
    add(&*store, &batch(1, 10)).await.unwrap();

    let there = backup::restore(&copy, &url).await;
    assert!(matches!(there, Err(backup::BackupError::Inhabited)), "{there:?}");
    let fresh = postgres::fresh_database::<Nothing>().await.unwrap();
    assert_eq!(backup::restore(&copy, &fresh).await.unwrap(), manifest);
    assert_eq!(rows(&fresh).await, before);

    let restored = PostgresStore::open(&fresh).await.unwrap();
    assert_eq!(ids(&restored).await.len(), 500);
    add(&restored, &batch(1, 10)).await.unwrap();
    assert_eq!(ids(&restored).await.len(), 510);
    let restored = store::open(&fresh).await.unwrap();
    assert_eq!(checked_chain(&restored).await.len(), 1);
}
