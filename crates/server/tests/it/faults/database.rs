//! Every process of PostgreSQL is killed in the middle; the program stays, says so, and goes on when it is back.

use std::{
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, Connection as _};
use testkit::postgres::{self, Cluster};

use super::{
    READ, TAKEN_IN,
    clients::{Clients, Told, check, kept, sum_up},
    counts, moment,
    scene::{Scene, Served},
    sources, tries,
};
use crate::support::Place;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_goes_on_after_the_database_was_killed() {
    if !postgres::is_installed() {
        return postgres::skip();
    }
    let mut cluster = Cluster::start().await.unwrap();
    let whole = Place::at(cluster.new_database("whole").await.unwrap());
    let begun = Instant::now();
    let report = whole.json(0, &["ingest", &sources()]);
    let lasts = begun.elapsed();
    for number in 1..=tries() {
        let name = format!("try_{number}");
        let place = Place::at(cluster.new_database(&name).await.unwrap());
        let mut child = place.command(&["ingest", &sources()]).spawn().unwrap();
        thread::sleep(moment(number, lasts));
        cluster.kill().unwrap();
        let ended = child.wait().unwrap();
        assert!(matches!(ended.code(), Some(0 | 2)), "{name}: {ended}");
        cluster.restart().await.unwrap();
        let again = place.json(0, &["ingest", &sources()]);
        assert_eq!(counts(&again, &READ), counts(&report, &READ), "{name}");
        if ended.success() {
            assert_eq!(
                counts(&again, &TAKEN_IN),
                0,
                "{name}: what was acknowledged is lost"
            );
        }
        let third = place.json(0, &["ingest", &sources()]);
        assert_eq!(counts(&third, &TAKEN_IN), 0, "{name}");
        assert_eq!(place.run(&["doctor"]).status.code(), Some(0), "{name}");
        // at each start after a crash the server looks at every file that it has
        drop_database(&cluster, &name).await;
    }
}

async fn drop_database(cluster: &Cluster, name: &str) {
    let mut raw = sqlx::PgConnection::connect(&cluster.url("postgres"))
        .await
        .unwrap();
    let gone = sqlx::query(AssertSqlSafe(format!("DROP DATABASE {name}")));
    gone.execute(&mut raw).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_was_told_is_there_after_the_database_was_killed() {
    if !postgres::is_installed() {
        return postgres::skip();
    }
    let mut cluster = Cluster::start().await.unwrap();
    let url = cluster.new_database("sojourn").await.unwrap();
    let scene = Scene::set(Place::at(url.clone()));
    let before = kept(&url).await;
    let served = Served::start(&scene.place);
    let told = Arc::new(Mutex::new(Told::default()));
    let mut slowest = Duration::ZERO;
    for number in 1..=tries() {
        let clients = Clients::start(&scene, &served.origin, &told);
        clients.work_for(moment(number, Duration::from_millis(700)));
        cluster.kill().unwrap();
        served.expect_away(&scene);
        cluster.restart().await.unwrap();
        slowest = slowest.max(served.wait_until_ready());
        clients.work_for(Duration::ZERO);
        clients.stop();
        check(&url, &before, &told, &format!("try {number}")).await;
    }
    println!("ready again {slowest:?} after the database at the latest");
    sum_up(&told, "PostgreSQL killed");
}
