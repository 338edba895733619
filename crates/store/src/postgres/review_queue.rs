//! The review queue and the decisions.

use async_trait::async_trait;
use jiff::Timestamp;
use registry::port::{
    StoreError, check_page,
    review_queue::{Item, ItemId, ItemState, NewItem, Pair, Raised, ReviewQueue, StandingDecision},
};

use super::{
    record_log::key_columns,
    transaction::{Growth, PostgresTransaction},
    turn::Turn,
};
use crate::{
    column::{from_count, from_json, from_time, read, to_count},
    queue::{DecisionRow, ITEM, ItemRow, KnownRow, Raising, check_raised, from_state, from_verdict, place},
};

/// What linkage says of items, as three columns: harmful, weight, explanation.
type Words = (Vec<bool>, Vec<f64>, Vec<String>);

fn words<'i>(items: impl Iterator<Item = &'i NewItem> + Clone) -> Result<Words, StoreError> {
    let explanations = items.clone().map(|new| from_json(&new.explanation, ITEM));
    Ok((
        items.clone().map(|new| new.harmful).collect(),
        items.clone().map(|new| new.weight).collect(),
        explanations.collect::<Result<_, _>>()?,
    ))
}

impl PostgresTransaction {
    async fn add_items(&mut self, items: &[&NewItem], at: Timestamp) -> Result<(), StoreError> {
        let (left_sources, left_ids) = key_columns(items.iter().map(|new| new.pair.left()));
        let (right_sources, right_ids) = key_columns(items.iter().map(|new| new.pair.right()));
        let (harmful, weights, explanations) = words(items.iter().copied())?;
        let add = sqlx::query(
            "INSERT INTO queue_item (left_source, left_id, right_source, right_id, harmful, weight, explanation, \
             raised_at, state, state_since) \
             SELECT left_source, left_id, right_source, right_id, harmful, weight, explanation, $8, 'waiting', $8 \
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::float8[], $7::text[]) \
                 WITH ORDINALITY AS raised (left_source, left_id, right_source, right_id, harmful, weight, explanation, \
                 place) \
             ORDER BY place",
        )
        .bind(left_sources)
        .bind(left_ids)
        .bind(right_sources)
        .bind(right_ids)
        .bind(harmful)
        .bind(weights)
        .bind(explanations)
        .bind(from_time(at));
        self.run(add).await.map(|_| ())
    }

    /// Brings items up to what linkage says now; withdrawn ones wait again from `again_at`.
    async fn renew_items(
        &mut self,
        items: &[(i64, &NewItem)],
        again_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let (harmful, weights, explanations) = words(items.iter().map(|(_, new)| *new))?;
        let renew = sqlx::query(
            "UPDATE queue_item SET harmful = raised.harmful, weight = raised.weight, \
             explanation = raised.explanation, raised_at = coalesce($5, raised_at), \
             state_since = coalesce($5, state_since), \
             state = CASE WHEN $5::bigint IS NULL THEN state ELSE 'waiting' END \
             FROM unnest($1::bigint[], $2::boolean[], $3::float8[], $4::text[]) \
                 AS raised (id, harmful, weight, explanation) \
             WHERE queue_item.id = raised.id",
        )
        .bind(items.iter().map(|(id, _)| *id).collect::<Vec<_>>())
        .bind(harmful)
        .bind(weights)
        .bind(explanations)
        .bind(again_at.map(from_time));
        self.run(renew).await.map(|_| ())
    }

    async fn withdraw_items(&mut self, ids: &[i64], at: Timestamp) -> Result<(), StoreError> {
        let withdraw = sqlx::query(
            "UPDATE queue_item SET state = 'withdrawn', state_since = $1, taken_by = NULL, taken_office = NULL \
             WHERE id = ANY($2)",
        )
        .bind(from_time(at))
        .bind(ids);
        self.run(withdraw).await.map(|_| ())
    }
}

#[async_trait]
impl ReviewQueue for PostgresTransaction {
    async fn raise(&mut self, items: &[NewItem], at: Timestamp) -> Result<Raised, StoreError> {
        check_raised(items)?;
        self.take(Turn::Rows).await?;
        // Every item there ever was is held, so that nobody takes one that is withdrawn meanwhile.
        let known = sqlx::query_as(
            "SELECT id, left_source, left_id, right_source, right_id, state FROM queue_item ORDER BY id FOR UPDATE",
        );
        let known: Vec<KnownRow> = self.all(known).await?;
        let raising = Raising::of(items, known)?;
        self.add_items(&raising.new, at).await?;
        self.renew_items(&raising.kept, None).await?;
        self.renew_items(&raising.again, Some(at)).await?;
        self.withdraw_items(&raising.withdrawn, at).await?;
        Ok(raising.raised())
    }

