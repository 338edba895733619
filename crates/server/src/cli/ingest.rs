//! `sojourn ingest DIR`.

use std::{path::Path, sync::Arc};

use registry::ingest::Counts;

use super::{Finish, args::Common, show};
use crate::{
    delivery::{self, DeliveryReport},
    installation::{self, Stop},
};

pub(crate) async fn run(common: &Common, directory: &Path) -> Result<Finish, Stop> {
    let installation = super::open(common).await?;
    let reading = Arc::new(installation::reading(&installation.data)?);
    let asker = installation::operator(installation::OPERATION)?;
    let report = delivery::take_in(&installation.registry, &asker, &reading, directory).await?;
    if common.json {
        show::json(&report)?;
    } else {
        show::text(&as_text(&report))?;
    }
    // A line set aside is the daily business of an extract; an extract that cannot be read is a problem.
    Ok(if report.unreadable.is_empty() {
        Finish::Done
    } else {
        Finish::Problems
    })
}

pub(crate) fn as_text(report: &DeliveryReport) -> String {
    let row = |name: &str, counts: &Counts| {
        let numbers = [
            counts.read,
            counts.new,
            counts.superseding,
            counts.earlier,
            counts.unchanged,
            counts.quarantined,
        ];
        [name.to_owned()]
            .into_iter()
            .chain(numbers.map(|number| number.to_string()))
            .collect::<Vec<_>>()
    };
    let mut rows: Vec<Vec<String>> = report
        .counts
        .sources
        .iter()
        .map(|(source, counts)| row(source.as_str(), counts))
        .collect();
    rows.push(row("all", &report.counts.total()));
    let head = [
        "source",
        "read",
        "new",
        "superseding",
        "earlier",
        "unchanged",
        "quarantined",
    ];
    let mut text = show::table(&head, &rows);
    for problem in &report.unreadable {
        text.push_str(&format!("\nnot read: {problem}"));
    }
    for file in &report.unknown_files {
        text.push_str(&format!("\nno mapping for {file}: left alone"));
    }
    text
}
