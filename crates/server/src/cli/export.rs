//! `sojourn export links` and `sojourn export quarantine`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use records::Day;
use serde_json::json;

use super::{Finish, args::Common, show};
use crate::installation::{self, Stop};

pub(crate) async fn links(
    common: &Common,
    out: &Path,
    on: Option<Day>,
    known_at: Option<Timestamp>,
) -> Result<Finish, Stop> {
    let installation = super::open(common).await?;
    let asker = installation::operator(installation::OPERATION)?;
    let now = installation.registry.now();
    let mut file = CsvFile::begin(out, &["source", "record_id", "profile_id"])?;
    let rows = installation
        .registry
        .export_links(&asker, on, known_at.unwrap_or(now), &mut |link| {
            let profile = link.profile.to_string();
            file.write(&[link.record.source.as_str(), link.record.id.as_str(), &profile])
        })
        .await?;
    file.finish(common, rows)
}

pub(crate) async fn quarantine(
    common: &Common,
    out: &Path,
    known_at: Option<Timestamp>,
) -> Result<Finish, Stop> {
    let installation = super::open(common).await?;
    let asker = installation::operator(installation::OPERATION)?;
    let now = installation.registry.now();
    let mut file = CsvFile::begin(out, &["source", "file", "line", "field", "reason"])?;
    let rows = installation
        .registry
        .export_quarantine(&asker, known_at.unwrap_or(now), &mut |line| {
            let number = line.line.to_string();
            file.write(&[
                line.source.as_str(),
                &line.file,
                &number,
                &line.field,
                &line.reason,
            ])
        })
        .await?;
    file.finish(common, rows)
}

/// A CSV file that appears under its name only when it is whole.
struct CsvFile {
    writer: csv::Writer<fs::File>,
    begun: PathBuf,
    out: PathBuf,
}

impl CsvFile {
    fn begin(out: &Path, header: &[&str]) -> Result<Self, Stop> {
        let mut begun = out.as_os_str().to_owned();
        begun.push(".part");
        let begun = PathBuf::from(begun);
        let mut writer = csv::Writer::from_path(&begun)?;
        writer.write_record(header)?;
        Ok(Self {
            writer,
            begun,
            out: out.to_owned(),
        })
    }

    fn write(&mut self, row: &[&str]) -> io::Result<()> {
        self.writer.write_record(row).map_err(io::Error::other)
    }

    fn finish(mut self, common: &Common, rows: u64) -> Result<Finish, Stop> {
        self.writer.flush()?;
        drop(self.writer);
        fs::rename(&self.begun, &self.out)?;
        if common.json {
            show::json(&json!({ "rows": rows, "file": self.out }))?;
        } else {
            show::text(&format!("{rows} rows in {}", self.out.display()))?;
        }
        Ok(Finish::Done)
    }
}
