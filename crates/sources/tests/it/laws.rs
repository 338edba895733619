//! Laws of reading: nothing is lost, and damage stays where it is.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::setting::{MAPPINGS, collect_bytes, example};

/// Lines of an example that are taken into a case.
const LINES: usize = 8;

/// The first lines of an example, closed as its form wants it.
fn short(path: &str) -> (Vec<Vec<u8>>, &'static [u8]) {
    let lines = example(path)
        .split(|b| *b == b'\n')
        .take(LINES)
        .map(<[u8]>::to_vec)
        .collect();
    let close: &[u8] = match path.rsplit('.').next() {
        Some("xml") => b"</arrival_forms>\n",
        Some("json") => b"]\n",
        _ => b"",
    };
    (lines, close)
}

fn joined(lines: &[Vec<u8>], close: &[u8]) -> Vec<u8> {
    [&lines.join(&b'\n'), &b"\n"[..], close].concat()
}

fn text_extracts() -> Vec<&'static str> {
    MAPPINGS
        .iter()
        .map(sources::mapping::Mapping::path)
        .filter(|path| !path.ends_with("parquet"))
        .collect()
}

#[derive(Clone, Debug)]
enum Damage {
    Replace(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    Cut(prop::sample::Index),
}

impl Damage {
    fn apply(&self, line: &mut Vec<u8>) {
        match self {
            Self::Replace(at, with) => {
                let at = at.index(line.len());
                let end = line.len().min(at + with.len());
                line.splice(at..end, with.iter().copied());
            }
            Self::Remove(at) => {
                line.remove(at.index(line.len()));
            }
            Self::Insert(at, with) => {
                let at = at.index(line.len() + 1);
                line.splice(at..at, with.iter().copied());
            }
            Self::Cut(at) => line.truncate(at.index(line.len())),
        }
    }
}

/// Bytes that mean something to one form or another, and any others, but no line break.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let marks = prop::sample::select(vec![
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ";",
        "\t",
        "<",
        ">",
        "&",
        "</form>",
        "<form>",
        "<form id='",
        "<!--",
        "<![CDATA[",
        "<?",
        "\u{feff}",
        "\r",
        "\u{0}",
        "'",
    ]);
    let any_bytes = prop::collection::vec(any::<u8>().prop_filter("a line stays one", |b| *b != b'\n'), 1..6);
    prop_oneof![marks.prop_map(|mark| mark.as_bytes().to_vec()), any_bytes]
}

fn damage() -> impl Strategy<Value = Damage> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        (index(), piece()).prop_map(|(at, with)| Damage::Replace(at, with)),
        index().prop_map(Damage::Remove),
        (index(), piece()).prop_map(|(at, with)| Damage::Insert(at, with)),
        index().prop_map(Damage::Cut),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Whatever is done to one line, the records of the others are the same as without it, each at its own line.
    #[test]
    fn damage_to_a_line_costs_no_other(
        path in prop::sample::select(text_extracts()),
        line in 2..LINES - 1,
        damages in prop::collection::vec(damage(), 1..4),
    ) {
        let (mut lines, close) = short(path);
        let sound = collect_bytes(path, joined(&lines, close));
        prop_assume!(lines.len() > line + 1 && !lines[line].is_empty());
        for damage in damages.iter().filter(|_| true) {
            if !lines[line].is_empty() {
                damage.apply(&mut lines[line]);
            }
        }
        let spoilt = collect_bytes(path, joined(&lines, close));
        prop_assert_eq!(spoilt.error_text(), "");
        let at = line as u64 + 1;
        let others = |records: &[records::envelope::Record]| -> Vec<_> {
            let others = records.iter().filter(|record| record.evidence.line != at);
            others.map(|record| (record.evidence.line, record.digest)).collect()
        };
        prop_assert_eq!(others(&spoilt.records), others(&sound.records));
        prop_assert!(spoilt.rejected.iter().all(|rejected| rejected.line == at), "{:?}", spoilt.faults());
        let blank = lines[line].iter().all(u8::is_ascii_whitespace);
        let told = spoilt.records.iter().any(|record| record.evidence.line == at) || !spoilt.rejected.is_empty();
        prop_assert!(told || blank || is_structure(path, &lines[line]), "the line is neither record nor rejection");
    }

    /// Every line of a file that is read line by line comes out, is blank, or is the header.
    #[test]
    fn every_line_comes_out(
        path in prop::sample::select(text_extracts()),
        tail in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"\n\r\";,{}|\t ".to_vec())], 0..300),
    ) {
        let by_line = !path.ends_with("xml") && !path.ends_with("json");
        prop_assume!(by_line);
        let (lines, _) = short(path);
        let bytes = [joined(&lines[..2], b""), tail].concat();
        let extract = collect_bytes(path, bytes.clone());
        prop_assert_eq!(extract.error_text(), "");
        let out: BTreeSet<u64> = extract.records.iter().map(|record| record.evidence.line)
            .chain(extract.rejected.iter().map(|rejected| rejected.line)).collect();
        let header = usize::from(path.ends_with("csv"));
        let blank = |line: &[u8]| line.iter().all(|b| b" \r".contains(b) || (header == 0 && b.is_ascii_whitespace()));
        let all: BTreeSet<u64> = bytes.split(|b| *b == b'\n').enumerate().skip(header)
            .filter(|(_, line)| !blank(line)).map(|(at, _)| at as u64 + 1).collect();
        prop_assert_eq!(out, all);
    }

    /// No bytes bring it down.
    #[test]
    fn any_bytes_are_survived(
        path in prop::sample::select(text_extracts()),
        headed in any::<bool>(),
        pieces in prop::collection::vec(prop_oneof![3 => piece(), 1 => Just(b"\n".to_vec())], 0..60),
    ) {
        let (lines, close) = short(path);
        let head = if headed { joined(&lines[..1], b"") } else { Vec::new() };
        collect_bytes(path, [&head, &pieces.concat(), close].concat());
    }
}

/// A line may be damaged into something that is no record and no fault: a comment, a comma.
fn is_structure(path: &str, line: &[u8]) -> bool {
    let text = String::from_utf8_lossy(line);
    let text = text.trim();
    match path.rsplit('.').next() {
        Some("xml") => text.starts_with("<!--") || text.starts_with("<?"),
        Some("json") => text.chars().all(|c| matches!(c, ',' | ']')),
        _ => false,
    }
}
