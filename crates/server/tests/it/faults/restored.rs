//! A store brought back to a point in time: all that was acknowledged before is there, nothing that came after, and the
//! trace ends at the head that was noted. By the commands that `docs/operation.md` gives an operator.

use std::{
    fs,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use testkit::postgres::{self, Cluster, hand_over, shell};

use super::{
    clients::{Clients, Told, kept},
    scene::{Scene, Served},
};
use crate::support::{Place, documented};

const RECOVERY_MAX: Duration = Duration::from_secs(60);

/// What `sojourn doctor` tells of the trace, its own look among it: number of entries, and the head.
fn noted(place: &Place) -> (u64, String) {
    let doctor = place.run(&["doctor"]);
    let says = String::from_utf8(doctor.stdout).unwrap();
    assert!(doctor.status.success(), "{says}");
    let (_, trace) = says.split_once("trace: ").unwrap();
    let (entries, rest) = trace.split_once(" entries").unwrap();
    let (_, head) = rest.split_once("head ").unwrap();
    let head = head.lines().next().unwrap();
    (entries.parse().unwrap(), head.to_owned())
}

/// The same from within.
async fn head(url: &str) -> (u64, String) {
    let store = store::open(url).await.unwrap();
    let mut work = store.begin_read().await.unwrap();
    let head = work.trace_head().await.unwrap().unwrap();
    (head.number, hex::encode(head.chain))
}

/// Looks and checks for a moment.
fn work(scene: &Scene) -> Told {
    let served = Served::start(&scene.place);
    let told = Arc::new(Mutex::new(Told::default()));
    let clients = Clients::start(scene, &served.origin, &told);
    clients.work_for(Duration::from_millis(700));
    clients.stop();
    let told = told.lock().unwrap().clone();
    assert!(told.looks > 0 && told.unsure == 0);
    told
}

/// Waits until a server has come to the point and takes writes.
async fn recovered(url: &str) {
    let begun = Instant::now();
    while let Err(error) = store::open(url).await {
        assert!(begun.elapsed() < RECOVERY_MAX, "{error}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_is_brought_back_to_a_point_in_time() {
    if !postgres::is_installed() {
        return postgres::skip();
    }
    let mut cluster = Cluster::start().await.unwrap();
    let [archive, copies] = ["archive", "copies"].map(|name| cluster.directory().join(name));
    for folder in [&archive, &copies] {
        fs::create_dir(folder).unwrap();
        hand_over(folder).unwrap();
    }
    let (conninfo, archive, copies) = (
        cluster.conninfo(),
        archive.to_string_lossy(),
        copies.to_string_lossy(),
    );
    let variables = [
        ("SERVER", conninfo.as_str()),
        ("ARCHIVE", &archive),
        ("COPIES", &copies),
        ("POINT", "before_the_mistake"),
    ];
    shell(&documented("archive"), &variables).unwrap();
    cluster.restart().await.unwrap();

    let url = cluster.new_database("sojourn").await.unwrap();
    let scene = Scene::set(Place::at(url.clone()));
    shell(&documented("base"), &variables).unwrap();
    let before = work(&scene);
    let noted_before = noted(&scene.place);
    shell(&documented("point"), &variables).unwrap();
    let at_the_point = kept(&url).await;
    let after = work(&scene);
    cluster.kill().unwrap();

    let restored = Cluster::start_from(&[], |directory| {
        let data = directory.join("data");
        let data = data.to_string_lossy();
        let variables = [&variables[..], &[("DATA", &data)]].concat();
        shell(&documented("restore"), &variables).map(|_| ())
    });
    let restored = restored.await.unwrap();
    let url = restored.url("sojourn");
    recovered(&url).await;
    let found = kept(&url).await;
    assert_eq!(found.looks, at_the_point.looks);
    assert_eq!(found.receipts, at_the_point.receipts);
    assert!(before.receipts.is_subset(&found.receipts));
    assert!(after.receipts.is_disjoint(&found.receipts));
    assert_eq!(head(&url).await, noted_before, "not an entry more or less");
    assert_eq!(noted(&Place::at(url)).0, noted_before.0 + 1);
}
