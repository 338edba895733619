//! `sojourn link`.

use super::{Finish, args::Common, show};
use crate::installation::{self, Stop};

pub(crate) async fn run(common: &Common) -> Result<Finish, Stop> {
    let installation = super::open(common).await?;
    let report = installation
        .registry
        .link_all(&installation::operator(installation::OPERATION)?)
        .await?;
    if common.json {
        show::json(&report)?;
    } else {
        show::text(&as_text(&report))?;
    }
    Ok(Finish::Done)
}

pub(crate) fn as_text(report: &registry::link::LinkReport) -> String {
    format!(
        "{} records in {} profiles ({} new profiles)\n\
         newly linked {}, moved {}, by evidence above the threshold {}\n\
         review queue: {} open ({} new, {} withdrawn)\n\
         loaded in {} ms, compared in {} ms, stored in {} ms",
        report.records,
        report.profiles,
        report.new_profiles,
        report.linked,
        report.moved,
        report.automatic,
        report.queue_open,
        report.queue_new,
        report.queue_withdrawn,
        report.load_ms,
        report.compare_ms,
        report.store_ms,
    )
}
