//! The review queue and the decisions.

use async_trait::async_trait;
use jiff::Timestamp;
use registry::port::{
    StoreError, check_page,
    review_queue::{Item, ItemId, ItemState, NewItem, Pair, Raised, ReviewQueue, StandingDecision},
};

use super::{failure::failed, transaction::SqliteTransaction};
use crate::{
    column::{from_count, from_json, from_time, read, to_count},
    queue::{DecisionRow, ITEM, ItemRow, KnownRow, Raising, check_raised, from_state, from_verdict, place},
};

impl SqliteTransaction {
    async fn add_item(&mut self, new: &NewItem, at: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO queue_item (left_source, left_id, right_source, right_id, harmful, weight, explanation, \
             raised_at, state, state_since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'waiting', ?8)",
        )
        .bind(new.pair.left().source.as_str())
        .bind(new.pair.left().id.as_str())
        .bind(new.pair.right().source.as_str())
        .bind(new.pair.right().id.as_str())
        .bind(new.harmful)
        .bind(new.weight)
        .bind(from_json(&new.explanation, ITEM)?)
        .bind(from_time(at))
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }

    /// Brings an item up to what linkage says now; a withdrawn one waits again from `at`.
    async fn renew_item(
        &mut self,
        id: i64,
        new: &NewItem,
        again_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE queue_item SET harmful = ?2, weight = ?3, explanation = ?4, \
             raised_at = coalesce(?5, raised_at), state_since = coalesce(?5, state_since), \
             state = iif(?5 IS NULL, state, 'waiting') \
             WHERE id = ?1",
        )
        .bind(id)
        .bind(new.harmful)
        .bind(new.weight)
        .bind(from_json(&new.explanation, ITEM)?)
        .bind(again_at.map(from_time))
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }

    async fn withdraw_item(&mut self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE queue_item SET state = 'withdrawn', state_since = ?, taken_by = NULL, taken_office = NULL \
             WHERE id = ?",
        )
        .bind(from_time(at))
        .bind(id)
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }

    /// All items there ever were.
    async fn known_items(&mut self) -> Result<Vec<KnownRow>, StoreError> {
        sqlx::query_as("SELECT id, left_source, left_id, right_source, right_id, state FROM queue_item")
            .fetch_all(self.connection())
            .await
            .map_err(failed)
    }
}

#[async_trait]
impl ReviewQueue for SqliteTransaction {
    async fn raise(&mut self, items: &[NewItem], at: Timestamp) -> Result<Raised, StoreError> {
        check_raised(items)?;
        let raising = Raising::of(items, self.known_items().await?)?;
        for new in &raising.new {
            self.add_item(new, at).await?;
        }
        for (id, new) in &raising.kept {
            self.renew_item(*id, new, None).await?;
        }
        for (id, new) in &raising.again {
            self.renew_item(*id, new, Some(at)).await?;
        }
        for id in &raising.withdrawn {
            self.withdraw_item(*id, at).await?;
        }
        Ok(raising.raised())
    }

    async fn load_item(&mut self, id: ItemId) -> Result<Item, StoreError> {
        let row: Option<ItemRow> = sqlx::query_as(
            "SELECT id, left_source, left_id, right_source, right_id, harmful, weight, explanation, raised_at, \
             state, state_since, taken_by, taken_office FROM queue_item WHERE id = ?",
        )
        .bind(from_count(id.0))
        .fetch_optional(self.connection())
        .await
        .map_err(failed)?;
        row.ok_or(StoreError::Missing { what: ITEM })?.try_into()
    }

    async fn find_item(&mut self, pair: &Pair) -> Result<Option<Item>, StoreError> {
        let row: Option<ItemRow> = sqlx::query_as(
            "SELECT id, left_source, left_id, right_source, right_id, harmful, weight, explanation, raised_at, \
             state, state_since, taken_by, taken_office FROM queue_item \
             WHERE left_source = ? AND left_id = ? AND right_source = ? AND right_id = ?",
        )
        .bind(pair.left().source.as_str())
        .bind(pair.left().id.as_str())
        .bind(pair.right().source.as_str())
        .bind(pair.right().id.as_str())
        .fetch_optional(self.connection())
        .await
        .map_err(failed)?;
        row.map(Item::try_from).transpose()
    }

