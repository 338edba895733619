//! The day and the time of knowledge on the command line: an answer of a former time stays what it was.

use std::fs;

use serde_json::Value;

use crate::support::Place;

const CROSSINGS: &str = "crossing_id;version;direction;crossed_at;recorded_on;checkpoint;surname;given_names;sex;\
birth_date;nationality;doc_type;doc_number;doc_issuer;doc_expiry;mrz1;mrz2;purpose;migration_card;visa_no";
const INSURED: &str = "record_id\tversion\tsnils\tsurname\tgiven\tpatronymic\tbirth_date\tsex\temployer_ogrn\t\
insured_from\tinsured_to\tdoc_number\trecorded_on";
/// Between the first and the second delivery.
const BETWEEN: &str = "2025-12-10T12:00:00Z";

fn crossing(version: u32, document: &str) -> String {
    format!(
        "BX0000000001;{version};IN;2025-11-20T10:00:00+03:00;2025-11-20;A-SVO;KARIMOV;JASUR;M;19900529;UZB;P;\
         {document};UZB;20300101;;;05;1234 1234567;"
    )
}

fn run_at(place: &Place, start: &str, arguments: &[&str]) -> Value {
    place.json(0, &[&["--simulated-start", start], arguments].concat())
}

/// Delivers extracts at a time, and links.
fn deliver(place: &Place, start: &str, files: &[(&str, String)]) {
    let folder = place.path(&start.replace(':', "-"));
    for (path, content) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    run_at(place, start, &["ingest", &folder.to_string_lossy()]);
    run_at(place, &start.replace("T06", "T07"), &["link"]);
}

fn insured(version: u32, document: &str) -> String {
    format!(
        "IN0000000001\t{version}\t458-028-983 18\tКаримов\tЖасур\t\t1990-05-29\tМ\t1137787637536\t2025-11-21\t\t\
         {document}\t2025-11-22"
    )
}

/// One person, of whom both records name another passport a day later; and a line that cannot be read.
fn place() -> Place {
    let place = Place::new();
    let both = |version, document| {
        [
            (
                "border/crossings.csv",
                format!("{CROSSINGS}\n{}\n", crossing(version, document)),
            ),
            (
                "sfr/insured.csv",
                format!("{INSURED}\n{}\n", insured(version, document)),
            ),
        ]
    };
    deliver(&place, "2025-12-10T06:00:00Z", &both(1, "FA1234567"));
    let mut second = both(2, "FB7654321");
    second[0].1.push_str("spoilt;line\n");
    deliver(&place, "2025-12-11T06:00:00Z", &second);
    place
}

const NOW: &str = "2025-12-12T06:00:00Z";

fn found(place: &Place, status: i32, query: &[&str]) -> Vec<Value> {
    let arguments = [&["--simulated-start", NOW, "find", "--purpose", "support"], query].concat();
    let found = place.json(status, &arguments);
    found["candidates"].as_array().unwrap().clone()
}

#[test]
fn a_search_finds_what_was_known_then() {
    let place = place();
    let id = found(&place, 0, &["--document", "UZB:FA1234567"])[0]["profile"].clone();
    for query in [
        &["--document", "UZB:FB7654321"][..],
        &["--number", "snils:458-028-983 18"],
        &["--number", "migration_card:1234 1234567"],
        &["--name", "Каримов Жасур", "--born", "1990-05-29"],
        &[
            "--document",
            "UZB:FA1234567",
            "--known-at",
            BETWEEN,
            "--on",
            "2025-11-25",
        ],
    ] {
        assert_eq!(found(&place, 0, query)[0]["profile"], id, "{query:?}");
    }
    let unknown_then = ["--document", "UZB:FB7654321", "--known-at", BETWEEN];
    assert!(found(&place, 1, &unknown_then).is_empty());
    let wrong = place.run(&["find", "--purpose", "support", "--number", "shoe:42"]);
    assert_eq!(wrong.status.code(), Some(2));
    let both = [
        "find",
        "--purpose",
        "support",
        "--number",
        "inn:1",
        "--document",
        "UZB:A1",
    ];
    assert_eq!(place.run(&both).status.code(), Some(2));
}

#[test]
fn profile_status_and_exports_tell_of_both_times() {
    let place = place();
    let id = found(&place, 0, &["--document", "UZB:FA1234567"])[0]["profile"].clone();
    let id = id.as_str().unwrap();
    let documents = |extra: &[&str]| {
        let profile = run_at(&place, NOW, &[&["profile", id], extra].concat());
        let held = profile["identity"]["documents"].as_array().unwrap().clone();
        held.iter()
            .map(|held| held["document"]["number"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(documents(&[]), ["FB7654321"]);
    assert_eq!(documents(&["--known-at", BETWEEN]), ["FA1234567"]);
    run_at(
        &place,
        NOW,
        &["status", id, "--known-at", BETWEEN, "--on", "2025-11-25"],
    );
    let rows = |what: &str, extra: &[&str]| {
        let file = place.path("out.csv");
        let out = file.to_string_lossy().into_owned();
        let arguments = [&["export", what, "--out", &out], extra].concat();
        run_at(&place, NOW, &arguments)["rows"].as_u64().unwrap()
    };
    assert_eq!(rows("links", &[]), 2);
    assert_eq!(rows("links", &["--known-at", "2025-12-09T00:00:00Z"]), 0);
    assert_eq!(
        rows("links", &["--on", "2025-11-20"]),
        1,
        "the crossing of that day"
    );
    assert_eq!(rows("quarantine", &[]), 1);
    assert_eq!(rows("quarantine", &["--known-at", BETWEEN]), 0);
}

#[test]
fn a_withdrawn_proof_is_told_from_a_list() {
    let place = place();
    let id = found(&place, 0, &["--document", "UZB:FA1234567"])[0]["profile"].clone();
    let proof = run_at(&place, NOW, &["prove", id.as_str().unwrap(), "--for", "stay"]);
    let trust = place.path("trust.json").to_string_lossy().into_owned();
    run_at(&place, NOW, &["trust", "--out", &trust]);
    let (text, receipt) = (proof["text"].as_str().unwrap(), &proof["statement"]["credential"]);
    let list = place.path("withdrawn.json");
    let verify = |status: i32, withdrawn: Option<&str>, content: &str| {
        fs::write(&list, content).unwrap();
        let mut arguments = vec!["verify", text, "--trust", &trust, "--at", "2025-12-12T06:10:00Z"];
        arguments.extend(withdrawn.iter().flat_map(|place| ["--withdrawn", place]));
        place.json(status, &arguments)
    };
    let path = list.to_string_lossy().into_owned();
    let row = |id: &str| {
        format!(
            r#"{{"at":"2025-12-12T06:05:00Z","withdrawn":[{{"receipt":"{id}","since":"2025-12-12T06:04:00Z"}}]}}"#
        )
    };
    verify(0, None, "");
    verify(0, Some(&path), &row("0000000000000000"));
    let told = verify(1, Some(&path), &row(receipt.as_str().unwrap()));
    assert_eq!(told["withdrawn"]["withdrawn"], "yes");
    let told = verify(1, Some(&path), "no list");
    assert_eq!(told["withdrawn"]["withdrawn"], "unknown", "which is not a no");
    let told = verify(1, Some("http://127.0.0.1:9"), "");
    assert_eq!(told["withdrawn"]["withdrawn"], "unknown");
}
