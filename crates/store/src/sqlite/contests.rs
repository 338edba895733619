//! Cases in which something is contested.

use async_trait::async_trait;
use records::key::ProfileId;
use registry::port::{
    StoreError, check_page,
    contests::{Contest, ContestId, Contests, NewContest, Step},
};

use super::{failure::failed, transaction::SqliteTransaction};
use crate::{
    column::{at_most, from_count, from_json, from_time, to_count},
    contest::{ContestRow, STEP, StepRow, WHAT, check_steps, effect, first_step, office, to_contests},
};

impl SqliteTransaction {
    /// The cases with their steps, in the order of the rows.
    async fn contests(&mut self, rows: Vec<ContestRow>) -> Result<Vec<Contest>, StoreError> {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let steps: Vec<StepRow> = sqlx::query_as(
            "SELECT step.contest, step.at, step.happened FROM json_each(?) AS wanted \
             CROSS JOIN contest_step AS step ON step.contest = wanted.value ORDER BY step.contest, step.place",
        )
        .bind(from_json(&ids, WHAT)?)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        to_contests(rows, steps)
    }

    async fn count_steps(&mut self, id: ContestId) -> Result<u32, StoreError> {
        sqlx::query_scalar("SELECT count(*) FROM contest_step WHERE contest = ?")
            .bind(from_count(id.0))
            .fetch_one(self.connection())
            .await
            .map_err(failed)
    }
}

#[async_trait]
impl Contests for SqliteTransaction {
    async fn open_contest(&mut self, new: &NewContest) -> Result<ContestId, StoreError> {
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO contest (profile, party, office, about, field_group, says, opened_at, due_on, is_open) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) RETURNING id",
        )
        .bind(new.profile.as_bytes().as_slice())
        .bind(from_json(&new.by, WHAT)?)
        .bind(office(&new.by))
        .bind(from_json(&new.about, WHAT)?)
        .bind(from_json(&new.group, WHAT)?)
        .bind(new.says.as_str())
        .bind(from_time(new.opened_at))
        .bind(new.due_on.to_string())
        .fetch_one(self.connection())
        .await
        .map_err(failed)?;
        let id = ContestId(to_count(id));
        self.add_step(id, &first_step(new)).await?;
        Ok(id)
    }

    async fn load_contest(&mut self, id: ContestId) -> Result<Contest, StoreError> {
        let rows = sqlx::query_as(
            "SELECT id, profile, party, about, field_group, says, opened_at FROM contest WHERE id = ?",
        )
        .bind(from_count(id.0))
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        let found = self.contests(rows).await?.pop();
        found.ok_or(StoreError::Missing { what: WHAT })
    }

    async fn add_step(&mut self, id: ContestId, step: &Step) -> Result<(), StoreError> {
        let place = self.count_steps(id).await?;
        check_steps(place)?;
        let (due_on, closes) = effect(step);
        let known = sqlx::query(
            "UPDATE contest SET due_on = coalesce(?2, due_on), is_open = iif(?3, 0, is_open) WHERE id = ?1",
        )
        .bind(from_count(id.0))
        .bind(due_on)
        .bind(closes)
        .execute(self.connection())
        .await
        .map_err(failed)?;
        if known.rows_affected() == 0 {
            return Err(StoreError::Missing { what: WHAT });
        }
        sqlx::query("INSERT INTO contest_step (contest, place, at, happened) VALUES (?, ?, ?, ?)")
            .bind(from_count(id.0))
            .bind(place)
            .bind(from_time(step.at))
            .bind(from_json(&step.happened, STEP)?)
            .execute(self.connection())
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn contests_about(
        &mut self,
        profiles: &[ProfileId],
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError> {
        check_page(limit)?;
        // blobs have no place in JSON
        let wanted: Vec<String> = profiles
            .iter()
            .map(|profile| hex::encode(profile.as_bytes()))
            .collect();
        let rows: Vec<ContestRow> = sqlx::query_as(
            "SELECT id, profile, party, about, field_group, says, opened_at FROM contest \
             WHERE profile IN (SELECT unhex(value) FROM json_each(?)) ORDER BY id DESC LIMIT ?",
        )
        .bind(from_json(&wanted, WHAT)?)
        .bind(i64::from(limit) + 1)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        let rows = at_most(rows, "cases about a person", limit)?;
        self.contests(rows).await
    }

    async fn contests_of(
        &mut self,
        office: &str,
        before: Option<ContestId>,
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError> {
        check_page(limit)?;
        let rows = sqlx::query_as(
            "SELECT id, profile, party, about, field_group, says, opened_at FROM contest \
             WHERE office = ? AND id < ? ORDER BY id DESC LIMIT ?",
        )
        .bind(office)
        .bind(before.map_or(i64::MAX, |before| from_count(before.0)))
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        self.contests(rows).await
    }

    async fn open_contests(
        &mut self,
        after: Option<ContestId>,
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError> {
        check_page(limit)?;
        let start = match after {
            None => (String::new(), 0),
            Some(id) => {
                let contest = self.load_contest(id).await?;
                let due_on = contest.due_on().map(|day| day.to_string());
                (due_on.unwrap_or_default(), from_count(id.0))
            }
        };
        let rows = sqlx::query_as(
            "SELECT id, profile, party, about, field_group, says, opened_at FROM contest \
             WHERE is_open = 1 AND (due_on, id) > (?, ?) ORDER BY due_on, id LIMIT ?",
        )
        .bind(start.0)
        .bind(start.1)
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        self.contests(rows).await
    }

    async fn count_open_contests(&mut self) -> Result<u64, StoreError> {
        let open: i64 = sqlx::query_scalar("SELECT count(*) FROM contest WHERE is_open = 1")
            .fetch_one(self.connection())
            .await
            .map_err(failed)?;
        Ok(to_count(open))
    }
}
