//! What each extract says, in the words of `records`: the first record of every source of the example world, and the
//! cases that it does not begin with.

use records::{payload::Payload, subject::UnknownParts};

use crate::setting::{MAPPINGS, collect_bytes, example};

const CROSSINGS: &str = "border/crossings.csv";

/// A line of the example in which one column is another.
pub(crate) fn crossing_with(column: &str, value: &str) -> Vec<u8> {
    table_with(CROSSINGS, ';', column, value)
}

pub(crate) fn table_with(path: &str, separator: char, column: &str, value: &str) -> Vec<u8> {
    let bytes = example(path);
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let at = header
        .trim_start_matches('\u{feff}')
        .split(separator)
        .position(|name| name == column)
        .unwrap();
    let mut fields: Vec<&str> = lines.next().unwrap().split(separator).collect();
    fields[at] = value;
    format!("{header}\n{}\n", fields.join(&separator.to_string())).into_bytes()
}

#[test]
fn the_first_record_of_every_source() {
    for mapping in MAPPINGS
        .iter()
        .filter(|mapping| mapping.source().as_str() != "mobile")
    {
        let extract = collect_bytes(mapping.path(), example(mapping.path()));
        insta::assert_json_snapshot!(mapping.source().as_str(), extract.records[0]);
    }
}

#[test]
fn the_same_words_have_the_same_digest_wherever_they_stand() {
    let once = collect_bytes(CROSSINGS, crossing_with("sex", "M"));
    let mut later = crossing_with("sex", "F");
    later.extend(
        crossing_with("sex", "M")
            .split_inclusive(|b| *b == b'\n')
            .nth(1)
            .unwrap(),
    );
    let later = collect_bytes(CROSSINGS, later);
    assert_eq!(once.records[0].digest, later.records[1].digest);
    assert_ne!(once.records[0].digest, later.records[0].digest);
    assert_eq!(later.records[1].evidence.line, 3);
}

#[test]
fn unknown_parts_of_a_birth_date_are_kept_where_the_source_can_say_so() {
    let birth = |bytes: Vec<u8>, path| collect_bytes(path, bytes).records[0].subject.birth.unwrap();
    let known = birth(crossing_with("birth_date", "19850000"), CROSSINGS);
    assert_eq!(
        (known.date.month(), known.unknown_parts),
        (None, UnknownParts::Kept)
    );
    let insured = "sfr/insured.csv";
    let written = birth(table_with(insured, '\t', "birth_date", "1985-01-01"), insured);
    assert_eq!(
        (written.date.month(), written.unknown_parts),
        (Some(1), UnknownParts::WrittenAsOne)
    );
}

#[test]
fn a_slip_is_a_doubt_and_no_rejection() {
    for (column, value, doubted, word) in [
        (
            "mrz2",
            "PE37679031KGZ7204254M3007033<<<<<<<<<<<<<<<6",
            "mrz1",
            "check_digit",
        ),
        ("mrz2", "PE3767903", "mrz1", "odd_shape"),
        ("migration_card", "0313-5251042", "migration_card", "odd_shape"),
        ("visa_no", "12345678", "visa_no", "odd_shape"),
        ("doc_number", "ЖЖ12", "doc_number", "odd_shape"),
        ("birth_date", "20420425", "payload.crossed_on", "backwards"),
    ] {
        let extract = collect_bytes(CROSSINGS, crossing_with(column, value));
        assert_eq!(extract.faults(), [], "{column}");
        let doubt = &extract.records[0].doubts[0];
        assert_eq!(
            (doubt.field.as_str(), doubt.reason.split(':').next()),
            (doubted, Some(word)),
            "{column}"
        );
    }
}

#[test]
fn a_span_that_ends_before_it_begins_is_kept_as_written() {
    let benefits = "fss/benefits.csv";
    let extract = collect_bytes(benefits, table_with(benefits, ',', "to", "2020-01-01"));
    let record = &extract.records[0];
    let Payload::Benefit(benefit) = &record.payload else {
        panic!("another kind")
    };
    assert!(benefit.paid_for.until.unwrap() < benefit.paid_for.from);
    assert_eq!(record.valid.until, Some(record.valid.from));
    assert_eq!(
        record.doubts[0].reason,
        "backwards: is before payload.paid_for.from"
    );
}

#[test]
fn only_a_compulsory_policy_carries_the_persons_number() {
    let policies = "ffoms/policies.csv";
    let compulsory = collect_bytes(policies, table_with(policies, ',', "policy_kind", "OMS"));
    let voluntary = collect_bytes(policies, table_with(policies, ',', "policy_kind", "DMS"));
    assert!(compulsory.records[0].subject.enp.is_some());
    assert!(voluntary.records[0].subject.enp.is_none());
}

#[test]
fn members_of_a_family_come_with_the_notice() {
    let member = "<member relation=\"child\"><surname>Латифова</surname><given>Мадина</given>\
                  <birth_date>2016</birth_date></member>";
    let with = |members: &str| {
        let text = String::from_utf8(example("mvd/arrival_forms.xml")).unwrap();
        let one: Vec<&str> = text.lines().take(3).collect();
        let family = format!("<family arrived=\"with_family\">{members}</family>");
        let one = one
            .join("\n")
            .replace("<family arrived=\"alone\"></family>", &family);
        collect_bytes("mvd/arrival_forms.xml", format!("{one}\n</arrival_forms>\n"))
    };
    for count in 1..3 {
        let extract = with(&member.repeat(count));
        let Payload::ArrivalNotice(notice) = &extract.records[0].payload else {
            panic!("another kind")
        };
        assert_eq!(notice.family.len(), count);
    }
    let spoilt = with(&member.replace("2016", "2016-02-31"));
    assert_eq!(
        spoilt.faults(),
        [(3, "family/member/birth_date", "impossible_date")]
    );
}

#[test]
fn what_a_mapping_does_not_know_is_noticed_and_costs_nothing() {
    let text = String::from_utf8(example("mvd/decisions.jsonl")).unwrap();
    let line = text
        .lines()
        .next()
        .unwrap()
        .replace("{\"decision_id\"", "{\"mood\": \"bad\", \"decision_id\"");
    let extract = collect_bytes("mvd/decisions.jsonl", line);
    let doubts = &extract.records[0].doubts;
    assert!(
        doubts
            .iter()
            .any(|doubt| doubt.reason.starts_with("unknown_element: "))
    );
}
