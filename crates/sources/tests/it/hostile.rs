//! Bytes that no agency should send. Each costs its own line or its own file, with a reason that tells nothing of anyone.

use crate::{
    kinds::crossing_with,
    setting::{collect, collect_bytes, example},
};
use sources::extract::Input;

const CROSSINGS: &str = "border/crossings.csv";
const FORMS: &str = "mvd/arrival_forms.xml";
const ENROLMENTS: &str = "minobr/enrolments.json";
const DECISIONS: &str = "mvd/decisions.jsonl";
const PRESENCE: &str = "mobile/presence.parquet";

fn text(path: &str) -> String {
    String::from_utf8_lossy(&example(path)).into_owned()
}

fn lines_joined(lines: &[&str]) -> String {
    lines.join("\n")
}

#[test]
fn a_file_that_cannot_be_read_is_one_clear_error() {
    let wide: Vec<u8> = text(CROSSINGS)
        .trim_start_matches('\u{feff}')
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [&b"\xff\xfe"[..], &wide].concat();
    let noise: Vec<u8> = (0..5000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8 | 1)
        .collect();
    let headless = text(CROSSINGS).lines().skip(1).collect::<Vec<_>>().join("\n");
    for (path, bytes, error) in [
        (CROSSINGS, Vec::new(), "is empty"),
        (CROSSINGS, b"\xef\xbb\xbf".to_vec(), "is empty"),
        (CROSSINGS, b" \n\n".to_vec(), "is empty"),
        (DECISIONS, b"\n".to_vec(), "is empty"),
        (FORMS, b"\n".to_vec(), "is empty"),
        (ENROLMENTS, b"".to_vec(), "is empty"),
        (PRESENCE, b"".to_vec(), "is empty"),
        (
            CROSSINGS,
            wide.clone(),
            "is written as UTF-16 without its mark, or no text, the mapping says UTF-8",
        ),
        (
            CROSSINGS,
            marked,
            "is written as UTF-16LE, the mapping says UTF-8",
        ),
        (
            CROSSINGS,
            headless.into_bytes(),
            "its header is not the mapping's: column 1 should be crossing_id",
        ),
        (
            CROSSINGS,
            b"a;b\n".to_vec(),
            "its header is not the mapping's: it has 2 columns where 20 are expected",
        ),
        (
            CROSSINGS,
            b"a;\"b\n".to_vec(),
            "its header is not the mapping's: its quotes are broken",
        ),
        (
            CROSSINGS,
            b"a\x98;\xff\n".to_vec(),
            "its header is not the mapping's: it is no text in the encoding of the mapping",
        ),
        (DECISIONS, noise.clone(), "is not JSON lines"),
        (DECISIONS, example(FORMS), "is not JSON lines"),
        (ENROLMENTS, noise.clone(), "is not a JSON array"),
        (ENROLMENTS, example(DECISIONS), "is not a JSON array"),
        (FORMS, noise.clone(), "is not XML"),
        (FORMS, example(DECISIONS), "is not XML"),
        (
            FORMS,
            b"<?xml version=\"1.0\"?><html><form/></html>".to_vec(),
            "its root element is not arrival_forms",
        ),
        (
            FORMS,
            b"<?xml version=\"1.0\" encoding=\"koi8-r\"?><arrival_forms/>".to_vec(),
            "is written as KOI8-R, the mapping says UTF-8",
        ),
        (PRESENCE, noise, "is not readable as Parquet"),
        (
            PRESENCE,
            example(PRESENCE)[..400].to_vec(),
            "is not readable as Parquet",
        ),
        (PRESENCE, example(CROSSINGS), "is not readable as Parquet"),
    ] {
        let extract = collect_bytes(path, bytes);
        assert_eq!(extract.error_text(), format!("{path}: {error}"));
        assert!(
            extract.records.is_empty() && extract.rejected.is_empty(),
            "{path}: {error}"
        );
    }
}

#[test]
fn an_input_that_fails_is_an_error_after_what_was_read() {
    struct Failing;
    impl std::io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("cable cut"))
        }
    }
    use std::io::Read as _;
    let bytes = example(CROSSINGS);
    let whole = collect_bytes(CROSSINGS, bytes.clone()).records.len();
    let cut = collect(CROSSINGS, Input::stream(bytes.as_slice().chain(Failing)));
    assert_eq!(cut.error_text(), "border/crossings.csv: could not be read");
    assert!(cut.records.len() < whole);
    let stream = collect(PRESENCE, Input::stream(std::io::empty()));
    assert_eq!(
        stream.error_text(),
        "mobile/presence.parquet: Parquet needs an input that can be read from any place"
    );
}