    async fn open_items(&mut self, after: Option<ItemId>, limit: u32) -> Result<Vec<Item>, StoreError> {
        check_page(limit)?;
        // Harmful items come first: their place is below that of all others.
        let (harmless, id) = match after {
            Some(id) => (i64::from(!self.load_item(id).await?.harmful), from_count(id.0)),
            None => (-1, 0),
        };
        let rows: Vec<ItemRow> = sqlx::query_as(
            "SELECT id, left_source, left_id, right_source, right_id, harmful, weight, explanation, raised_at, \
             state, state_since, taken_by, taken_office FROM queue_item \
             WHERE state IN ('waiting', 'taken') AND (1 - harmful, id) > (?, ?) \
             ORDER BY harmful DESC, id LIMIT ?",
        )
        .bind(harmless)
        .bind(id)
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(rows)
    }

    async fn count_open_items(&mut self) -> Result<u64, StoreError> {
        let count: i64 =
            sqlx::query_scalar("SELECT count(*) FROM queue_item WHERE state IN ('waiting', 'taken')")
                .fetch_one(self.connection())
                .await
                .map_err(failed)?;
        Ok(to_count(count))
    }

    async fn set_item_state(&mut self, id: ItemId, state: &ItemState) -> Result<(), StoreError> {
        let (word, by, at) = from_state(state);
        let set = sqlx::query(
            "UPDATE queue_item SET state = ?, state_since = coalesce(?, state_since), taken_by = ?, \
             taken_office = ? WHERE id = ?",
        )
        .bind(word)
        .bind(at.map(from_time))
        .bind(by.map(|by| by.name.as_str()))
        .bind(by.map(|by| by.office.as_str()))
        .bind(from_count(id.0))
        .execute(self.connection())
        .await
        .map_err(failed)?;
        if set.rows_affected() == 0 {
            Err(StoreError::Missing { what: ITEM })
        } else {
            Ok(())
        }
    }

    async fn add_decision(&mut self, decision: &StandingDecision) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO decision (left_source, left_id, right_source, right_id, verdict, official, office, reason, \
             purpose, legal_basis, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(decision.pair.left().source.as_str())
        .bind(decision.pair.left().id.as_str())
        .bind(decision.pair.right().source.as_str())
        .bind(decision.pair.right().id.as_str())
        .bind(from_verdict(decision.verdict))
        .bind(decision.official.name.as_str())
        .bind(decision.official.office.as_str())
        .bind(decision.reason.as_str())
        .bind(decision.purpose.as_str())
        .bind(decision.legal_basis.as_str())
        .bind(from_time(decision.decided_at))
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }

    async fn decisions(
        &mut self,
        known_at: Timestamp,
        after: Option<&Pair>,
        limit: u32,
    ) -> Result<Vec<StandingDecision>, StoreError> {
        check_page(limit)?;
        let [left_source, left_id, right_source, right_id] = place(after);
        let rows: Vec<DecisionRow> = sqlx::query_as(
            "SELECT left_source, left_id, right_source, right_id, verdict, official, office, reason, purpose, \
             legal_basis, decided_at FROM decision \
             WHERE (left_source, left_id, right_source, right_id) > (?1, ?2, ?3, ?4) AND decided_at <= ?5 \
             AND NOT EXISTS (SELECT 1 FROM decision AS later \
                 WHERE later.left_source = decision.left_source AND later.left_id = decision.left_id \
                 AND later.right_source = decision.right_source AND later.right_id = decision.right_id \
                 AND later.number > decision.number AND later.decided_at <= ?5) \
             ORDER BY left_source, left_id, right_source, right_id LIMIT ?6",
        )
        .bind(left_source)
        .bind(left_id)
        .bind(right_source)
        .bind(right_id)
        .bind(from_time(known_at))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(rows)
    }
}
