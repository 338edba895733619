//! A store in memory: for tests, and for a trial that leaves nothing behind.
//!
//! Each transaction works on its own copy of the tables it touches; a commit puts the copy in the place of what was.
//! Invariant: one writer at a time, so a commit never overtakes another. Passes `conformance` like every backend.

mod accounts;
mod attempts;
mod contests;
mod links;
mod outbox;
mod prepared;
mod presence;
mod proofs;
mod quarantine;
mod queue;
mod record_log;
mod rulings;
mod trace;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use credential::CredentialId;
use jiff::Timestamp;
use records::{
    Day,
    country::Country,
    envelope::Record,
    key::{ProfileId, RecordKey, SourceName},
    region::RegionCode,
};
use tokio::sync::OwnedMutexGuard;

use crate::{
    access::actor::AccountId,
    port::{
        Extent, Store, StoreError, Transaction,
        accounts::{Account, Session},
        attempts::Guessed,
        contests::{Contest, ContestId},
        link_book::Link,
        next_known_time,
        outbox::{Consumer, Event, Standing},
        prepared_statuses::PreparedStatus,
        proofs::{Receipt, ShareCode, Withdrawal},
        quarantine::{SetAside, SetAsidePlace},
        review_queue::{Item, ItemId, Pair, StandingDecision},
        ruling_book::{Ruling, RulingId},
    },
    search_key::SearchKey,
    trace::ChainedEntry,
};

/// Source, day, region and country of the SIM cards.
type PresenceCell = (SourceName, Day, RegionCode, Country);

/// The tables. Cloning one costs nothing until it is written to.
#[derive(Clone, Default)]
struct Tables {
    records: Arc<BTreeMap<RecordKey, BTreeMap<u32, Arc<Record>>>>,
    /// Since when a profile is known to be found under a key.
    search: Arc<BTreeMap<SearchKey, BTreeMap<ProfileId, Timestamp>>>,
    links: Arc<BTreeMap<RecordKey, Vec<Arc<Link>>>>,
    /// Records that were ever linked to a profile.
    linked: Arc<BTreeMap<ProfileId, BTreeSet<RecordKey>>>,
    items: Arc<BTreeMap<ItemId, Item>>,
    pairs: Arc<BTreeMap<Pair, ItemId>>,
    decisions: Arc<Vec<StandingDecision>>,
    set_aside: Arc<BTreeMap<SetAsidePlace, (SetAside, Timestamp)>>,
    presence: Arc<BTreeMap<PresenceCell, Vec<(Timestamp, u32)>>>,
    trace: Arc<Vec<ChainedEntry>>,
    accounts: Arc<BTreeMap<AccountId, Account>>,
    sessions: Arc<BTreeMap<[u8; 32], Session>>,
    failures: Arc<Vec<(Guessed, [u8; 32], Timestamp)>>,
    receipts: Arc<BTreeMap<CredentialId, Receipt>>,
    withdrawals: Arc<BTreeMap<CredentialId, Withdrawal>>,
    codes: Arc<BTreeMap<[u8; 32], ShareCode>>,
    contests: Arc<BTreeMap<ContestId, Contest>>,
    rulings: Arc<BTreeMap<RulingId, Ruling>>,
    events: Arc<Vec<Event>>,
    /// How many events there are of a profile.
    event_places: Arc<BTreeMap<ProfileId, u64>>,
    standings: Arc<BTreeMap<Consumer, Standing>>,
    consumed: Arc<BTreeMap<(Consumer, u64), Timestamp>>,
    prepared: Arc<BTreeMap<ProfileId, Arc<PreparedStatus>>>,
    known: Option<Timestamp>,
    promised: Option<Timestamp>,
    extent: Extent,
}

/// Keeps everything as long as the process lives.
#[derive(Clone, Default)]
pub struct MemoryStore {
    committed: Arc<Mutex<Tables>>,
    writer: Arc<tokio::sync::Mutex<()>>,
}

impl MemoryStore {
    fn tables(&self) -> Tables {
        // A commit only puts one value in the place of another, so a poisoned lock guards sound tables.
        self.committed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let turn = Arc::clone(&self.writer).lock_owned().await;
        Ok(Box::new(MemoryTransaction {
            tables: self.tables(),
            store: self.clone(),
            turn: Some(turn),
        }))
    }

    async fn begin_read(&self) -> Result<Box<dyn Transaction>, StoreError> {
        Ok(Box::new(MemoryTransaction {
            tables: self.tables(),
            store: self.clone(),
            turn: None,
        }))
    }
}

struct MemoryTransaction {
    tables: Tables,
    store: MemoryStore,
    /// The writer's turn; a transaction that only reads has none.
    turn: Option<OwnedMutexGuard<()>>,
}

impl MemoryTransaction {
    fn may_write(&self) -> Result<(), StoreError> {
        if self.turn.is_some() {
            Ok(())
        } else {
            Err(StoreError::ReadOnly)
        }
    }
}

#[async_trait]
impl Transaction for MemoryTransaction {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        if self.turn.is_some() {
            *self
                .store
                .committed
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = self.tables;
        }
        Ok(())
    }

    async fn advance_known_time(&mut self, now: Timestamp) -> Result<Timestamp, StoreError> {
        self.may_write()?;
        let chosen = next_known_time(now, self.tables.known, self.tables.promised)?;
        self.tables.known = Some(chosen);
        Ok(chosen)
    }

    async fn promise_known_time(&mut self, at: Timestamp) -> Result<(), StoreError> {
        self.may_write()?;
        self.tables.promised = self.tables.promised.max(Some(at));
        Ok(())
    }

    async fn latest_known_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.tables.known)
    }

    async fn extent(&mut self) -> Result<Extent, StoreError> {
        Ok(self.tables.extent)
    }
}

/// Refuses a list longer than `limit`.
fn at_most<T>(rows: Vec<T>, what: &'static str, limit: u32) -> Result<Vec<T>, StoreError> {
    if rows.len() > limit as usize {
        Err(StoreError::TooMany { what, limit })
    } else {
        Ok(rows)
    }
}
