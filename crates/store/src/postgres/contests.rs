//! Cases in which something is contested.

use async_trait::async_trait;
use records::key::ProfileId;
use registry::port::{
    StoreError, check_page,
    contests::{Contest, ContestId, Contests, NewContest, Step},
};
use sqlx::{Postgres, postgres::PgArguments, query::Query};

use super::{
    transaction::{PostgresTransaction, Rows},
    turn::Turn,
};
use crate::{
    column::{at_most, from_count, from_json, from_time, to_count},
    contest::{ContestRow, STEP, StepRow, WHAT, check_steps, effect, first_step, office, to_contests},
};

/// Holds the row of a case, so that whoever acts on its state does so one after another.
fn hold(id: ContestId) -> Query<'static, Postgres, PgArguments> {
    sqlx::query("SELECT FROM contest WHERE id = $1 FOR NO KEY UPDATE").bind(from_count(id.0))
}

impl PostgresTransaction {
    /// The cases that a query finds, with their steps.
    async fn contests(&mut self, query: Rows<'_, ContestRow>) -> Result<Vec<Contest>, StoreError> {
        let rows = self.all(query).await?;
        self.with_steps(rows).await
    }

    async fn with_steps(&mut self, rows: Vec<ContestRow>) -> Result<Vec<Contest>, StoreError> {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let steps = sqlx::query_as(
            "SELECT contest, at, happened FROM contest_step WHERE contest = ANY($1) ORDER BY contest, place",
        )
        .bind(ids);
        let steps: Vec<StepRow> = self.all(steps).await?;
        to_contests(rows, steps)
    }

    async fn count_steps(&mut self, id: ContestId) -> Result<u32, StoreError> {
        let count = sqlx::query_as("SELECT count(*) FROM contest_step WHERE contest = $1");
        let (steps,): (i64,) = self.one(count.bind(from_count(id.0))).await?;
        Ok(u32::try_from(steps).unwrap_or(u32::MAX))
    }

    /// The place after a case in the order in which open ones are due.
    async fn due_place(&mut self, id: ContestId) -> Result<(String, i64), StoreError> {
        let due = sqlx::query_as("SELECT due_on, id FROM contest WHERE id = $1").bind(from_count(id.0));
        let place = self.optional(due).await?;
        place.ok_or(StoreError::Missing { what: WHAT })
    }
}

#[async_trait]
impl Contests for PostgresTransaction {
    async fn open_contest(&mut self, new: &NewContest) -> Result<ContestId, StoreError> {
        // A sequence leaves a gap where a transaction came to nothing; people would ask where that case is.
        self.take(Turn::Rows).await?;
        let open = sqlx::query_as(
            "INSERT INTO contest (id, profile, party, office, about, field_group, says, opened_at, due_on, is_open) \
             SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, true FROM contest RETURNING id",
        )
        .bind(new.profile.as_bytes().as_slice())
        .bind(from_json(&new.by, WHAT)?)
        .bind(office(&new.by))
        .bind(from_json(&new.about, WHAT)?)
        .bind(from_json(&new.group, WHAT)?)
        .bind(new.says.as_str())
        .bind(from_time(new.opened_at))
        .bind(new.due_on.to_string());
        let (id,): (i64,) = self.one(open).await?;
        let id = ContestId(to_count(id));
        self.add_step(id, &first_step(new)).await?;
        Ok(id)
    }

    async fn load_contest(&mut self, id: ContestId) -> Result<Contest, StoreError> {
        if self.may_write() {
            self.run(hold(id)).await?;
        }
        let load = sqlx::query_as(
            "SELECT id, profile, party, about, field_group, says, opened_at FROM contest WHERE id = $1",
        )
        .bind(from_count(id.0));
        let found = self.contests(load).await?.pop();
        found.ok_or(StoreError::Missing { what: WHAT })
    }

    async fn add_step(&mut self, id: ContestId, step: &Step) -> Result<(), StoreError> {
        if self.run(hold(id)).await? == 0 {
            return Err(StoreError::Missing { what: WHAT });
        }
        let place = self.count_steps(id).await?;
        check_steps(place)?;
        let (due_on, closes) = effect(step);
        let add = sqlx::query(
            "WITH moved AS ( \
                 UPDATE contest SET due_on = coalesce($5, due_on), is_open = is_open AND NOT $6 WHERE id = $1) \
             INSERT INTO contest_step (contest, place, at, happened) VALUES ($1, $2, $3, $4)",
        )
        .bind(from_count(id.0))
        .bind(i64::from(place))
        .bind(from_time(step.at))
        .bind(from_json(&step.happened, STEP)?)
        .bind(due_on)
        .bind(closes);
        self.run(add).await.map(|_| ())
    }

    async fn contests_about(
        &mut self,
        profiles: &[ProfileId],
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError> {
        check_page(limit)?;
        let wanted: Vec<&[u8]> = profiles
            .iter()
            .map(|profile| profile.as_bytes().as_slice())
            .collect();
        let about = sqlx::query_as(
            "SELECT id, profile, party, about, field_group, says, opened_at FROM contest \
             WHERE profile = ANY($1) ORDER BY id DESC LIMIT $2",
        )
        .bind(wanted)
        .bind(i64::from(limit) + 1);
        let rows = self.all(about).await?;
        self.with_steps(at_most(rows, "cases about a person", limit)?)
            .await
    }

    async fn contests_of(
        &mut self,
        office: &str,
        before: Option<ContestId>,
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError> {
        check_page(limit)?;
        let of_office = sqlx::query_as(
            "SELECT id, profile, party, about, field_group, says, opened_at FROM contest \
             WHERE office = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        )
        .bind(office)
        .bind(before.map_or(i64::MAX, |before| from_count(before.0)))
        .bind(i64::from(limit));
        self.contests(of_office).await
    }

    async fn open_contests(
        &mut self,
        after: Option<ContestId>,
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError> {
        check_page(limit)?;
        let (due_on, id) = match after {
            None => (String::new(), 0),
            Some(id) => self.due_place(id).await?,
        };
        let open = sqlx::query_as(
            "SELECT id, profile, party, about, field_group, says, opened_at FROM contest \
             WHERE is_open AND (due_on, id) > ($1, $2) ORDER BY due_on, id LIMIT $3",
        )
        .bind(due_on)
        .bind(id)
        .bind(i64::from(limit));
        self.contests(open).await
    }

    async fn count_open_contests(&mut self) -> Result<u64, StoreError> {
        let count = sqlx::query_as("SELECT count(*) FROM contest WHERE is_open");
        let (open,): (i64,) = self.one(count).await?;
        Ok(to_count(open))
    }
}
