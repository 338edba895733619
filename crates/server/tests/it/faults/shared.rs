//! Two servers on one database, and a clock that was set back.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    TAKEN_IN,
    clients::{Clients, Told, check, kept, sum_up},
    counts,
    scene::{Scene, Served},
    sources,
};
use crate::support::Place;

async fn serve_twice(place: Place, fault: &str) {
    let scene = Scene::set(place);
    let url = scene.place.store();
    let before = kept(&url).await;
    let told = Arc::new(Mutex::new(Told::default()));
    let servers = [Served::start(&scene.place), Served::start(&scene.place)];
    let clients = servers
        .each_ref()
        .map(|server| Clients::start(&scene, &server.origin, &told));
    // a delivery goes in beside them
    let again = scene.place.json(0, &["ingest", &sources()]);
    assert_eq!(counts(&again, &TAKEN_IN), 0);
    clients
        .iter()
        .for_each(|clients| clients.work_for(Duration::from_millis(300)));
    clients.into_iter().for_each(Clients::stop);
    check(&url, &before, &told, fault).await;
    sum_up(&told, fault);
}

#[tokio::test]
async fn two_servers_work_on_one_file() {
    serve_twice(Place::new(), "two servers, SQLite").await;
}

#[tokio::test]
async fn two_servers_work_on_one_database() {
    let Some(place) = Place::on_postgres().await else {
        return;
    };
    serve_twice(place, "two servers, PostgreSQL").await;
}

fn set_back(place: &Place) {
    place.json(0, &["ingest", &sources()]);
    let hour_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let behind = ["--simulated-start", &hour_ago.to_string()];
    let refused = place.run(&[&behind[..], &["link"]].concat());
    let says = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{says}");
    assert!(says.contains("the clock is behind"), "{says}");
    assert!(place.export("links", "source,record_id,profile_id").is_empty());
    // right again, it goes on as if nothing had been
    assert!(place.json(0, &["link"])["linked"].as_u64() > Some(0));
    assert_eq!(place.run(&["doctor"]).status.code(), Some(0));
}

#[tokio::test]
async fn a_clock_that_was_set_back_adds_nothing() {
    set_back(&Place::new());
    if let Some(place) = Place::on_postgres().await {
        set_back(&place);
    }
}
