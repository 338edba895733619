//! The power goes while the program works: what was acknowledged is there afterwards, and nothing is there twice.
//!
//! `SOJOURN_FAULT_TRIES` says how often (a hundred for the table in `docs/performance.md`).

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use registry::{port::PAGE_MAX, trace::Outcome};
use serde_json::{Value, json};

use crate::support::{Place, small_world};

/// Tries where the environment names no number.
const TRIES: u32 = 6;
const CLIENTS: usize = 4;
const START: Duration = Duration::from_secs(60);

pub(crate) fn tries() -> u32 {
    std::env::var("SOJOURN_FAULT_TRIES").map_or(TRIES, |tries| tries.parse().unwrap())
}

/// A moment within `most`, another one at each try, spread evenly (golden ratio).
pub(crate) fn moment(number: u32, most: Duration) -> Duration {
    most.mul_f64((f64::from(number) * 0.618_033_988_75).fract())
}

fn sources() -> String {
    small_world().join("sources").to_string_lossy().into_owned()
}

fn counts(report: &Value, names: &[&str]) -> u64 {
    let sources = report["sources"].as_object().unwrap().values();
    sources
        .map(|counts| {
            names
                .iter()
                .map(|name| counts[*name].as_u64().unwrap())
                .sum::<u64>()
        })
        .sum()
}

#[test]
fn a_delivery_that_is_killed_is_taken_in_by_the_next_run() {
    let whole = Place::new();
    let begun = Instant::now();
    let report = whole.json(0, &["ingest", &sources()]);
    let lasts = begun.elapsed();
    whole.json(0, &["link"]);
    let mut links = whole.export("links", "source,record_id,profile_id");
    links.iter_mut().for_each(|row| row.truncate(2));
    let new = counts(&report, &["new", "superseding", "earlier"]);
    for number in 1..=tries() {
        let place = Place::new();
        let mut child = place.command(&["ingest", &sources()]).spawn().unwrap();
        thread::sleep(moment(number, lasts));
        child.kill().unwrap();
        child.wait().unwrap();
        let again = place.json(0, &["ingest", &sources()]);
        assert_eq!(
            counts(&again, &["new", "superseding", "earlier", "unchanged"]),
            counts(&report, &["new", "superseding", "earlier", "unchanged"]),
            "try {number}"
        );
        assert!(counts(&again, &["new", "superseding", "earlier"]) <= new);
        let third = place.json(0, &["ingest", &sources()]);
        assert_eq!(
            counts(&third, &["new", "superseding", "earlier"]),
            0,
            "try {number}"
        );
        assert_eq!(place.run(&["doctor"]).status.code(), Some(0), "try {number}");
        if number == 1 {
            place.json(0, &["link"]);
            let mut found = place.export("links", "source,record_id,profile_id");
            found.iter_mut().for_each(|row| row.truncate(2));
            assert_eq!(found, links);
        }
    }
}

/// A server of a place's store, ended without warning.
pub(crate) struct Served {
    child: Child,
    pub(crate) origin: String,
}

impl Served {
    pub(crate) fn start(place: &Place) -> Self {
        let mut child = place
            .command(&["serve", "--config", "sojourn.toml"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("listen=")?.1.trim().to_owned()))
            .unwrap();
        // Whoever writes to a pipe that nobody reads stands still.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self {
            child,
            origin: format!("http://{address}"),
        }
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub(crate) fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(START))
        .http_status_as_error(false)
        .build();
    config.into()
}

/// What a client holds in its hands: it was told so before the power went.
#[derive(Clone, Debug, Default)]
struct Told {
    looks: u64,
    receipts: BTreeSet<String>,
}

