//! What was committed is there when the store is opened again; what was not, is not.

use registry::{
    conformance::fixtures::{key, minute, record},
    port::Store as _,
};
use store::{OpenError, SqliteStore};

#[tokio::test]
async fn what_was_committed_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!(
        "sqlite:{}",
        folder.path().join("deep").join("sojourn.db").display()
    );
    let payment = key("pit", "PY0000000001");
    let store = SqliteStore::open(&url).await.unwrap();
    let mut work = store.begin().await.unwrap();
    work.append(&[record(&payment, 1, 100, 0)]).await.unwrap();
    work.commit().await.unwrap();
    let mut work = store.begin().await.unwrap();
    work.append(&[record(&payment, 2, 200, 0)]).await.unwrap();
    // the program ends in the middle of a transaction
    std::mem::forget(work);
    drop(store);

    let store = SqliteStore::open(&url).await.unwrap();
    let versions = store
        .begin_read()
        .await
        .unwrap()
        .versions_of(&payment, minute(9))
        .await
        .unwrap();
    assert_eq!(versions, [record(&payment, 1, 100, 0)]);
}

#[tokio::test]
async fn only_urls_of_sqlite_are_opened() {
    for url in ["", "sqlite:", "postgres://localhost/sojourn", "sojourn.db"] {
        assert!(
            matches!(SqliteStore::open(url).await, Err(OpenError::Url)),
            "{url}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let no_database = folder.path().join("text.db");
    std::fs::write(&no_database, "this is no database, it is a text of some length").unwrap();
    let url = format!("sqlite:{}", no_database.display());
    assert!(SqliteStore::open(&url).await.is_err());
}

#[tokio::test]
async fn a_store_of_a_later_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sojourn.db");
    let url = format!("sqlite:{}", path.display());
    SqliteStore::open(&url).await.unwrap().close().await;
    let raw = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'from the future', 1, x'00', 0)",
    )
    .execute(&raw)
    .await
    .unwrap();
    raw.close().await;
    let refused = SqliteStore::open(&url).await;
    assert!(matches!(refused, Err(OpenError::Newer { migration: 9999 })));
}
