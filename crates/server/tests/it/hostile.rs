//! Deliveries that are broken, doubled or hostile, as a whole directory.

use std::{fs, io::Write as _};

use serde_json::Value;

use crate::support::{Place, copy_sources, small_world};

#[test]
fn unreadable_extracts_are_named_and_the_others_go_on() {
    let place = Place::new();
    let delivery = place.path("delivery");
    copy_sources(&small_world(), &delivery);
    fs::write(
        delivery.join("border/crossings.csv"),
        [0_u8, 159, 146, 150, 0, 1, 2],
    )
    .unwrap();
    fs::write(delivery.join("cik/residents.csv"), "").unwrap();
    fs::write(delivery.join("mobile/presence.parquet"), "PAR1 no parquet").unwrap();
    fs::write(
        delivery.join("mvd/arrival_forms.xml"),
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><arrival_forms>&b;</arrival_forms>",
    )
    .unwrap();
    let report = place.json(1, &["ingest", &delivery.to_string_lossy()]);
    let unreadable: Vec<&str> = report["unreadable"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e.as_str().unwrap())
        .collect();
    for file in [
        "border/crossings.csv",
        "cik/residents.csv",
        "mobile/presence.parquet",
        "mvd/arrival_forms.xml",
    ] {
        assert_eq!(
            unreadable.iter().filter(|error| error.starts_with(file)).count(),
            1,
            "{file}: {unreadable:?}"
        );
    }
    assert!(report["sources"]["permits"]["new"].as_u64().unwrap() > 0);
    assert_eq!(report["sources"].get("border"), None);
}

#[test]
fn a_delivery_that_was_cut_goes_on_without_doubling() {
    let (cut, whole) = (Place::new(), Place::new());
    let delivery = cut.path("delivery");
    copy_sources(&small_world(), &delivery);
    let file = delivery.join("employers/contracts.jsonl");
    let text = fs::read(&file).unwrap();
    fs::write(&file, &text[..text.len() / 3]).unwrap();
    cut.json(0, &["ingest", &delivery.to_string_lossy()]);
    fs::write(&file, &text).unwrap();
    cut.json(0, &["ingest", &delivery.to_string_lossy()]);
    whole.json(0, &["ingest", &small_world().join("sources").to_string_lossy()]);
    let records = |place: &Place| {
        place.json(0, &["link"]);
        let links = place.export("links", "source,record_id,profile_id");
        links
            .into_iter()
            .map(|row| (row[0].clone(), row[1].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(records(&cut), records(&whole));
}

#[test]
fn a_version_that_comes_again_with_other_words_is_set_aside() {
    let place = Place::new();
    let delivery = place.path("delivery");
    fs::create_dir_all(delivery.join("fss")).unwrap();
    let header = "record_id,version,snils,benefit_kind,from,to,recorded_on\n";
    let write = |lines: &[&str]| {
        let mut file = fs::File::create(delivery.join("fss/benefits.csv")).unwrap();
        file.write_all([header, &lines.join("\n"), "\n"].concat().as_bytes())
            .unwrap();
    };
    let ingest = || place.json(0, &["ingest", &delivery.to_string_lossy()])["sources"]["fss"].clone();
    write(&["BN0000000001,2,708-645-968 40,maternity,2023-01-02,2023-01-16,2023-01-15"]);
    assert_eq!(ingest()["new"], 1);
    write(&["BN0000000001,1,708-645-968 40,maternity,2023-01-02,2023-01-10,2023-01-05"]);
    assert_eq!(ingest()["earlier"], 1);
    write(&["BN0000000001,2,708-645-968 40,child_care,2023-01-02,2023-01-16,2023-01-15"]);
    assert_eq!(
        (
            ingest()["quarantined"].clone(),
            ingest()["newly_quarantined"].clone()
        ),
        (1.into(), 0.into())
    );
    let lines = place.export("quarantine", "source,file,line,field,reason");
    assert_eq!(lines[0][3..], ["version".to_owned(), "version_reused".to_owned()]);
}

#[test]
fn ids_of_two_sources_never_collide() {
    let place = Place::new();
    let delivery = place.path("delivery");
    fs::create_dir_all(delivery.join("fss")).unwrap();
    fs::create_dir_all(delivery.join("sfr")).unwrap();
    fs::write(
        delivery.join("fss/benefits.csv"),
        "record_id,version,snils,benefit_kind,from,to,recorded_on\n\
         BN0000000001,1,708-645-968 40,maternity,2023-01-02,2023-01-16,2023-01-15\n",
    )
    .unwrap();
    fs::write(
        delivery.join("sfr/insured.csv"),
        "record_id\tversion\tsnils\tsurname\tgiven\tpatronymic\tbirth_date\tsex\temployer_ogrn\tinsured_from\tinsured_to\tdoc_number\trecorded_on\n\
         BN0000000001\t1\t793-831-375 49\tХусанов\tШерзод\t\t1986-11-19\tМ\t1147462858806\t2022-10-22\t\t\t2023-01-01\n",
    )
    .unwrap();
    let report = place.json(0, &["ingest", &delivery.to_string_lossy()]);
    let count = |source: &str| {
        let counts: &Value = &report["sources"][source];
        (counts["new"].as_u64(), counts["quarantined"].as_u64())
    };
    // An id of another source's letters may be refused by a mapping that knows its own; it is never mixed up.
    assert_eq!(count("fss"), (Some(1), Some(0)));
    assert!(matches!(count("sfr"), (Some(1), Some(0)) | (Some(0), Some(1))));
    place.json(0, &["link"]);
    let profiles = place.export("links", "source,record_id,profile_id");
    assert!(profiles.len() == 1 || profiles[0][2] != profiles[1][2]);
}