#[test]
fn a_value_that_spoils_its_line() {
    for (column, value, word) in [
        ("crossing_id", "BX1", "bad_id"),
        ("crossing_id", "XX0365239555", "bad_id"),
        ("crossing_id", "BX٠365239555", "bad_id"),
        ("crossing_id", "", "empty_field"),
        ("version", "0", "out_of_range"),
        ("version", "99999999999999999999", "unreadable_number"),
        ("version", "1.0", "unreadable_number"),
        ("direction", "ACROSS", "unknown_code"),
        ("direction", "in", "unknown_code"),
        ("checkpoint", "A-XXX", "unknown_code"),
        ("nationality", "ZZZ", "unknown_code"),
        ("nationality", "uzb", "unknown_code"),
        ("purpose", "08", "unknown_code"),
        ("birth_date", "19850231", "impossible_date"),
        ("birth_date", "19850015", "impossible_date"),
        ("doc_expiry", "20300000", "impossible_date"),
        ("recorded_on", "2024-02-31", "impossible_date"),
        ("recorded_on", "2024-02", "unreadable_date"),
        ("crossed_at", "2024-02-31T23:10:46+05:00", "impossible_date"),
        ("crossed_at", "2024-01-01T23:10:46", "unreadable_date"),
        ("given_names", "", "empty_field"),
        ("given_names", "A\u{0}B", "control_character"),
        ("given_names", "A\u{1b}[31mB", "control_character"),
    ] {
        let extract = collect_bytes(CROSSINGS, crossing_with(column, value));
        assert_eq!(extract.faults(), [(2, column, word)], "{value:?}");
        let rejected = &extract.rejected[0];
        assert_eq!(rejected.source.as_str(), "border");
        assert_eq!(rejected.file, CROSSINGS);
        let told = rejected.reason.to_string();
        assert!(told.starts_with(&format!("{word}: ")));
        assert!(
            value.len() < 4 || !told.contains(value),
            "{told} repeats the value"
        );
    }
    let long = collect_bytes(CROSSINGS, crossing_with("surname", &"X".repeat(5000)));
    assert_eq!(long.faults(), [(2, "surname", "too_long")]);
}

#[test]
fn a_broken_line_of_a_table_costs_no_other() {
    let example = text(CROSSINGS);
    let lines: Vec<&str> = example.lines().take(4).collect();
    let [header, one, two, three] = lines[..] else {
        panic!("too few lines")
    };
    let truncated = &two[..two.len() / 2];
    let quoted = two.replacen(';', ";\"", 1);
    let wide = format!("{two};x");
    let bom_header = header.to_owned();
    for (spoilt, word) in [
        (truncated, "wrong_columns"),
        (&quoted, "broken_quote"),
        (&wide, "wrong_columns"),
        (&bom_header, "repeated_header"),
        (header.trim_start_matches('\u{feff}'), "repeated_header"),
        ("\u{0}\u{0}\u{0}", "wrong_columns"),
        (";", "wrong_columns"),
    ] {
        for end in ["\n", "\r\n"] {
            let bytes = [header, one, spoilt, "", " ", three].join(end);
            let extract = collect_bytes(CROSSINGS, bytes);
            assert_eq!(extract.faults(), [(3, "", word)]);
            assert_eq!(extract.records.len(), 2);
            assert_eq!(extract.records[1].evidence.line, 6);
        }
    }
    let ids = collect_bytes(CROSSINGS, lines_joined(&[header, truncated, &quoted]));
    let id = two.split(';').next();
    assert!(
        ids.rejected
            .iter()
            .all(|rejected| rejected.record_id.as_ref().map(|id| id.as_str()) == id)
    );
}

#[test]
fn an_undefined_byte_costs_its_line() {
    let path = "mvd/permits.csv";
    let mut bytes = example(path);
    let second = bytes.iter().position(|b| *b == b'\n').unwrap() + 40;
    bytes[second] = 0x98;
    let extract = collect_bytes(path, bytes);
    assert_eq!(extract.faults(), [(2, "", "wrong_encoding")]);
    assert!(extract.rejected[0].record_id.is_some());
}

