//! A store with people in it, a server over it, and an official who has signed in.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::sources;
use crate::support::Place;

/// The longest that anything may take.
const LONG: Duration = Duration::from_secs(60);
/// A server that has lost its store says so within this time.
const TOLD_WITHIN: Duration = Duration::from_secs(10);

pub(super) struct Scene {
    pub(super) place: Place,
    pub(super) person: String,
    pub(super) proof: String,
    /// Header of an official's session.
    pub(super) token: String,
}

impl Scene {
    /// Takes in the small world; the server that signs the official in is ended again.
    pub(super) fn set(place: Place) -> Self {
        place.json(0, &["ingest", &sources()]);
        place.json(0, &["link"]);
        let person = place.export("links", "source,record_id,profile_id")[0][2].clone();
        let proof = place.run(&["prove", &person, "--for", "work"]);
        let proof = String::from_utf8(proof.stdout).unwrap();
        let proof = proof.lines().next().unwrap().to_owned();
        let office = ["--name", "Irina Ivanova", "--office", "Border service"];
        let new = [&["account", "add", "irina", "--role", "official"], &office[..]].concat();
        let secret = place.json(0, &new)["secret"].as_str().unwrap().to_owned();
        let config = format!(
            "listen = \"127.0.0.1:0\"\npublic_origin = \"http://127.0.0.1\"\nstore = \"{}\"\nkeys = \"{}\"\n",
            place.store(),
            place.path("keys").display()
        );
        fs::write(place.path("sojourn.toml"), config).unwrap();
        let served = Served::start(&place);
        let session = agent()
            .post(format!("{}/api/v1/sessions", served.origin))
            .send_json(json!({ "login": "irina", "secret": secret }));
        let session: Value = session.unwrap().body_mut().read_json().unwrap();
        let token = format!("Bearer {}", session["token"].as_str().unwrap());
        Self {
            place,
            person,
            proof,
            token,
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

    pub(crate) fn kill(self) {
        drop(self);
    }

    fn ready(&self) -> u16 {
        let reply = agent().get(format!("{}/readyz", self.origin)).call();
        reply.unwrap().status().as_u16()
    }

    /// Checks that it says its store is away: soon, in the form of the API, and without falling over.
    pub(super) fn expect_away(&self, scene: &Scene) {
        let begun = Instant::now();
        assert_eq!(self.ready(), 503);
        let looked = agent()
            .get(format!("{}/api/v1/persons/{}/status", self.origin, scene.person))
            .header("authorization", &scene.token)
            .header("sojourn-purpose", "border")
            .call()
            .unwrap();
        assert!(begun.elapsed() < TOLD_WITHIN, "{:?}", begun.elapsed());
        assert_eq!(looked.status(), 503);
        let header = |name| looked.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("content-type"), Some("application/problem+json"));
        assert!(header("retry-after").is_some());
        let alive = agent().get(format!("{}/healthz", self.origin)).call();
        assert_eq!(alive.unwrap().status(), 200);
    }

    /// Waits until it works again, by itself; tells how long that took.
    pub(super) fn wait_until_ready(&self) -> Duration {
        let begun = Instant::now();
        while self.ready() != 200 {
            assert!(begun.elapsed() < LONG, "it does not come back");
            thread::sleep(Duration::from_millis(50));
        }
        begun.elapsed()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub(crate) fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(LONG))
        .http_status_as_error(false)
        .build();
    config.into()
}
