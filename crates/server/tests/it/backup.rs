//! A copy of a store, and what is made from it: the same answers, or a clear refusal.

use std::fs;

use serde_json::Value;

use crate::support::{Place, small_world};

/// People whose whole profile and status are compared; links and lines set aside are compared for everybody.
const PEOPLE: usize = 12;

/// What the store says at one known time, of everybody and of some in full.
fn answers(place: &Place, known_at: &str) -> Vec<Value> {
    let mut links = place.export("links", "source,record_id,profile_id");
    let set_aside = place.export("quarantine", "source,file,line,field,reason");
    links.sort();
    let mut people: Vec<String> = links.iter().map(|row| row[2].clone()).collect();
    people.sort();
    people.dedup();
    let mut answers = vec![serde_json::json!(links), serde_json::json!(set_aside)];
    for id in people.iter().step_by(people.len() / PEOPLE) {
        for what in ["profile", "status"] {
            answers.push(place.json(0, &[what, id, "--on", "2025-09-12", "--known-at", known_at]));
        }
    }
    answers
}

fn run(place: &Place, arguments: &[&str]) -> (Option<i32>, String) {
    let output = place.run(arguments);
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn a_restored_store_gives_every_answer_again() {
    let place = Place::new();
    place.json(0, &["ingest", &small_world().join("sources").to_string_lossy()]);
    place.json(0, &["link"]);
    let known_at = now();
    let before = answers(&place, &known_at);
    let copy = place.path("copy");
    let copy = copy.to_string_lossy();
    let manifest = place.json(0, &["backup", "--out", &copy]);
    assert_eq!(
        manifest["mark"]["links"].as_u64().unwrap(),
        before[0].as_array().unwrap().len() as u64
    );

    let (code, error) = run(&place, &["restore", &copy]);
    assert_eq!(code, Some(2), "a store that is there is never overwritten");
    assert!(error.contains("is there already"), "{error}");

    for ending in ["", "-wal", "-shm"] {
        let file = place.path(&format!("store.db{ending}"));
        if file.exists() {
            fs::remove_file(file).unwrap();
        }
    }
    let restored = place.json(0, &["restore", &copy]);
    assert_eq!(restored, manifest);
    assert_eq!(answers(&place, &known_at), before);
}

#[tokio::test]
async fn a_restored_database_gives_every_answer_again() {
    let Some(mut place) = Place::on_postgres().await else {
        return;
    };
    let fresh = Place::on_postgres().await.unwrap().store();
    let sources = small_world().join("sources");
    let sources = sources.to_string_lossy();
    place.json(0, &["ingest", &sources]);
    place.json(0, &["link"]);
    let known_at = now();
    let before = answers(&place, &known_at);
    let copy = place.path("copy");
    let copy = copy.to_string_lossy();
    // others work on it meanwhile
    let mut beside = place.command(&["ingest", &sources]).spawn().unwrap();
    let manifest = place.json(0, &["backup", "--out", &copy]);
    assert!(beside.wait().unwrap().success());
    let (code, error) = run(&place, &["restore", &copy]);
    assert_eq!(code, Some(2), "a store that is there is never overwritten");
    assert!(error.contains("holds a store already"), "{error}");
    let (code, error) = run(&Place::new(), &["restore", &copy]);
    assert_eq!(code, Some(2), "not onto another kind of database");
    assert!(error.contains("another kind"), "{error}");

    place.move_to(fresh);
    assert_eq!(place.json(0, &["restore", &copy]), manifest);
    assert_eq!(answers(&place, &known_at), before);
    let again = place.json(0, &["ingest", &sources]);
    let counts = again["sources"].as_object().unwrap().values();
    assert!(counts.clone().all(|counts| counts["new"] == 0));
    assert_eq!(place.json(0, &["link"])["linked"], 0);
    assert_eq!(run(&place, &["doctor"]).0, Some(0));
}

#[tokio::test]
async fn a_damaged_copy_leaves_a_database_empty() {
    let Some(mut place) = Place::on_postgres().await else {
        return;
    };
    place.json(0, &["link"]);
    let copy = place.path("copy");
    place.json(0, &["backup", "--out", &copy.to_string_lossy()]);
    let empty = Place::on_postgres().await.unwrap().store();
    place.move_to(empty);
    let trace = copy.join("trace.copy");
    let sound = fs::read(&trace).unwrap();
    let mut spoilt = sound.clone();
    spoilt[sound.len() / 2] ^= 1;
    fs::write(&trace, spoilt).unwrap();
    let (code, error) = run(&place, &["restore", &copy.to_string_lossy()]);
    assert_eq!(code, Some(2));
    assert!(error.contains("another checksum"), "{error}");
    let waiting = place.json(1, &["migrate", "--check"]);
    assert!(waiting["missing"].as_u64() > Some(0), "nothing was made");
    fs::write(&trace, sound).unwrap();
    place.json(0, &["restore", &copy.to_string_lossy()]);
}

#[test]
fn a_damaged_copy_is_refused_before_anything_is_written() {
    let place = Place::new();
    place.json(0, &["link"]);
    let copy = place.path("copy");
    place.json(0, &["backup", "--out", &copy.to_string_lossy()]);
    let store = place.path("store.db");
    fs::remove_file(&store).unwrap();
    for (file, harm, says) in [
        ("sojourn.db", "flip", "another checksum"),
        ("sojourn.db", "cut", "another length"),
        ("manifest.json", "cut", "is no manifest of a copy"),
    ] {
        let path = copy.join(file);
        let sound = fs::read(&path).unwrap();
        let mut spoilt = sound.clone();
        match harm {
            "flip" => spoilt[sound.len() / 2] ^= 1,
            _ => spoilt.truncate(sound.len() / 2),
        }
        fs::write(&path, spoilt).unwrap();
        let (code, error) = run(&place, &["restore", &copy.to_string_lossy()]);
        assert_eq!(code, Some(2));
        assert!(error.contains(says), "{error}");
        assert!(!store.exists());
        fs::write(&path, sound).unwrap();
    }
    fs::remove_file(copy.join("manifest.json")).unwrap();
    let (code, error) = run(&place, &["restore", &copy.to_string_lossy()]);
    assert_eq!(code, Some(2), "{error}");
    assert!(!store.exists());
}

/// Now, in the form that `--known-at` takes.
fn now() -> String {
    jiff::Timestamp::now().to_string()
}
