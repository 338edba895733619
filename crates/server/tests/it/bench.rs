//! `sojourn bench`: figures of a small world, and no figure where the store was not empty.

use crate::support::Place;

#[test]
fn an_intake_is_measured_beside_a_bare_table() {
    let place = Place::new();
    let report = place.json(0, &["bench", "ingest", "--people", "100"]);
    let records = report["records"].as_u64().unwrap();
    assert!(records > 500, "{report}");
    assert_eq!(report["bare_records"], records);
    let ratio = report["ratio"].as_f64().unwrap();
    assert!(ratio > 0.0 && ratio.is_finite(), "{report}");

    let again = place.run(&["bench", "ingest", "--people", "100"]);
    assert_eq!(again.status.code(), Some(2), "the store is not empty any more");
}
