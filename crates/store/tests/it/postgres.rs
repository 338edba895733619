//! PostgreSQL against the suite of every store, and who waits there for whom.

use std::{sync::Arc, time::Duration};

use registry::{conformance::fixtures::minute, port::Store};
use store::PostgresStore;
use testkit::postgres::{self, Template};

/// A store without a row.
pub(crate) struct EmptyStore;

impl Template for EmptyStore {
    const NAME: &'static str = "empty_store";
    async fn fill(url: &str) {
        PostgresStore::open(url).await.unwrap().close().await;
    }
}

/// URL of a store without a row; none, and a word about it, where there is no PostgreSQL.
pub(crate) async fn fresh_url() -> Option<String> {
    if postgres::is_installed() {
        Some(postgres::fresh_database::<EmptyStore>().await.unwrap())
    } else {
        postgres::skip();
        None
    }
}

async fn fresh() -> Option<Arc<dyn Store>> {
    let url = fresh_url().await?;
    Some(store::open(&url).await.expect("a fresh store opens"))
}

registry::conformance_tests!(super::fresh);

/// A look that has promised and not come to its end keeps no other from promising the same.
#[tokio::test]
async fn promises_wait_for_nobody() {
    let Some(store) = fresh().await else { return };
    let mut slow = store.begin().await.unwrap();
    slow.promise_known_time(minute(1)).await.unwrap();
    for at in [minute(1), minute(2)] {
        let quick = async {
            let mut work = store.begin().await.unwrap();
            work.promise_known_time(at).await.unwrap();
            work.commit().await.unwrap();
        };
        tokio::time::timeout(Duration::from_secs(10), quick)
            .await
            .expect("it waits for the other look");
    }
    slow.commit().await.unwrap();
}