#[test]
fn a_file_sent_twice_in_one_says_so_and_loses_nothing() {
    for path in [CROSSINGS, DECISIONS, ENROLMENTS, FORMS] {
        let once = collect_bytes(path, example(path));
        let twice = collect_bytes(path, example(path).repeat(2));
        assert_eq!(twice.records.len(), 2 * once.records.len(), "{path}");
        assert_eq!(twice.error_text(), "");
        let of_its_own = once.rejected.len();
        let words = twice.rejected.iter().map(|r| r.reason.fault.word());
        let said: Vec<&str> = words
            .filter(|word| matches!(*word, "repeated_header" | "stray_text"))
            .collect();
        let expected: &[&str] = match path {
            DECISIONS => &[],
            CROSSINGS => &["repeated_header"],
            // what opens it a second time
            _ => &["stray_text"],
        };
        assert_eq!(said, expected, "{path}");
        assert_eq!(twice.rejected.len(), 2 * of_its_own + said.len(), "{path}");
    }
}

#[test]
fn json_that_is_none() {
    let example = text(DECISIONS);
    let line = example.lines().next().unwrap();
    let twice = line.replace("\"version\": 1", "\"version\": 1, \"version\": 1");
    let huge = line.replace("\"version\": 1", "\"version\": 1e400");
    let negative = line.replace("\"version\": 1", "\"version\": -1");
    let number = line.replace("\"region\": \"61\"", "\"region\": 61");
    let nested = line.replace(
        "\"RUSU CRISTINA\"",
        &format!("{}{}", "[".repeat(40), "]".repeat(40)),
    );
    let unknown = line.replace("entry_ban", "amnesty");
    let missing = line.replace("\"official_id\"", "\"official\"");
    let raw = line.replace("\"61\"", "\"6\u{1}\"");
    let object = line.replace("\"61\"", "{\"code\": \"61\"}");
    for (spoilt, field, word) in [
        (&line[..line.len() / 2], "", "truncated"),
        (&line.replacen(':', "", 1), "", "broken_json"),
        (&format!("{line}}}"), "", "broken_json"),
        (&raw, "", "broken_json"),
        ("null", "", "broken_json"),
        ("[1]", "", "broken_json"),
        (&twice, "", "repeated_element"),
        (&huge, "", "broken_json"),
        (&nested, "", "too_deep"),
        (&negative, "version", "wrong_type"),
        (&number, "region", "wrong_type"),
        (&object, "region", "wrong_type"),
        (&unknown, "kind", "unknown_code"),
        (&missing, "official_id", "missing_element"),
    ] {
        let extract = collect_bytes(DECISIONS, lines_joined(&[line, spoilt, "", line]));
        assert_eq!(extract.faults(), [(2, field, word)], "{spoilt}");
        assert_eq!(extract.records.len(), 2);
    }
}

#[test]
fn an_array_is_read_however_it_is_laid_out() {
    let whole = collect_bytes(ENROLMENTS, example(ENROLMENTS)).records;
    let value: serde_json::Value = serde_json::from_slice(&example(ENROLMENTS)).unwrap();
    let pretty = collect_bytes(ENROLMENTS, serde_json::to_vec_pretty(&value).unwrap());
    let dense = collect_bytes(ENROLMENTS, serde_json::to_vec(&value).unwrap());
    for extract in [pretty, dense] {
        assert_eq!(extract.faults(), []);
        assert_eq!(extract.records.len(), whole.len());
        assert!(
            extract
                .records
                .iter()
                .zip(&whole)
                .all(|(laid, plain)| laid.digest == plain.digest)
        );
    }
}

