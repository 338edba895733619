//! The public list of signed answers that no longer stand, for verifiers to look into.
//!
//! Open to everybody and traced for nobody: an id in it is random and names no person, and an answer that would have
//! ended by itself is not in it any more.
//! Not here: a verifier without network. A signed answer is short-lived for that reason, and good until it ends.

use credential::CredentialId;
use jiff::Timestamp;

use crate::{
    port::{PAGE_MAX, StoreError, proofs::Withdrawal},
    registry::Registry,
};

/// Withdrawals that the list may hold; the life of a proof bounds how many are living.
pub const LIST_MAX: u32 = 200_000;

/// The list as of a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawnList {
    pub at: Timestamp,
    pub withdrawn: Vec<Withdrawal>,
}

impl Registry {
    /// Every withdrawal of an answer that would still be good, by id.
    pub async fn withdrawn_proofs(&self) -> Result<WithdrawnList, StoreError> {
        let mut work = self.store.begin_read().await?;
        let at = self.now();
        let mut withdrawn: Vec<Withdrawal> = Vec::new();
        loop {
            let after: Option<CredentialId> = withdrawn.last().map(|last| last.credential);
            let page = work.withdrawals(at, after, PAGE_MAX).await?;
            let full = page.len() == PAGE_MAX as usize;
            withdrawn.extend(page);
            if withdrawn.len() > LIST_MAX as usize {
                return Err(StoreError::TooMany {
                    what: "living withdrawals",
                    limit: LIST_MAX,
                });
            }
            if !full {
                return Ok(WithdrawnList { at, withdrawn });
            }
        }
    }
}
