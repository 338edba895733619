//! Sessions of callers who come at the same time, read together.
//!
//! Not here: whether a session is in force (`sign_in`), which each caller decides by the clock.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    gather::Desk,
    port::{
        Store, StoreError,
        accounts::{Account, Session},
    },
};

/// Where sessions are asked for by the hashes of their tokens. Nothing is remembered: a session that was ended is ended
/// for the next request.
pub(crate) struct Sessions(pub(crate) Arc<dyn Store>);

#[async_trait]
impl Desk for Sessions {
    type Question = [u8; 32];
    type Answer = Option<(Session, Account)>;

    async fn answer_all(&self, group: Vec<[u8; 32]>) -> Result<Vec<Self::Answer>, StoreError> {
        self.0.begin_read().await?.find_sessions(&group).await
    }
}
