//! Clients that look at a person and check a proof, again and again, and remember what they were told; and what the
//! store kept of it.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use registry::{
    port::PAGE_MAX,
    trace::{ChainHead, Outcome},
};
use serde_json::{Value, json};

use super::scene::{Scene, agent};

const CLIENTS: usize = 4;
/// A slow machine takes so long at most until the first is told something.
const FIRST_WORD_MAX: Duration = Duration::from_secs(60);
/// Whoever is told to come back waits so long.
const PAUSE: Duration = Duration::from_millis(20);

/// What clients hold in their hands.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) looks: u64,
    pub(super) receipts: BTreeSet<String>,
    /// Requests without an answer, or with the word that the store is away: done or not, nobody was told.
    pub(super) unsure: u64,
}

/// Clients at work.
pub(super) struct Clients {
    told: Arc<Mutex<Told>>,
    threads: Vec<thread::JoinHandle<()>>,
    stop: Arc<AtomicBool>,
}

impl Clients {
    pub(super) fn start(scene: &Scene, origin: &str, told: &Arc<Mutex<Told>>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let threads = (0..CLIENTS).map(|_| {
            let client = Client {
                origin: origin.to_owned(),
                token: scene.token.clone(),
                person: scene.person.clone(),
                proof: scene.proof.clone(),
                told: Arc::clone(told),
            };
            let stop = Arc::clone(&stop);
            thread::spawn(move || client.work(&stop))
        });
        Self {
            told: Arc::clone(told),
            threads: threads.collect(),
            stop,
        }
    }

    /// Lets them work until one more receipt was given, and for a moment longer.
    pub(super) fn work_for(&self, moment: Duration) {
        let receipts = || self.told.lock().unwrap().receipts.len();
        let (before, begun) = (receipts(), Instant::now());
        while receipts() == before {
            assert!(begun.elapsed() < FIRST_WORD_MAX, "nobody is told anything");
            thread::sleep(PAUSE);
        }
        thread::sleep(moment);
    }

    pub(super) fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        for thread in self.threads {
            thread.join().unwrap();
        }
    }
}

struct Client {
    origin: String,
    token: String,
    person: String,
    proof: String,
    told: Arc<Mutex<Told>>,
}

impl Client {
    fn work(&self, stop: &AtomicBool) {
        let agent = agent();
        while !stop.load(Ordering::SeqCst) {
            let looked = agent
                .get(format!("{}/api/v1/persons/{}/status", self.origin, self.person))
                .header("authorization", &self.token)
                .header("sojourn-purpose", "border")
                .call();
            if self.reply(looked).is_some() {
                self.told.lock().unwrap().looks += 1;
            }
            let checked = agent
                .post(format!("{}/api/v1/checks/qr", self.origin))
                .header("authorization", &self.token)
                .header("sojourn-purpose", "employment_check")
                .send_json(json!({ "text": self.proof }));
            if let Some(answer) = self.reply(checked) {
                let receipt = answer["receipt"].as_str().unwrap().to_owned();
                let new = self.told.lock().unwrap().receipts.insert(receipt);
                assert!(new, "a receipt is given once");
            }
        }
    }

    /// The document of an answer; a refusal may only say that the store is away, or that it was too often.
    fn reply(&self, reply: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Option<Value> {
        let read = reply.and_then(|mut reply| {
            let document = reply.body_mut().read_json::<Value>()?;
            Ok((reply.status().as_u16(), document))
        });
        match read {
            Ok((200, document)) => return Some(document),
            // an address checks once a second after the first sixty: turned away at the door, nothing was done
            Ok((429, _)) => {}
            Ok((status, document)) => {
                assert_eq!((status, &document["status"]), (503, &503.into()));
                self.told.lock().unwrap().unsure += 1;
            }
            Err(_) => self.told.lock().unwrap().unsure += 1,
        }
        thread::sleep(PAUSE);
        None
    }
}

/// Looks of the official and receipts as the trace names them. Checks the chain, and that each receipt is kept.
pub(super) async fn kept(url: &str) -> Told {
    let store = store::open(url).await.unwrap();
    let mut work = store.begin_read().await.unwrap();
    let mut kept = Told::default();
    let mut head: Option<ChainHead> = None;
    loop {
        let after = head.map_or(0, |head| head.number);
        let page = work.trace_entries(after, 1_000.min(PAGE_MAX)).await.unwrap();
        if page.is_empty() {
            assert_eq!(work.trace_head().await.unwrap(), head);
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
}

/// Compares what clients were told with what the store kept. `before` was there before they began.
pub(super) async fn check(url: &str, before: &Told, told: &Mutex<Told>, what: &str) {
    let kept = kept(url).await;
    let told = told.lock().unwrap().clone();
    let looks = kept.looks - before.looks;
    assert!(looks >= told.looks, "{what}: {looks} of {} looks", told.looks);
    let lost = told.receipts.difference(&kept.receipts).count();
    assert_eq!(lost, 0, "{what}: receipts lost");
    // at most what nobody was told of came on top
    let receipts = (kept.receipts.len() - before.receipts.len() - told.receipts.len()) as u64;
    let more = looks - told.looks + receipts;
    assert!(
        more <= told.unsure,
        "{what}: {more} kept beyond {} unsure",
        told.unsure
    );
}

/// Says how much was acknowledged, which must be something.
pub(super) fn sum_up(told: &Mutex<Told>, fault: &str) {
    let told = told.lock().unwrap();
    println!(
        "{fault}: {} looks and {} receipts acknowledged, none lost; {} without an answer",
        told.looks,
        told.receipts.len(),
        told.unsure
    );
    assert!(told.looks > 0 && !told.receipts.is_empty());
}
