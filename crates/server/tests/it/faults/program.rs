//! The program is killed in the middle, on either database.

use std::{
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    READ, TAKEN_IN,
    clients::{Clients, Told, check, kept, sum_up},
    counts, moment,
    scene::{Scene, Served},
    sources, tries,
};
use crate::support::Place;

/// A delivery that nothing disturbed.
struct Whole {
    report: Value,
    lasts: Duration,
    /// Records by source and id.
    linked: Vec<Vec<String>>,
}

impl Whole {
    fn of(place: &Place) -> Self {
        let begun = Instant::now();
        let report = place.json(0, &["ingest", &sources()]);
        let lasts = begun.elapsed();
        place.json(0, &["link"]);
        Self {
            report,
            lasts,
            linked: linked(place),
        }
    }

    fn kill_once(&self, place: &Place, number: u32) {
        let mut child = place.command(&["ingest", &sources()]).spawn().unwrap();
        thread::sleep(moment(number, self.lasts));
        child.kill().unwrap();
        child.wait().unwrap();
        let again = place.json(0, &["ingest", &sources()]);
        let read = |report| counts(report, &READ);
        assert_eq!(read(&again), read(&self.report), "try {number}");
        assert!(counts(&again, &TAKEN_IN) <= counts(&self.report, &TAKEN_IN));
        let third = place.json(0, &["ingest", &sources()]);
        assert_eq!(counts(&third, &TAKEN_IN), 0, "try {number}");
        assert_eq!(place.run(&["doctor"]).status.code(), Some(0), "try {number}");
        if number == 1 {
            place.json(0, &["link"]);
            assert_eq!(linked(place), self.linked);
        }
    }
}

fn linked(place: &Place) -> Vec<Vec<String>> {
    let mut links = place.export("links", "source,record_id,profile_id");
    links.iter_mut().for_each(|row| row.truncate(2));
    links.sort();
    links
}

#[test]
fn a_delivery_that_is_killed_is_taken_in_by_the_next_run() {
    let whole = Whole::of(&Place::new());
    for number in 1..=tries() {
        whole.kill_once(&Place::new(), number);
    }
}

#[tokio::test]
async fn a_delivery_that_is_killed_on_postgres_is_taken_in_by_the_next_run() {
    let Some(first) = Place::on_postgres().await else {
        return;
    };
    let whole = Whole::of(&first);
    for number in 1..=tries() {
        let place = Place::on_postgres().await.unwrap();
        whole.kill_once(&place, number);
    }
}

async fn serve_and_kill(place: Place, fault: &str) {
    let scene = Scene::set(place);
    let url = scene.place.store();
    let before = kept(&url).await;
    let told = Arc::new(Mutex::new(Told::default()));
    for number in 1..=tries() {
        let served = Served::start(&scene.place);
        let clients = Clients::start(&scene, &served.origin, &told);
        clients.work_for(moment(number, Duration::from_millis(700)));
        drop(served);
        clients.stop();
        check(&url, &before, &told, &format!("try {number}")).await;
    }
    sum_up(&told, fault);
}

#[tokio::test]
async fn what_a_client_was_told_is_there_after_the_program_was_killed() {
    serve_and_kill(Place::new(), "program killed, SQLite").await;
}

#[tokio::test]
async fn what_a_client_was_told_is_there_after_the_program_was_killed_on_postgres() {
    let Some(place) = Place::on_postgres().await else {
        return;
    };
    serve_and_kill(place, "program killed, PostgreSQL").await;
}
