//! The main job on PostgreSQL, with nothing changed but the store: it comes to what it comes to on SQLite.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde_json::Value;

use crate::support::{Place, small_world};

/// Which records stand together, whatever their profile is called.
fn groups(links: &[Vec<String>]) -> BTreeSet<BTreeSet<(String, String)>> {
    let mut groups: BTreeMap<&String, BTreeSet<_>> = BTreeMap::new();
    for row in links {
        let record = (row[0].clone(), row[1].clone());
        groups.entry(&row[2]).or_default().insert(record);
    }
    groups.into_values().collect()
}

/// Tables as published, without the time of what was known.
fn tables(place: &Place) -> BTreeMap<String, String> {
    let out = place.path("tables");
    let publish = [
        "stats",
        "publish",
        "--on",
        "2025-06-30",
        "--out",
        &out.to_string_lossy(),
    ];
    let output = place.run(&publish);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    fs::read_dir(&out)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| !line.contains("as known at"));
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, lines.collect::<Vec<_>>().join("\n"))
        })
        .collect()
}

/// Everything that the main job tells.
#[derive(Debug, PartialEq)]
struct Told {
    taken_in: Value,
    again: Value,
    linked: [Value; 3],
    groups: BTreeSet<BTreeSet<(String, String)>>,
    quarantine: Vec<Vec<String>>,
    tables: BTreeMap<String, String>,
}

fn main_job(place: &Place) -> Told {
    let sources = small_world().join("sources");
    let ingest = || place.json(0, &["ingest", &sources.to_string_lossy()]);
    let (taken_in, again) = (ingest(), ingest());
    let linked = place.json(0, &["link"]);
    let repeated = place.json(0, &["link"]);
    assert_eq!((&repeated["linked"], &repeated["moved"]), (&0.into(), &0.into()));
    Told {
        taken_in,
        again,
        linked: ["records", "profiles", "queue_open"].map(|count| linked[count].clone()),
        groups: groups(&place.export("links", "source,record_id,profile_id")),
        quarantine: place.export("quarantine", "source,file,line,field,reason"),
        tables: tables(place),
    }
}

#[tokio::test]
async fn the_main_job_comes_to_the_same_on_both_databases() {
    let Some(on_postgres) = Place::on_postgres().await else {
        return;
    };
    let told = main_job(&on_postgres);
    let counts = told.again["sources"].as_object().unwrap().values();
    assert!(
        counts.clone().all(|counts| counts["new"] == 0),
        "nothing is new the second time"
    );
    assert_eq!(told, main_job(&Place::new()));

    let doctor = on_postgres.run(&["doctor"]);
    let says = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(
        doctor.status.success() && says.contains("server: PostgreSQL"),
        "{says}"
    );
}

#[tokio::test]
async fn a_store_is_migrated_by_its_own_command() {
    let Some(place) = Place::on_postgres().await else {
        return;
    };
    for place in [place, Place::new()] {
        let waiting = place.json(1, &["migrate", "--check"]);
        assert!(waiting["missing"].as_u64() > Some(0));
        assert_eq!(waiting["applied"], false);
        let again = place.json(1, &["migrate", "--check"]);
        assert_eq!(again, waiting, "a check changes nothing");
        assert_eq!(place.json(0, &["migrate"])["applied"], true);
        assert_eq!(place.json(0, &["migrate", "--check"])["missing"], 0);
    }
}

#[tokio::test]
async fn a_password_is_never_told() {
    let place = Place::new();
    for url in [
        "postgres://anna:s3cr3t@localhost:1/sojourn",
        "postgres://anna:s3cr3t@localhost:port/sojourn",
        "postgres://anna@localhost:1/sojourn?passwort=s3cr3t",
        "postgres:anna:s3cr3t",
    ] {
        for command in [
            vec!["doctor"],
            vec!["link"],
            vec!["migrate", "--check"],
            vec!["--help"],
        ] {
            let output = place.run(&[&["--store", url], &command[..]].concat());
            let told = [output.stdout, output.stderr].concat();
            assert!(
                !String::from_utf8_lossy(&told).contains("s3cr3t"),
                "{url} {command:?}"
            );
        }
    }
}
