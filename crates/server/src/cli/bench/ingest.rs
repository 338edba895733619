//! `sojourn bench ingest`: how fast extracts are taken in, on a world of any size, beside what the database can do at best.
//!
//! Figures of one run belong together: both sides of a ratio are measured by the same program on the same machine.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use serde::Serialize;
use store::{StoreUrl, bare};

use crate::{
    cli::{
        Finish,
        args::{self, Common},
        show, world,
    },
    data::DataFiles,
    delivery,
    installation::{self, Installation, Site, Stop},
};

/// Where a bench without a store or a directory of its own works; emptied at each start.
const OWN_PLACE: &str = "./var/bench";
/// Records that the bare table gets: enough for a steady rate, and no second copy of a whole register on the disk.
const BARE_ROWS_MAX: u64 = 2_000_000;

#[derive(Debug, Args)]
pub(crate) struct IngestLoad {
    /// How many people
    #[arg(long)]
    people: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Directory of the world: taken if it is there, else made (default: made in ./var/bench)
    #[arg(long, value_name = "DIR")]
    world: Option<PathBuf>,
}

/// What a run came to.
#[derive(Debug, Serialize)]
struct Report {
    people: u64,
    /// Lines of the extracts, of which each became a record, a count of devices or a rejection.
    lines: u64,
    records: u64,
    ingest_seconds: f64,
    records_per_second: f64,
    /// Of the same records, how many went into a plain logged table without index.
    bare_records: u64,
    bare_records_per_second: f64,
    ratio: f64,
    /// The most memory that this program held while it took the extracts in; none where the system does not say.
    peak_memory_bytes: Option<u64>,
}

pub(crate) async fn run(common: &Common, bench: &IngestLoad) -> Result<Finish, Stop> {
    let place = Path::new(OWN_PLACE);
    if place.exists() {
        fs::remove_dir_all(place)?;
    }
    fs::create_dir_all(place)?;
    let store = common
        .store
        .clone()
        .unwrap_or_else(|| StoreUrl::from(format!("sqlite:{OWN_PLACE}/sojourn.db")));
    refuse_records(&store).await?;
    let world = make_world(common, bench, place)?;
    let installation = Installation::at(Site {
        store: &store,
        keys: &place.join("keys"),
        data: DataFiles::new(common.data.clone()),
        simulated_start: None,
    })
    .await?;
    let reading = Arc::new(installation::reading(&installation.data)?);
    let asker = installation::operator(installation::OPERATION)?;
    let begun = Instant::now();
    let taken = delivery::take_in(&installation.registry, &asker, &reading, &world).await?;
    let took = begun.elapsed();
    let peak_memory_bytes = peak_memory();
    let total = taken.counts.total();
    // counts of devices came in as well, and are no records
    let records = records_in(&store).await?;
    if records == 0 || !taken.unreadable.is_empty() {
        return Err("the world was not read whole".into());
    }
    let bare = bare::write(store.as_str(), BARE_ROWS_MAX).await?;
    let (ours, best) = (rate(records, took), rate(bare.rows, bare.took));
    let report = Report {
        people: bench.people,
        lines: total.read,
        records,
        ingest_seconds: took.as_secs_f64(),
        records_per_second: ours,
        bare_records: bare.rows,
        bare_records_per_second: best,
        ratio: ours / best,
        peak_memory_bytes,
    };
    if common.json {
        show::json(&report)?;
    } else {
        show::text(&as_text(&report))?;
    }
    Ok(Finish::Done)
}

/// Invented people do not get into a register that is in use.
async fn refuse_records(store: &StoreUrl) -> Result<(), Stop> {
    let held = records_in(store).await?;
    if held > 0 {
        return Err(format!("{store} holds {held} records: a bench needs an empty store").into());
    }
    Ok(())
}

async fn records_in(store: &StoreUrl) -> Result<u64, Stop> {
    let opened = store::open(store.as_str()).await?;
    Ok(opened.begin_read().await?.extent().await?.records)
}

/// The world that was made before, or a new one.
fn make_world(common: &Common, bench: &IngestLoad, place: &Path) -> Result<PathBuf, Stop> {
    let out = bench.world.clone().unwrap_or_else(|| place.join("world"));
    if !out.join("sources").is_dir() {
        let recipe = args::World {
            people: bench.people,
            seed: bench.seed,
            out: out.clone(),
            noise: 1.0,
            threads: None,
            increments: None,
        };
        world::made(common, &recipe)?;
    }
    Ok(out)
}

fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(f64::MIN_POSITIVE)
}

/// As Linux counts it (`VmHWM`).
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

fn as_text(report: &Report) -> String {
    let memory = match report.peak_memory_bytes {
        Some(bytes) => format!("{} MB", bytes / 1_000_000),
        None => "not known".to_owned(),
    };
    format!(
        "{} people, {} lines\n\
         ingest: {} records in {:.1} s, {:.0} a second\n\
         bare:   {} of these records into a plain table without index, {:.0} a second\n\
         ratio {:.3}; peak memory of this program {memory}",
        report.people,
        report.lines,
        report.records,
        report.ingest_seconds,
        report.records_per_second,
        report.bare_records,
        report.bare_records_per_second,
        report.ratio,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_what_the_system_counts() {
        if cfg!(target_os = "linux") {
            assert!(peak_memory().is_some_and(|bytes| bytes > 1_000_000));
        }
    }
}
