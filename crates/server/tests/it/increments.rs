//! Daily increments, each taken in and linked on its own, come to the same people, profiles and statuses as one delivery
//! that is linked once.
//!
//! `SOJOURN_INCREMENT_DAYS=366` replays the whole year, and compares with a delivery of whole extracts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::support::Place;

/// Days that are replayed where the environment names no number.
const DAYS: usize = 10;
const PEOPLE: &str = "60";
/// Profiles whose fields and statuses are compared; the partition is compared for all.
const COMPARED: usize = 12;
const DAY: &str = "2025-12-31";

type Record = (String, String);

fn days() -> usize {
    std::env::var("SOJOURN_INCREMENT_DAYS").map_or(DAYS, |days| days.parse().unwrap())
}

/// An invented world; with increments of 2025 if asked for.
fn invent(place: &Place, name: &str, more: &[&str]) -> PathBuf {
    let out = place.path(name);
    let to = out.to_string_lossy();
    let recipe = ["world", "--people", PEOPLE, "--seed", "5", "--out", &to];
    place.json(0, &[&recipe, more].concat());
    out
}

fn take_in(place: &Place, delivery: &Path) {
    place.json(0, &["ingest", &delivery.to_string_lossy()]);
}

/// The folders of the first days.
fn increments(world: &Path) -> (Vec<PathBuf>, bool) {
    let mut folders: Vec<PathBuf> = fs::read_dir(world.join("increments"))
        .unwrap()
        .map(|folder| folder.unwrap().path())
        .collect();
    folders.sort();
    let whole = days() >= folders.len();
    folders.truncate(days());
    (folders, whole)
}

/// Profiles by the records that they hold.
fn profiles(place: &Place) -> BTreeMap<BTreeSet<Record>, String> {
    let mut by_id: BTreeMap<String, BTreeSet<Record>> = BTreeMap::new();
    for row in place.export("links", "source,record_id,profile_id") {
        let record = (row[0].clone(), row[1].clone());
        by_id.entry(row[2].clone()).or_default().insert(record);
    }
    by_id.into_iter().map(|(id, records)| (records, id)).collect()
}

/// Takes out when things became known, which differs by design.
fn forget_times(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !matches!(name.as_str(), "known_at" | "received_at"));
            fields.values_mut().for_each(forget_times);
        }
        Value::Array(values) => values.iter_mut().for_each(forget_times),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn told(place: &Place, what: &str, profile: &str) -> Value {
    let mut told = place.json(0, &[what, profile, "--on", DAY]);
    forget_times(&mut told);
    if let Some(fields) = told.as_object_mut() {
        fields.remove("id");
    }
    told
}

fn compare(daily: &Place, bulk: &Place) {
    let world = invent(daily, "daily", &["--increments", "2025"]);
    let (folders, whole) = increments(&world);
    take_in(daily, &world);
    daily.json(0, &["link"]);
    for folder in &folders {
        take_in(daily, folder);
        daily.json(0, &["link"]);
    }
    if whole {
        take_in(bulk, &invent(bulk, "bulk", &[]));
    } else {
        take_in(bulk, &world);
        folders.iter().for_each(|folder| take_in(bulk, folder));
    }
    bulk.json(0, &["link"]);

    let (by_day, at_once) = (profiles(daily), profiles(bulk));
    assert!(by_day.keys().eq(at_once.keys()), "the same people");
    let every = (by_day.len() / COMPARED).max(1);
    for (records, profile) in by_day.iter().step_by(every) {
        for what in ["profile", "status"] {
            let same = told(daily, what, profile) == told(bulk, what, &at_once[records]);
            assert!(same, "{what} of the person with {:?}", records.first());
        }
    }
}

#[test]
fn increments_by_day_come_to_the_same_as_one_delivery() {
    compare(&Place::new(), &Place::new());
}

#[tokio::test]
async fn increments_by_day_come_to_the_same_as_one_delivery_on_postgres() {
    if let Some(daily) = Place::on_postgres().await {
        compare(&daily, &Place::on_postgres().await.unwrap());
    }
}
