//! What a running server tells a collector, and that it stops when asked to.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::support::Place;

const PATIENCE: Duration = Duration::from_secs(60);

/// A collector that takes anything and hands on the bodies.
fn collector() -> (String, mpsc::Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let (sender, bodies) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut length = 0;
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).unwrap();
                if let Some((name, value)) = line.split_once(':')
                    && name.eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            stream
                .get_mut()
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .unwrap();
            if sender.send(body).is_err() {
                return;
            }
        }
    });
    (endpoint, bodies)
}

#[test]
fn a_server_sends_spans_without_personal_data_and_stops_when_asked() {
    let place = Place::new();
    let (endpoint, bodies) = collector();
    let config = format!(
        "listen = \"127.0.0.1:0\"\npublic_origin = \"http://127.0.0.1\"\nstore = \"sqlite:{}\"\nkeys = \"{}\"\n\
         [telemetry]\nlog_form = \"json\"\notlp_endpoint = \"{endpoint}\"\n",
        place.path("store.db").display(),
        place.path("keys").display()
    );
    fs::write(place.path("sojourn.toml"), config).unwrap();
    let mut child = place
        .command(&["serve", "--config", "sojourn.toml"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut said: Vec<Value> = Vec::new();
    let address = loop {
        let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        let listen = line["fields"]["listen"].as_str().map(str::to_owned);
        said.push(line);
        if let Some(listen) = listen {
            break listen;
        }
    };
    let asked = ureq::get(format!("http://{address}/healthz?name=SECRETIVE"))
        .call()
        .unwrap();
    assert_eq!(asked.status(), 200);
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    said.extend(lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap()));
    assert!(child.wait().unwrap().success(), "asked to end, it ends well");

    let answered = said
        .iter()
        .find(|line| line["fields"]["message"] == "answered")
        .unwrap();
    assert_eq!(answered["fields"]["route"], "/healthz");
    assert_eq!(answered["span"]["http.response.status_code"], 200);
    let spans = bodies.recv_timeout(PATIENCE).unwrap();
    let spans = String::from_utf8_lossy(&spans);
    assert!(
        spans.contains("GET /healthz") && spans.contains("http.route"),
        "{spans}"
    );
    let said = serde_json::to_string(&said).unwrap();
    assert!(!spans.contains("SECRETIVE") && !said.contains("SECRETIVE"));
}
