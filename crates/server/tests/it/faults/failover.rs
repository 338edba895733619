//! The primary is killed, its standby promoted: the program goes on without a restart, by the commands that
//! `docs/operation.md` gives an operator.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use testkit::postgres::{self, Cluster, shell};

use super::{
    clients::{Clients, Told, check, kept, sum_up},
    moment,
    scene::{Scene, Served},
    tries,
};
use crate::support::{Place, documented};

/// A pair of servers takes some seconds to make.
const TRIES_FOR_ONE: u32 = 10;

/// A server and another that follows it.
struct Pair {
    primary: Cluster,
    standby: Cluster,
}

impl Pair {
    async fn start() -> Self {
        let primary = Cluster::start().await.unwrap();
        let conninfo = primary.conninfo();
        let standby = Cluster::start_from(&[], |directory| {
            let data = directory.join("data");
            let variables = [("PRIMARY", conninfo.as_str()), ("DATA", &data.to_string_lossy())];
            shell(&documented("standby"), &variables).map(|_| ())
        });
        let standby = standby.await.unwrap();
        shell(&documented("confirm"), &[("PRIMARY", &conninfo)]).unwrap();
        Self { primary, standby }
    }

    /// A URL that names both.
    fn url(&self) -> String {
        let [one, other] = [&self.primary, &self.standby].map(|server| server.directory().display());
        format!("postgres://postgres@localhost/sojourn?host={one},{other}&target_session_attrs=read-write")
    }
}

async fn fail_over(number: u32, told: &Arc<Mutex<Told>>) {
    let mut pair = Pair::start().await;
    pair.primary.new_database("sojourn").await.unwrap();
    let url = pair.url();
    let scene = Scene::set(Place::at(url.clone()));
    let before = kept(&url).await;
    let served = Served::start(&scene.place);
    let own = Arc::new(Mutex::new(Told::default()));
    let clients = Clients::start(&scene, &served.origin, &own);
    clients.work_for(moment(number, Duration::from_millis(1_500)));
    pair.primary.kill().unwrap();
    served.expect_away(&scene);
    shell(&documented("promote"), &[("STANDBY", &pair.standby.conninfo())]).unwrap();
    let took = served.wait_until_ready();
    println!("try {number}: ready {took:?} after the standby was promoted");
    clients.work_for(Duration::from_millis(500));
    clients.stop();
    check(&url, &before, &own, &format!("try {number}")).await;
    let own = own.lock().unwrap();
    let mut told = told.lock().unwrap();
    told.looks += own.looks;
    told.unsure += own.unsure;
    told.receipts.extend(own.receipts.iter().cloned());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_was_told_is_on_the_standby_that_takes_over() {
    if !postgres::is_installed() {
        return postgres::skip();
    }
    let told = Arc::new(Mutex::new(Told::default()));
    for number in 1..=tries().div_ceil(TRIES_FOR_ONE) {
        fail_over(number, &told).await;
    }
    sum_up(&told, "failover");
}
