//! Lines set aside, in memory.

use std::{
    collections::btree_map::Entry::{Occupied, Vacant},
    ops::Bound::{Excluded, Unbounded},
    sync::Arc,
};

use async_trait::async_trait;
use jiff::Timestamp;

use super::MemoryTransaction;
use crate::port::{
    StoreError, check_page,
    quarantine::{Quarantine, SetAside, SetAsidePlace},
};

#[async_trait]
impl Quarantine for MemoryTransaction {
    async fn set_aside(&mut self, lines: &[SetAside], at: Timestamp) -> Result<u64, StoreError> {
        self.may_write()?;
        let list = Arc::make_mut(&mut self.tables.set_aside);
        let mut new = 0;
        for line in lines {
            match list.entry(line.place()) {
                Occupied(_) => {}
                Vacant(place) => {
                    place.insert((line.clone(), at));
                    new += 1;
                }
            }
        }
        Ok(new)
    }

    async fn lines_set_aside(
        &mut self,
        known_at: Timestamp,
        after: Option<&SetAsidePlace>,
        limit: u32,
    ) -> Result<Vec<SetAside>, StoreError> {
        check_page(limit)?;
        let start = after.map_or(Unbounded, Excluded);
        let later = self
            .tables
            .set_aside
            .range::<SetAsidePlace, _>((start, Unbounded));
        let known = later.filter(|(_, (_, since))| *since <= known_at);
        Ok(known
            .take(limit as usize)
            .map(|(_, (line, _))| line.clone())
            .collect())
    }
}
