//! A disk that is too small for a delivery: a clear word, nothing half kept, and it goes in when there is room.

use std::{fs, io::Write as _, path::Path, process::Command};

use testkit::postgres::{self, Cluster};

use super::{TAKEN_IN, counts, sources};
use crate::support::Place;

/// Room for the tables and for a part of the small world.
const SQLITE_MB: u32 = 2;
const POSTGRES_MB: u32 = 40;
/// What is left beside the tables of PostgreSQL: less than the small world takes.
const ROOM: u64 = 256 << 10;

/// Takes a delivery in that does not fit, and once more when `make_room` was called.
fn overfill(place: &Place, make_room: impl FnOnce()) {
    let refused = place.run(&["ingest", &sources()]);
    let says = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{says}");
    assert!(says.contains("nothing of this transaction was kept"), "{says}");
    make_room();
    let rest = place.json(0, &["ingest", &sources()]);
    assert!(counts(&rest, &TAKEN_IN) > 0);
    let again = place.json(0, &["ingest", &sources()]);
    assert_eq!(counts(&again, &TAKEN_IN), 0, "neither lost nor doubled");
    assert_eq!(place.run(&["doctor"]).status.code(), Some(0));
}

/// Mounts a disk, or makes a mounted one larger.
fn mount(at: &Path, options: &str) -> bool {
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", options, "tmpfs"])
        .arg(at)
        .status();
    mounted.is_ok_and(|status| status.success())
}

/// Fills a disk but for some bytes.
fn fill(path: &Path, leave: u64) {
    let mut filler = fs::File::create(path).unwrap();
    while filler.write_all(&[0; 64 << 10]).is_ok() {}
    let length = filler.metadata().unwrap().len();
    filler.set_len(length - leave).unwrap();
}

#[test]
fn a_delivery_stops_at_a_full_disk_and_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    if !mount(folder.path(), &format!("size={SQLITE_MB}m")) {
        println!("SKIPPED: only root may mount a small disk");
        return;
    }
    let place = Place::at(format!("sqlite:{}", folder.path().join("store.db").display()));
    overfill(&place, || assert!(mount(folder.path(), "remount,size=200m")));
    let unmounted = Command::new("umount").arg(folder.path()).status().unwrap();
    assert!(unmounted.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_stops_at_a_full_disk_of_postgres_and_goes_on_when_there_is_room() {
    if !postgres::is_installed() {
        return postgres::skip();
    }
    let cluster = Cluster::start_with(&[("temp_tablespaces", "pg_default")])
        .await
        .unwrap();
    let small = cluster.database_on_small_disk("sojourn", POSTGRES_MB).await;
    let Some(disk) = small.unwrap() else {
        println!("SKIPPED: only root may mount a small disk");
        return;
    };
    let place = Place::at(cluster.url("sojourn"));
    place.json(0, &["migrate"]);
    let filler = disk.with_file_name("filler");
    fill(&filler, ROOM);
    overfill(&place, || {
        fs::remove_file(&filler).unwrap();
    });
}
