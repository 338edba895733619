//! Mistakes in mappings show when they are loaded, with the file and the key.

use std::{error::Error, fs};

use sources::{mapping::Mapping, mapping_set::MappingSet};

use crate::setting::{MAPPINGS, root};

fn text(name: &str) -> String {
    fs::read_to_string(root().join("mappings").join(name)).unwrap()
}

/// The messages of the chain, as the edge prints them.
fn refused(name: &str, from: &str, to: &str) -> String {
    let text = text(name);
    assert!(text.contains(from), "{from} is not in {name}");
    let error = Mapping::parse(name, &text.replacen(from, to, 1)).unwrap_err();
    let mut chain = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        chain.push_str(": ");
        chain.push_str(&inner.to_string());
        cause = inner.source();
    }
    chain
}

#[test]
fn every_extract_has_its_mapping() {
    assert_eq!(MAPPINGS.iter().count(), 15);
    let found = MAPPINGS.for_path("./mvd\\permits.csv").unwrap();
    assert_eq!(found.source().as_str(), "permits");
    assert!(MAPPINGS.for_path("mvd/permits.csv.bak").is_none());
    let twice = ["a.toml", "b.toml"].map(|name| (name.to_owned(), text("fss.toml")));
    let error = MappingSet::parse(twice).unwrap_err();
    assert_eq!(
        error.to_string(),
        "b.toml: path is read by another mapping as well"
    );
}

#[test]
fn a_mistake_is_named_with_its_file_and_key() {
    for (from, to, message) in [
        (
            "to = \"subject.snils\"",
            "to = \"subject.snail\"",
            "fss.toml: field subject.snail does not fit what records hold: unknown field `snail`",
        ),
        (
            "to = \"payload.paid_for.until\"",
            "to = \"payload.paid_for.till\"",
            "fss.toml: field payload.paid_for.till does not fit what records hold: unknown field `till`",
        ),
        (
            "kind = \"benefit\"",
            "kind = \"bonus\"",
            "fss.toml: record does not fit what records hold: unknown variant `bonus`",
        ),
        (
            "type = \"snils\"",
            "type = \"snails\"",
            "fss.toml: is not a mapping: ",
        ),
        (
            "separator = \",\"",
            "separator = \",\"\nquote = \"'\"",
            "unknown field `quote`",
        ),
        (
            "source = \"fss\"",
            "source = \"fss\"\nowner = \"me\"",
            "unknown field `owner`",
        ),
        (
            "source = \"fss\"",
            "source = \"F S S\"",
            "a source name is 1 to 32 characters",
        ),
        (
            "separator = \",\"",
            "separator = \", \"",
            "fss.toml: separator is not one ASCII character",
        ),
        (
            "encoding = \"utf-8\"",
            "encoding = \"utf8mb4\"",
            "fss.toml: encoding is not the name of an encoding",
        ),
        (
            "\"snils\", \"benefit_kind\"",
            "\"benefit_kind\"",
            "fss.toml: header has no column snils, which a field reads",
        ),
        (
            "\"snils\", \"benefit_kind\"",
            "\"snils\", \"mood\", \"benefit_kind\"",
            "fss.toml: header has column mood, which is neither read nor unused",
        ),
        (
            "\"child_care\"]",
            "\"child_hair\"]",
            "unknown variant `child_hair`",
        ),
        (
            "codes = [\"temporary_disability\", \"maternity\", \"child_care\"]",
            "codes = \"benefits\"",
            "names the code list benefits, which is not there",
        ),
        (
            "type = \"snils\"",
            "type = \"snils\", shape = \"###\"",
            "fss.toml: field subject.snils has a type that goes otherwise with shape",
        ),
        (
            "to = \"payload.paid_for.until\"",
            "to = \"payload.paid_for.from\"",
            "fss.toml: field payload.paid_for.from is filled twice",
        ),
        (
            "type = \"snils\"",
            "type = \"snils\", when = { \"payload.mood\" = \"good\" }",
            "fss.toml: field subject.snils depends on a field that no earlier line fills",
        ),
        (
            "[\"payload.paid_for.from\", \"payload.paid_for.until\"]",
            "[\"payload.paid_for.from\", \"payload.end\"]",
            "fss.toml: order of payload.end does not fit what records hold: no field fills it",
        ),
    ] {
        let chain = refused("fss.toml", from, to);
        assert!(chain.contains(message), "{chain}\nshould hold\n{message}");
    }
}

#[test]
fn a_field_that_records_need_cannot_be_left_out_or_optional() {
    let without = "  { from = \"benefit_kind\", to = \"payload.benefit_type\", type = \"code\", codes = \
                   [\"temporary_disability\", \"maternity\", \"child_care\"] },\n";
    let chain = refused("fss.toml", without, "").replace('`', "");
    assert!(
        chain.contains("benefit_kind") || chain.contains("missing field benefit_type"),
        "{chain}"
    );
    let chain = refused(
        "med.toml",
        "type = \"day-iso\" },\n  { from = \"result\"",
        "type = \"day-iso\", optional = true },\n  { from = \"result\"",
    );
    assert!(chain.contains("missing field `issued_on`"), "{chain}");
}
