//! The store in memory against the suite of every store.

use std::sync::Arc;

use registry::{memory::MemoryStore, port::Store};

async fn fresh() -> Arc<dyn Store> {
    Arc::new(MemoryStore::default())
}

registry::conformance_tests!(super::fresh);
