//! The symbol stays small enough for a poor printer and a cheap camera.

use std::collections::BTreeSet;

use credential::{
    Answer, Grant, IssuerId, QrText, Statement, issue,
    qr::qr_modules,
    qr_svg,
    statement::{Condition, REGIONS_MAX},
};
use records::{Day, region::RegionCode};

use crate::support;

/// Version 10: what a 25 mm print still shows a cheap camera.
const MODULES_MAX: usize = 57;

fn largest() -> Statement {
    let regions = (1..=REGIONS_MAX)
        .map(|code| RegionCode::parse(&format!("{code:02}")).unwrap())
        .collect();
    let until = Some(Day::constant(2200, 1, 1));
    let conditions = BTreeSet::from([Condition::NamedEmployer, Condition::NamedProfession]);
    Statement {
        issuer: IssuerId::parse("ABCDEFGHIJKLMNOP").unwrap(),
        answer: Answer::Yes(Grant {
            until,
            regions,
            conditions,
        }),
        not_before: Some(support::noon()),
        ..support::may_work()
    }
}

#[test]
fn the_usual_answer_and_the_largest_fit() {
    for (name, statement, expected) in [
        ("usual", support::may_work(), 53),
        ("largest", largest(), MODULES_MAX),
    ] {
        let text = issue(&statement, &support::issuer()).unwrap();
        let modules = qr_modules(&text).unwrap();
        println!("{name}: {} characters, {modules} modules", text.as_str().len());
        assert!(modules <= expected, "{name}: {modules} modules");
    }
}

#[test]
fn the_text_survives_a_form_that_trims_it() {
    for _ in 0..200 {
        let text: QrText = issue(&support::may_work(), &support::issuer()).unwrap();
        let words: Vec<&str> = text.as_str().split_ascii_whitespace().collect();
        assert_eq!(words.join(" "), text.as_str());
    }
}

#[test]
fn the_image_is_described_and_carries_no_style() {
    let text = issue(&support::may_work(), &support::issuer()).unwrap();
    let svg = qr_svg(&text, "Работа: да <\"&>").unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
    assert!(svg.contains(r#"role="img" aria-label="Работа: да &lt;&quot;&amp;&gt;""#));
    for forbidden in ["style", "script", "id=", "href", "<?xml"] {
        assert!(!svg.contains(forbidden), "{forbidden}");
    }
    assert!(svg.contains(r#"viewBox="0 0 61 61""#));
}
