//! Failed attempts, in memory.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::MemoryTransaction;
use crate::port::{
    StoreError,
    attempts::{Attempts, Guessed},
};

#[async_trait]
impl Attempts for MemoryTransaction {
    async fn record_failure(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.may_write()?;
        Arc::make_mut(&mut self.tables.failures).push((guessed, at_what, at));
        Ok(())
    }

    async fn take_back_failure(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.may_write()?;
        let failures = Arc::make_mut(&mut self.tables.failures);
        if let Some(place) = failures
            .iter()
            .position(|failure| *failure == (guessed, at_what, at))
        {
            failures.remove(place);
        }
        Ok(())
    }

    async fn failures(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let failures = self.tables.failures.iter();
        let counted =
            failures.filter(|(kind, what, at)| *kind == guessed && *what == at_what && *at >= since);
        Ok(u32::try_from(counted.count()).unwrap_or(u32::MAX))
    }

    async fn failures_in_all(&mut self, guessed: Guessed, since: Timestamp) -> Result<u32, StoreError> {
        let counted = self
            .tables
            .failures
            .iter()
            .filter(|(kind, _, at)| *kind == guessed && *at >= since);
        Ok(u32::try_from(counted.count()).unwrap_or(u32::MAX))
    }

    async fn sweep_failures(&mut self, before: Timestamp) -> Result<(), StoreError> {
        self.may_write()?;
        Arc::make_mut(&mut self.tables.failures).retain(|(_, _, at)| *at >= before);
        Ok(())
    }
}
