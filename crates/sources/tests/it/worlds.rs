//! Whole example worlds: what is set aside is what was spoilt, no more and no less.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fs::File,
    path::{Path, PathBuf},
    time::Instant,
};

use sources::extract::Input;

use crate::setting::{Collected, MAPPINGS, collect, root};

fn read_world(sources: &Path) -> BTreeMap<String, Collected> {
    let extracts = MAPPINGS.iter().map(|mapping| {
        let file = File::open(sources.join(mapping.path())).unwrap();
        let collected = collect(mapping.path(), Input::seekable(file));
        assert_eq!(collected.error_text(), "");
        (mapping.source().to_string(), collected)
    });
    extracts.collect()
}

/// `source/id` of every line that the world spoilt, with the kind of fault.
fn spoilt(truth: &Path) -> BTreeMap<String, String> {
    let mut table = csv::Reader::from_path(truth.join("malformed.csv")).unwrap();
    let rows = table
        .deserialize::<(String, String, String)>()
        .map(Result::unwrap);
    rows.map(|(source, id, kind)| (format!("{source}/{id}"), kind))
        .collect()
}

/// `source/id` of every well-formed record that is about a person.
fn linked(truth: &Path) -> BTreeSet<String> {
    let mut table = csv::Reader::from_path(truth.join("links.csv")).unwrap();
    let rows = table
        .deserialize::<(String, String, String)>()
        .map(Result::unwrap);
    rows.map(|(source, id, _)| format!("{source}/{id}")).collect()
}

/// How many doubts of each word each source raises.
fn doubts(extracts: &BTreeMap<String, Collected>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for doubt in extracts.iter().flat_map(|(source, extract)| {
        let doubts = extract.records.iter().flat_map(|record| &record.doubts);
        doubts.map(move |doubt| format!("{source} {} {}", doubt.field, doubt.reason))
    }) {
        *counts.entry(doubt).or_default() += 1;
    }
    counts
}

fn check_world(world: &Path) {
    let started = Instant::now();
    let extracts = read_world(&world.join("sources"));
    let records: usize = extracts.values().map(|extract| extract.records.len()).sum();
    let presence = extracts["mobile"].presence.len();
    println!(
        "{records} records and {presence} rows of presence in {:?}",
        started.elapsed()
    );
    println!("doubts: {:?}", doubts(&extracts));
    let spoilt = spoilt(&world.join("truth"));
    let mut rejected = BTreeMap::new();
    for (source, extract) in &extracts {
        for line in &extract.rejected {
            let id = line
                .record_id
                .as_ref()
                .unwrap_or_else(|| panic!("{source}:{} has no id", line.line));
            rejected.insert(format!("{source}/{id}"), line.reason.fault.word().to_owned());
        }
    }
    // a line that is cut off has too few columns, or no whole JSON; nothing in it tells which befell it
    let same = |word: &str| match word {
        "truncated" | "wrong_columns" | "broken_json" => "cut".to_owned(),
        other => other.to_owned(),
    };
    let plain = |lines: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        lines
            .iter()
            .map(|(key, word)| (key.clone(), same(word)))
            .collect()
    };
    assert_eq!(plain(&rejected), plain(&spoilt));
    let read: BTreeSet<String> = extracts
        .values()
        .flat_map(|extract| &extract.records)
        .map(|record| record.key.to_string())
        .collect();
    let lost: BTreeSet<String> = linked(&world.join("truth")).difference(&read).cloned().collect();
    assert_eq!(lost, BTreeSet::new());
    assert!(extracts["mobile"].presence.iter().all(|row| row.devices >= 20));
}

#[test]
fn the_small_world_is_read_whole() {
    check_world(&root().join("examples/world"));
}

#[test]
fn the_large_sample_is_read_whole() {
    let named = env::var_os("SOJOURN_SAMPLE_WORLD").map(PathBuf::from);
    let world = named.unwrap_or_else(|| root().join("../shared/world/sample"));
    if world.join("sources").is_dir() {
        check_world(&world);
    } else {
        println!("SKIPPED: no large sample world at {}", world.display());
    }
}
