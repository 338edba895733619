//! Every worked case of the pack.

use std::fs;

use crate::support::{RU, folder};

#[test]
fn every_case_of_the_russian_pack_passes() {
    let mut failures = String::new();
    let mut count = 0;
    for entry in fs::read_dir(folder("ru").join("cases")).unwrap() {
        let path = entry.unwrap().path();
        let report = status::cases::run(&fs::read_to_string(&path).unwrap(), &RU);
        count += report.outcomes.len();
        if report.failed() > 0 {
            failures.push_str(&format!("{}\n{report}\n", path.display()));
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count >= 20);
}
