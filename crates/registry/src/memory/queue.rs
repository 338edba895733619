//! The review queue and the decisions, in memory.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use jiff::Timestamp;

use super::MemoryTransaction;
use crate::port::{
    StoreError, check_page,
    review_queue::{
        Item, ItemId, ItemState, NewItem, Pair, RAISED_MAX, Raised, ReviewQueue, StandingDecision,
    },
};

impl MemoryTransaction {
    fn raise_one(&mut self, new: &NewItem, at: Timestamp, raised: &mut Raised) {
        let next = ItemId(self.tables.items.len() as u64 + 1);
        let id = *Arc::make_mut(&mut self.tables.pairs)
            .entry(new.pair.clone())
            .or_insert(next);
        let items = Arc::make_mut(&mut self.tables.items);
        let item = items.entry(id).or_insert_with(|| Item {
            id,
            pair: new.pair.clone(),
            harmful: new.harmful,
            weight: new.weight,
            explanation: new.explanation.clone(),
            raised_at: at,
            state: ItemState::Withdrawn { at },
        });
        match item.state {
            ItemState::Decided { .. } => return,
            ItemState::Waiting | ItemState::Taken { .. } => raised.kept += 1,
            ItemState::Withdrawn { .. } => {
                raised.new += 1;
                item.raised_at = at;
                item.state = ItemState::Waiting;
            }
        }
        item.harmful = new.harmful;
        item.weight = new.weight;
        item.explanation = new.explanation.clone();
    }
}

fn is_open(item: &Item) -> bool {
    matches!(item.state, ItemState::Waiting | ItemState::Taken { .. })
}

#[async_trait]
impl ReviewQueue for MemoryTransaction {
    async fn raise(&mut self, items: &[NewItem], at: Timestamp) -> Result<Raised, StoreError> {
        self.may_write()?;
        if items.len() > RAISED_MAX as usize {
            return Err(StoreError::TooMany {
                what: "queue items at once",
                limit: RAISED_MAX,
            });
        }
        let mut raised = Raised::default();
        for new in items {
            self.raise_one(new, at, &mut raised);
        }
        let asked: BTreeSet<&Pair> = items.iter().map(|new| &new.pair).collect();
        for item in Arc::make_mut(&mut self.tables.items).values_mut() {
            if is_open(item) && !asked.contains(&item.pair) {
                item.state = ItemState::Withdrawn { at };
                raised.withdrawn += 1;
            }
        }
        Ok(raised)
    }

    async fn load_item(&mut self, id: ItemId) -> Result<Item, StoreError> {
        self.tables
            .items
            .get(&id)
            .cloned()
            .ok_or(StoreError::Missing { what: "queue item" })
    }

    async fn find_item(&mut self, pair: &Pair) -> Result<Option<Item>, StoreError> {
        let id = self.tables.pairs.get(pair);
        Ok(id.and_then(|id| self.tables.items.get(id)).cloned())
    }

    async fn open_items(&mut self, after: Option<ItemId>, limit: u32) -> Result<Vec<Item>, StoreError> {
        check_page(limit)?;
        let place = |item: &Item| (Reverse(item.harmful), item.id);
        let start = match after {
            Some(id) => Some(place(&self.load_item(id).await?)),
            None => None,
        };
        let mut open: Vec<&Item> = self.tables.items.values().filter(|item| is_open(item)).collect();
        open.sort_by_key(|item| place(item));
        let later = open
            .into_iter()
            .filter(|item| start.is_none_or(|start| place(item) > start));
        Ok(later.take(limit as usize).cloned().collect())
    }

    async fn count_open_items(&mut self) -> Result<u64, StoreError> {
        Ok(self.tables.items.values().filter(|item| is_open(item)).count() as u64)
    }

    async fn set_item_state(&mut self, id: ItemId, state: &ItemState) -> Result<(), StoreError> {
        self.may_write()?;
        let item = Arc::make_mut(&mut self.tables.items).get_mut(&id);
        item.ok_or(StoreError::Missing { what: "queue item" })?.state = state.clone();
        Ok(())
    }

    async fn add_decision(&mut self, decision: &StandingDecision) -> Result<(), StoreError> {
        self.may_write()?;
        Arc::make_mut(&mut self.tables.decisions).push(decision.clone());
        self.tables.extent.decisions += 1;
        Ok(())
    }

    async fn decisions(
        &mut self,
        known_at: Timestamp,
        after: Option<&Pair>,
        limit: u32,
    ) -> Result<Vec<StandingDecision>, StoreError> {
        check_page(limit)?;
        let known = self
            .tables
            .decisions
            .iter()
            .filter(|decision| decision.decided_at <= known_at);
        let latest: BTreeMap<&Pair, &StandingDecision> =
            known.map(|decision| (&decision.pair, decision)).collect();
        let later = latest
            .into_iter()
            .filter(|(pair, _)| after.is_none_or(|after| *pair > after));
        Ok(later
            .take(limit as usize)
            .map(|(_, decision)| decision.clone())
            .collect())
    }
}
