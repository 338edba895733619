//! `sojourn migrate`: brings the store's tables to the form that this program needs.

use serde::Serialize;
use store::form::Form;

use super::{Finish, args::Common, show};
use crate::installation::Stop;

#[derive(Serialize)]
struct Migrated {
    /// Migrations that were missing.
    missing: u32,
    applied: bool,
}

pub(crate) async fn run(common: &Common, check: bool) -> Result<Finish, Stop> {
    let store = common.store();
    let (missing, there) = match store::open::form(store.as_str()).await? {
        Form::Absent { migrations } => (migrations, false),
        Form::Behind { migrations } => (migrations, true),
        Form::Current => (0, true),
    };
    let applied = missing > 0 && !check;
    if applied {
        store::open(store.as_str()).await?;
    }
    if common.json {
        show::json(&Migrated { missing, applied })?;
    } else {
        show::text(&match (missing, applied, there) {
            (0, ..) => format!("{store} is up to date"),
            (_, true, _) => format!("{store}: {missing} migrations applied"),
            (_, false, true) => format!("{store} lacks {missing} migrations: run sojourn migrate"),
            (_, false, false) => format!("{store} holds nothing yet: run sojourn migrate"),
        })?;
    }
    Ok(if missing > 0 && check {
        Finish::Problems
    } else {
        Finish::Done
    })
}
