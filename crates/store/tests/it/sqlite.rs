//! SQLite against the suite of every store.

use std::sync::Arc;

use registry::port::Store;

async fn fresh() -> Arc<dyn Store> {
    store::open("sqlite::memory:").await.expect("a fresh store opens")
}

registry::conformance_tests!(super::fresh);
