//! Links the extracts of a world and writes the prediction, for scoring against its truth.
//!
//! `cargo run --release -p linkage --example score_world -- WORLD/sources PRED.csv [REVIEW.jsonl]`
//!
//! `COPIES=20` links twenty times as many people, `SLIPS=50` puts a slip more into every twentieth name part, birth date
//! and document number, from the world's truth beside it.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod stress;

use std::{
    error::Error,
    fs::File,
    io::{BufWriter, Write as _},
    ops::ControlFlow,
    path::Path,
    time::Instant,
};

use linkage::{engine::Engine, settings::Settings};
use records::{country::Countries, envelope::Record, key::ProfileId, region::Regions};
use sources::{
    extract::{Input, Reference, read},
    mapping_set::MappingSet,
    outcome::Outcome,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [world, prediction, rest @ ..] = arguments.as_slice() else {
        return Err("wanted: SOURCES PRED.csv [REVIEW.jsonl]".into());
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let started = Instant::now();
    let world = Path::new(world);
    let mut records = records(&root, world)?;
    if let Some(copies) = from_environment("COPIES") {
        let truth = stress::Truth::read(&world.join("../truth"))?;
        records = stress::copies(records, &truth, copies);
    }
    if let Some(thousandths) = from_environment("SLIPS") {
        stress::slips(&mut records, thousandths);
    }
    println!("read {} records in {:.2?}", records.len(), started.elapsed());

    let started = Instant::now();
    let mut engine = Engine::new(Settings::default());
    for page in latest(records).chunks(PAGE) {
        engine.add(page)?;
    }
    let assignment = engine.finish(&[]);
    println!("linked in {:.2?}", started.elapsed());
    println!("{:#?}", assignment.statistics);
    println!("review {}", assignment.review.len());

    let mut out = BufWriter::new(File::create(prediction)?);
    writeln!(out, "source,record_id,profile_id")?;
    let places: Vec<u32> = (0..assignment.records()).collect();
    let explanations = assignment.explain(&places);
    for told in &explanations {
        let key = &told.record;
        writeln!(out, "{},{},{}", key.source, key.id, told.cluster)?;
    }
    out.flush()?;
    if let [review, ..] = rest {
        let mut out = BufWriter::new(File::create(review)?);
        for item in &assignment.review {
            serde_json::to_writer(&mut out, item)?;
            writeln!(out)?;
        }
        for explanation in &explanations {
            serde_json::to_writer(&mut out, explanation)?;
            writeln!(out)?;
        }
        out.flush()?;
    }
    Ok(())
}

/// Records that are taken in at once.
const PAGE: usize = 5_000;

/// The highest version of each record, by key; none stands in a profile.
fn latest(mut records: Vec<Record>) -> Vec<(Record, Option<ProfileId>)> {
    records.sort_by(|a, b| a.key.cmp(&b.key).then(b.version.cmp(&a.version)));
    records.dedup_by(|later, kept| later.key == kept.key);
    records.into_iter().map(|record| (record, None)).collect()
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn records(root: &Path, world: &Path) -> Result<Vec<Record>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root.join("mappings"))? {
        let path = entry?.path();
        files.push((path.display().to_string(), std::fs::read_to_string(&path)?));
    }
    files.sort();
    let mappings = MappingSet::parse(files)?;
    let text = |name: &str| std::fs::read_to_string(root.join("packs/ru").join(name));
    let reference = Reference {
        countries: Countries::parse(&text("countries.csv")?, &text("country_names.csv")?)?,
        regions: Regions::parse(&text("regions_ru.csv")?)?,
    };
    let mut records = Vec::new();
    for folder in std::fs::read_dir(world)? {
        for file in std::fs::read_dir(folder?.path())? {
            let path = file?.path();
            let relative = path.strip_prefix(world)?.display().to_string();
            let Some(mapping) = mappings.for_path(&relative) else {
                continue;
            };
            let mut sink = |outcome| {
                if let Outcome::Record(record) = outcome {
                    records.push(*record);
                }
                ControlFlow::Continue(())
            };
            let received = jiff::Timestamp::UNIX_EPOCH;
            read(
                mapping,
                &reference,
                received,
                &relative,
                Input::seekable(File::open(&path)?),
                &mut sink,
            )?;
        }
    }
    Ok(records)
}
