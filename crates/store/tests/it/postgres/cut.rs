//! A connection is cut, or a statement fails: an error, nothing kept, and the next work goes on.

use registry::port::{Store as _, StoreError};
use sqlx::Connection as _;
use store::PostgresStore;

use super::{add, batch, fresh_url, ids};

/// Ends every other connection to the database of a URL.
async fn cut_all(url: &str) {
    let mut raw = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .execute(&mut raw)
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_connection_leaves_no_mark() {
    let Some(url) = fresh_url().await else { return };
    let store = PostgresStore::open(&url).await.unwrap();
    add(&store, &batch(0, 10)).await.unwrap();

    let mut work = store.begin_addition().await.unwrap();
    work.append(&batch(1, 10)).await.unwrap();
    cut_all(&url).await;
    let refused = work.append(&batch(2, 10)).await;
    assert!(
        matches!(refused, Err(StoreError::Away(_) | StoreError::Backend(_))),
        "{refused:?}"
    );
    let refused = work.commit().await;
    assert!(
        matches!(refused, Err(StoreError::Away(_) | StoreError::Backend(_))),
        "{refused:?}"
    );
    assert_eq!(ids(&store).await.len(), 10);

    let mut work = store.begin_addition().await.unwrap();
    work.append(&batch(1, 10)).await.unwrap();
    cut_all(&url).await;
    let refused = work.commit().await;
    assert!(
        matches!(refused, Err(StoreError::Away(_) | StoreError::Backend(_))),
        "cut before the commit: {refused:?}"
    );
    assert_eq!(ids(&store).await.len(), 10);

    // connections that were cut while nobody used them are not given out again
    add(&store, &batch(1, 10)).await.unwrap();
    cut_all(&url).await;
    add(&store, &batch(2, 10)).await.unwrap();
    assert_eq!(ids(&store).await.len(), 30);
}

#[tokio::test]
async fn a_transaction_of_which_a_step_failed_is_never_committed() {
    let Some(url) = fresh_url().await else { return };
    let store = PostgresStore::open(&url).await.unwrap();
    let mut work = store.begin_addition().await.unwrap();
    work.append(&batch(0, 10)).await.unwrap();
    let mut broken = batch(1, 1);
    // PostgreSQL keeps no such character
    broken[0].evidence.file = "pit/\0.csv".to_owned();
    let refused = work.append(&broken).await;
    assert!(matches!(refused, Err(StoreError::Backend(_))), "{refused:?}");
    let refused = work.commit().await;
    assert!(matches!(refused, Err(StoreError::Backend(_))), "{refused:?}");
    assert_eq!(ids(&store).await.len(), 0);
}