    async fn load_item(&mut self, id: ItemId) -> Result<Item, StoreError> {
        if self.may_write() {
            // Whoever takes an item looks first whether it waits; the row is held so that one of two sees the other.
            let hold = sqlx::query("SELECT FROM queue_item WHERE id = $1 FOR UPDATE").bind(from_count(id.0));
            self.run(hold).await?;
        }
        let load = sqlx::query_as(
            "SELECT id, left_source, left_id, right_source, right_id, harmful, weight, explanation, raised_at, \
             state, state_since, taken_by, taken_office FROM queue_item WHERE id = $1",
        )
        .bind(from_count(id.0));
        let row: Option<ItemRow> = self.optional(load).await?;
        row.ok_or(StoreError::Missing { what: ITEM })?.try_into()
    }

    async fn find_item(&mut self, pair: &Pair) -> Result<Option<Item>, StoreError> {
        let find = sqlx::query_as(
            "SELECT id, left_source, left_id, right_source, right_id, harmful, weight, explanation, raised_at, \
             state, state_since, taken_by, taken_office FROM queue_item \
             WHERE left_source = $1 AND left_id = $2 AND right_source = $3 AND right_id = $4",
        )
        .bind(pair.left().source.as_str())
        .bind(pair.left().id.as_str())
        .bind(pair.right().source.as_str())
        .bind(pair.right().id.as_str());
        let row: Option<ItemRow> = self.optional(find).await?;
        row.map(Item::try_from).transpose()
    }

    async fn open_items(&mut self, after: Option<ItemId>, limit: u32) -> Result<Vec<Item>, StoreError> {
        check_page(limit)?;
        // Harmful items come first: their place is below that of all others.
        let (harmless, id) = match after {
            Some(id) => (i32::from(!self.load_item(id).await?.harmful), from_count(id.0)),
            None => (-1, 0),
        };
        let open = sqlx::query_as(
            "SELECT id, left_source, left_id, right_source, right_id, harmful, weight, explanation, raised_at, \
             state, state_since, taken_by, taken_office FROM queue_item \
             WHERE state IN ('waiting', 'taken') AND (1 - harmful::integer, id) > ($1, $2) \
             ORDER BY harmful DESC, id LIMIT $3",
        )
        .bind(harmless)
        .bind(id)
        .bind(i64::from(limit));
        let rows: Vec<ItemRow> = self.all(open).await?;
        read(rows)
    }

    async fn count_open_items(&mut self) -> Result<u64, StoreError> {
        let count = sqlx::query_as("SELECT count(*) FROM queue_item WHERE state IN ('waiting', 'taken')");
        let (open,): (i64,) = self.one(count).await?;
        Ok(to_count(open))
    }

    async fn set_item_state(&mut self, id: ItemId, state: &ItemState) -> Result<(), StoreError> {
        let (word, by, at) = from_state(state);
        let set = sqlx::query(
            "UPDATE queue_item SET state = $1, state_since = coalesce($2, state_since), taken_by = $3, \
             taken_office = $4 WHERE id = $5",
        )
        .bind(word)
        .bind(at.map(from_time))
        .bind(by.map(|by| by.name.as_str()))
        .bind(by.map(|by| by.office.as_str()))
        .bind(from_count(id.0));
        match self.run(set).await? {
            0 => Err(StoreError::Missing { what: ITEM }),
            _ => Ok(()),
        }
    }

    async fn add_decision(&mut self, decision: &StandingDecision) -> Result<(), StoreError> {
        let add = sqlx::query(
            "INSERT INTO decision (left_source, left_id, right_source, right_id, verdict, official, office, reason, \
             purpose, legal_basis, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
        .bind(from_time(decision.decided_at));
        self.run(add).await?;
        let grown = Growth {
            decisions: 1,
            ..Growth::default()
        };
        self.grow(grown).await
    }

    async fn decisions(
        &mut self,
        known_at: Timestamp,
        after: Option<&Pair>,
        limit: u32,
    ) -> Result<Vec<StandingDecision>, StoreError> {
        check_page(limit)?;
        let [left_source, left_id, right_source, right_id] = place(after);
        let latest = sqlx::query_as(
            "SELECT DISTINCT ON (left_source, left_id, right_source, right_id) left_source, left_id, right_source, \
             right_id, verdict, official, office, reason, purpose, legal_basis, decided_at FROM decision \
             WHERE (left_source, left_id, right_source, right_id) > ($1, $2, $3, $4) AND decided_at <= $5 \
             ORDER BY left_source, left_id, right_source, right_id, number DESC LIMIT $6",
        )
        .bind(left_source)
        .bind(left_id)
        .bind(right_source)
        .bind(right_id)
        .bind(from_time(known_at))
        .bind(i64::from(limit));
        let rows: Vec<DecisionRow> = self.all(latest).await?;
        read(rows)
    }
}
