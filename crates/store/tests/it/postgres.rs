//! PostgreSQL against the suite of every store.

use std::sync::Arc;

use registry::port::Store;
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
