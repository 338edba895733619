//! Cases in which something is contested.

use std::collections::BTreeMap;

use async_trait::async_trait;
use records::key::ProfileId;
use registry::port::{
    StoreError, check_page,
    contests::{Contest, ContestId, Contests, Happened, NewContest, Party, STEPS_MAX, Step},
};
use sqlx::FromRow;

use super::{failure::failed, transaction::SqliteTransaction};
use crate::column::{from_count, from_json, from_time, to_count, to_json, to_profile, to_time};

const WHAT: &str = "case";
const STEP: &str = "step of a case";

#[derive(FromRow)]
struct ContestRow {
    id: i64,
    profile: Vec<u8>,
    party: String,
    about: String,
    field_group: String,
    says: String,
    opened_at: i64,
}

#[derive(FromRow)]
struct StepRow {
    contest: i64,
    at: i64,
    happened: String,
}

impl TryFrom<StepRow> for Step {
    type Error = StoreError;
    fn try_from(row: StepRow) -> Result<Self, StoreError> {
        Ok(Self {
            at: to_time(row.at, STEP)?,
            happened: to_json(&row.happened, STEP)?,
        })
    }
}

impl ContestRow {
    fn with_steps(self, steps: Vec<Step>) -> Result<Contest, StoreError> {
        Ok(Contest {
            id: ContestId(to_count(self.id)),
            profile: to_profile(&self.profile, WHAT)?,
            by: to_json(&self.party, WHAT)?,
            about: to_json(&self.about, WHAT)?,
            group: to_json(&self.field_group, WHAT)?,
            says: self.says,
            opened_at: to_time(self.opened_at, WHAT)?,
            steps,
        })
    }
}

fn office(party: &Party) -> Option<&str> {
    match party {
        Party::Holder => None,
        Party::Agency { office, .. } => Some(office),
    }
}

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
        let mut of_contest: BTreeMap<i64, Vec<Step>> = BTreeMap::new();
        for step in steps {
            of_contest.entry(step.contest).or_default().push(step.try_into()?);
        }
        rows.into_iter()
            .map(|row| {
                let steps = of_contest.remove(&row.id).unwrap_or_default();
                row.with_steps(steps)
            })
            .collect()
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
        let received = Step {
            at: new.opened_at,
            happened: Happened::Received { due_on: new.due_on },
        };
        self.add_step(id, &received).await?;
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
        if place >= STEPS_MAX {
            return Err(StoreError::TooMany {
                what: "steps of a case",
                limit: STEPS_MAX,
            });
        }
        let closes = matches!(step.happened, Happened::Decided { .. });
        let known = sqlx::query(
            "UPDATE contest SET due_on = coalesce(?2, due_on), is_open = iif(?3, 0, is_open) WHERE id = ?1",
        )
        .bind(from_count(id.0))
        .bind(step.happened.sets_due_on().map(|day| day.to_string()))
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
        let wanted: Vec<String> = profiles.iter().map(|profile| hex(profile.as_bytes())).collect();
        let rows: Vec<ContestRow> = sqlx::query_as(
            "SELECT id, profile, party, about, field_group, says, opened_at FROM contest \
             WHERE profile IN (SELECT unhex(value) FROM json_each(?)) ORDER BY id DESC LIMIT ?",
        )
        .bind(from_json(&wanted, WHAT)?)
        .bind(i64::from(limit) + 1)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        if rows.len() > limit as usize {
            return Err(StoreError::TooMany {
                what: "cases about a person",
                limit,
            });
        }
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

/// Bytes as `unhex` reads them: blobs have no place in JSON.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