#[test]
fn a_broken_object_of_an_array_costs_no_other() {
    let example = text(ENROLMENTS);
    let lines: Vec<&str> = example.lines().take(4).collect();
    let [open, one, two, three] = lines[..] else {
        panic!("too few lines")
    };
    let three = three.trim_end_matches(',');
    for (spoilt, word) in [
        (&two[..two.len() / 2], "truncated"),
        (&two.replacen("\": ", "\" ", 1), "broken_json"),
        (&two.replacen('{', "{{", 1), "truncated"),
        (&two.replacen("\",", "\",}", 1), "broken_json"),
        (&two.replacen("\"", "", 1), "truncated"),
        ("true,", "stray_text"),
        ("\u{0}", "stray_text"),
        (&format!("{},", "{\"a\":".repeat(1000)), "too_deep"),
    ] {
        let extract = collect_bytes(ENROLMENTS, lines_joined(&[open, one, spoilt, three, "]", ""]));
        assert_eq!(extract.records.len(), 2, "{spoilt}");
        assert!(
            extract.rejected.iter().all(|rejected| rejected.line == 3),
            "{:?}",
            extract.faults()
        );
        assert_eq!(extract.faults()[0].2, word, "{spoilt}");
    }
    let open_ended = collect_bytes(ENROLMENTS, lines_joined(&[open, one]));
    assert_eq!(open_ended.faults(), [(2, "", "truncated")]);
    assert_eq!(open_ended.records.len(), 1);
}

#[test]
fn a_broken_element_costs_no_other() {
    let example = text(FORMS);
    let lines: Vec<&str> = example.lines().take(5).collect();
    let [declaration, root, one, two, three] = lines[..] else {
        panic!("too few lines")
    };
    let half = two.char_indices().nth(two.chars().count() / 2).unwrap().0;
    for (spoilt, field, word) in [
        (&two[..half], "", "truncated"),
        (&two.replace("</sex>", ""), "", "broken_xml"),
        (&two.replace("<sex>", "<sex"), "", "broken_xml"),
        (&two.replace("<form id=\"", "<form id="), "", "broken_xml"),
        (&two.replace("</form>", ""), "", "truncated"),
        (&two.replace("<form id", "<from id"), "", "stray_text"),
        (&two.replace("<sex>", "<!-- <sex>"), "", "truncated"),
        (&two.replace("<sex>", "<![CDATA[<sex>"), "", "broken_xml"),
        (&two.replace("<sex>", "&lol;<sex>"), "", "forbidden_xml"),
        (
            &two.replace("<sex>", "<!DOCTYPE x [<!ENTITY a \"b\">]><sex>"),
            "",
            "forbidden_xml",
        ),
        ("<!ENTITY lol \"lol\">", "", "forbidden_xml"),
        (&two.replace("<sex>", &"<a>".repeat(1000)), "", "too_deep"),
        (
            &two.replace(
                "<sex>",
                &format!("{}{}<sex>", "<a>".repeat(100), "</a>".repeat(100)),
            ),
            "",
            "too_deep",
        ),
        (
            &two.replace("<sex>", "<sex>1</sex><sex>"),
            "sex",
            "repeated_element",
        ),
        (
            &two.replace("citizenship", "nationality"),
            "citizenship",
            "missing_element",
        ),
        (
            &two.replace("stay entered", "stay left"),
            "stay@entered",
            "missing_element",
        ),
    ] {
        let all = [
            declaration,
            root,
            one,
            spoilt,
            "<!-- a note -->",
            three,
            "</arrival_forms>",
            "",
        ];
        let extract = collect_bytes(FORMS, lines_joined(&all));
        assert_eq!(extract.records.len(), 2, "{spoilt}");
        assert_eq!(extract.faults(), [(4, field, word)], "{spoilt}");
        assert_eq!(extract.records[1].evidence.line, 6);
    }
    let open_ended = collect_bytes(FORMS, lines_joined(&[declaration, root, one, ""]));
    assert_eq!(open_ended.faults(), [(4, "", "truncated")]);
}

#[test]
fn a_document_type_is_refused_before_anything_is_read() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE arrival_forms [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;\">]>\n\
                <arrival_forms><form>&b;</form></arrival_forms>";
    let outside = "<!DOCTYPE arrival_forms SYSTEM \"file:///etc/passwd\"><arrival_forms/>";
    for text in [bomb, outside] {
        let extract = collect_bytes(FORMS, text);
        assert_eq!(
            extract.error_text(),
            "mvd/arrival_forms.xml: declares a document type, which may name entities and is refused"
        );
    }
    let empty = collect_bytes(FORMS, "<arrival_forms/>");
    assert_eq!((empty.error_text().as_str(), empty.rejected.len()), ("", 0));
}