/// Looks at a person and checks a proof, again and again, until the server is gone.
fn work(origin: &str, secret: &str, person: &str, proof: &str, told: &Mutex<Told>) {
    let agent = agent();
    let credentials = json!({ "login": "irina", "secret": secret });
    let Ok(mut reply) = agent
        .post(format!("{origin}/api/v1/sessions"))
        .send_json(&credentials)
    else {
        return;
    };
    let Ok(session) = reply.body_mut().read_json::<Value>() else {
        return;
    };
    let token = format!("Bearer {}", session["token"].as_str().unwrap());
    loop {
        let looked = agent
            .get(format!("{origin}/api/v1/persons/{person}/status"))
            .header("authorization", &token)
            .header("sojourn-purpose", "border")
            .call();
        let Ok(mut looked) = looked else { return };
        let Ok(_) = looked.body_mut().read_json::<Value>() else {
            return;
        };
        assert_eq!(looked.status(), 200);
        told.lock().unwrap().looks += 1;
        let checked = agent
            .post(format!("{origin}/api/v1/checks/qr"))
            .header("authorization", &token)
            .header("sojourn-purpose", "employment_check")
            .send_json(json!({ "text": proof }));
        let Ok(mut checked) = checked else { return };
        let Ok(answer) = checked.body_mut().read_json::<Value>() else {
            return;
        };
        if let Some(receipt) = answer["receipt"].as_str() {
            assert!(told.lock().unwrap().receipts.insert(receipt.to_owned()));
        }
    }
}

/// Looks of the official and receipts, as the trace names them, and whether the store keeps each of the receipts.
fn kept(store: &Path) -> Told {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = store::open(&format!("sqlite:{}", store.display())).await.unwrap();
        let mut work = store.begin_read().await.unwrap();
        let mut kept = Told::default();
        let mut head = None;
        loop {
            let after = head.map_or(0, |head: registry::trace::ChainHead| head.number);
            let page = work.trace_entries(after, 1_000.min(PAGE_MAX)).await.unwrap();
            if page.is_empty() {
                return kept;
            }
            for chained in page {
                chained.check(head).unwrap();
                head = Some(chained.head());
                let entry = chained.entry().unwrap();
                match entry.outcome {
                    Outcome::Answered { receipt } => {
                        let id = credential::CredentialId::parse(&receipt).unwrap();
                        assert!(work.find_receipt(id).await.unwrap().is_some());
                        assert!(kept.receipts.insert(receipt), "one answer, one entry");
                    }
                    _ if entry.purpose.as_str() == "border" => kept.looks += 1,
                    _ => {}
                }
            }
        }
    })
}

#[test]
fn what_a_client_was_told_is_there_after_the_server_was_killed() {
    let place = Place::new();
    place.json(0, &["ingest", &sources()]);
    place.json(0, &["link"]);
    let person = place.export("links", "source,record_id,profile_id")[0][2].clone();
    let proof = place.run(&["prove", &person, "--for", "work"]);
    let proof = String::from_utf8(proof.stdout)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .to_owned();
    let office = ["--name", "Irina Ivanova", "--office", "Border service"];
    let account = place.json(
        0,
        &[&["account", "add", "irina", "--role", "official"], &office[..]].concat(),
    );
    let secret = account["secret"].as_str().unwrap().to_owned();
    let config = format!(
        "listen = \"127.0.0.1:0\"\npublic_origin = \"http://127.0.0.1\"\nstore = \"sqlite:{}\"\nkeys = \"{}\"\n",
        place.path("store.db").display(),
        place.path("keys").display()
    );
    fs::write(place.path("sojourn.toml"), config).unwrap();

    let told = Arc::new(Mutex::new(Told::default()));
    for number in 1..=tries() {
        let served = Served::start(&place);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (origin, secret) = (served.origin.clone(), secret.clone());
                let (person, proof, told) = (person.clone(), proof.clone(), Arc::clone(&told));
                thread::spawn(move || work(&origin, &secret, &person, &proof, &told))
            })
            .collect();
        thread::sleep(Duration::from_millis(300) + moment(number, Duration::from_millis(700)));
        served.kill();
        for client in clients {
            client.join().unwrap();
        }
        let told = told.lock().unwrap().clone();
        let kept = kept(&place.path("store.db"));
        assert!(
            kept.looks >= told.looks,
            "try {number}: {} of {} looks",
            kept.looks,
            told.looks
        );
        let lost: Vec<_> = told.receipts.difference(&kept.receipts).collect();
        assert!(lost.is_empty(), "try {number}: {} receipts lost", lost.len());
        // At most what was under way came without word of it.
        assert!(kept.looks - told.looks <= u64::from(number) * CLIENTS as u64);
    }
    let told = told.lock().unwrap();
    println!(
        "{} looks and {} receipts acknowledged, none lost",
        told.looks,
        told.receipts.len()
    );
    assert!(told.looks > 0 && !told.receipts.is_empty());
}
