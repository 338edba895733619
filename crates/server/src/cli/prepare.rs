//! `sojourn prepare`: makes everybody's status of today ready, so that no look has to wait for it.

use serde_json::json;

use super::{Finish, args::Common, show};
use crate::installation::{self, Stop};

/// Told of to whoever waits at a terminal, each time so many more are ready.
const TOLD_EACH: u64 = 10_000;

pub(crate) async fn run(common: &Common) -> Result<Finish, Stop> {
    let installation = super::open(common).await?;
    let asker = installation::operator(installation::OPERATION)?;
    let mut told = 0;
    let mut tell = |ready: u64| {
        if ready >= told + TOLD_EACH {
            told = ready;
            eprintln!("{ready} ready");
        }
    };
    let ready = installation.registry.prepare_statuses(&asker, &mut tell).await?;
    if common.json {
        show::json(&json!({ "ready": ready }))?;
    } else {
        show::text(&format!("{ready} statuses are ready for today"))?;
    }
    Ok(Finish::Done)
}
