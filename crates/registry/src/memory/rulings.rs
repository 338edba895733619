//! Rulings that moved records, in memory.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::ProfileId;

use super::{MemoryTransaction, at_most};
use crate::port::{
    StoreError, check_page,
    ruling_book::{NewRuling, Ruling, RulingBook, RulingId, Undone},
};

const WHAT: &str = "ruling";

#[async_trait]
impl RulingBook for MemoryTransaction {
    async fn add_ruling(&mut self, new: &NewRuling) -> Result<RulingId, StoreError> {
        self.may_write()?;
        let rulings = Arc::make_mut(&mut self.tables.rulings);
        let id = RulingId(rulings.len() as u64 + 1);
        rulings.insert(
            id,
            Ruling {
                id,
                ruling: new.clone(),
                undone: None,
            },
        );
        self.tables.extent.decisions += 1;
        Ok(id)
    }

    async fn load_ruling(&mut self, id: RulingId) -> Result<Ruling, StoreError> {
        let found = self.tables.rulings.get(&id).cloned();
        found.ok_or(StoreError::Missing { what: WHAT })
    }

    async fn undo_ruling(&mut self, id: RulingId, undone: &Undone) -> Result<(), StoreError> {
        self.may_write()?;
        let ruling = Arc::make_mut(&mut self.tables.rulings).get_mut(&id);
        let ruling = ruling.ok_or(StoreError::Missing { what: WHAT })?;
        if ruling.undone.is_some() {
            return Err(StoreError::Duplicate {
                what: "taking back of a ruling",
            });
        }
        ruling.undone = Some(undone.clone());
        self.tables.extent.decisions += 1;
        Ok(())
    }

    async fn rulings_about(&mut self, profile: ProfileId, limit: u32) -> Result<Vec<Ruling>, StoreError> {
        check_page(limit)?;
        let about = self.tables.rulings.values().rev().filter(|ruling| {
            let ruled = &ruling.ruling.ruled;
            ruled.from_profile() == profile || ruled.into_profile() == profile
        });
        at_most(about.cloned().collect(), "rulings about a profile", limit)
    }

    async fn rulings(
        &mut self,
        known_at: Timestamp,
        after: Option<RulingId>,
        limit: u32,
    ) -> Result<Vec<Ruling>, StoreError> {
        check_page(limit)?;
        let known = self.tables.rulings.values().filter(|ruling| {
            ruling.ruling.ruled_at <= known_at && after.is_none_or(|after| ruling.id > after)
        });
        let as_known = known.take(limit as usize).cloned().map(|mut ruling| {
            ruling.undone = ruling.undone.filter(|undone| undone.at <= known_at);
            ruling
        });
        Ok(as_known.collect())
    }
}
