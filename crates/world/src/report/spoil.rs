//! Makes a line unreadable in one of the ways that extracts show.
//!
//! Invariant: the id and what stands before it stay, and no line break is added, so the next line is sound.

use super::Source;
use crate::draw::Draw;

const ID_LENGTH: usize = 12;

/// Form of a source's lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv(u8),
    JsonLines,
    JsonArray,
    Xml,
}

const fn form(source: Source) -> Form {
    match source {
        Source::Border | Source::Permits | Source::Med | Source::Cik => Form::Csv(b';'),
        Source::Pit => Form::Csv(b'|'),
        Source::Sfr => Form::Csv(b'\t'),
        Source::Fss | Source::Ffoms | Source::Visas | Source::Accred => Form::Csv(b','),
        Source::Decisions | Source::Contracts => Form::JsonLines,
        Source::Minobr => Form::JsonArray,
        Source::Arrival => Form::Xml,
    }
}

/// Spoils `line` and names the kind of fault.
pub(super) fn spoil(source: Source, line: &mut Vec<u8>, draw: &mut Draw) -> &'static str {
    let kind = match form(source) {
        // A cut or added separator may be hidden by quotes, so a line with quotes gets another fault.
        Form::Csv(_) if line.contains(&b'"') => "impossible_date",
        Form::Csv(_) => *draw.pick(&[
            "wrong_columns",
            "broken_quote",
            "truncated",
            "impossible_date",
            "wrong_encoding",
        ]),
        Form::JsonLines => *draw.pick(&["broken_json", "truncated", "impossible_date", "wrong_encoding"]),
        Form::JsonArray => "impossible_date",
        Form::Xml => *draw.pick(&["missing_element", "impossible_date"]),
    };
    match (kind, form(source)) {
        ("wrong_columns", Form::Csv(separator)) => lose_separator(line, separator, draw),
        ("broken_quote", Form::Csv(separator)) => open_quote(line, separator),
        ("truncated", Form::Csv(separator)) => cut(line, separator, draw),
        ("truncated", _) => {
            let kept = draw.between(60, line.len() as i32 - 10);
            truncate(line, kept as usize);
        }
        ("wrong_encoding", _) => break_encoding(line, source, draw),
        ("missing_element", _) => remove_element(line, "citizenship"),
        ("broken_json", _) => lose_quote(line),
        _ => impossible_date(line, draw),
    }
    kind
}

fn separators(line: &[u8], separator: u8) -> Vec<usize> {
    (0..line.len()).filter(|&at| line[at] == separator).collect()
}

/// Two fields grow together.
fn lose_separator(line: &mut Vec<u8>, separator: u8, draw: &mut Draw) {
    let places = separators(line, separator);
    let at = places[2 + draw.index(places.len() - 2)];
    line.remove(at);
}

fn open_quote(line: &mut Vec<u8>, separator: u8) {
    let places = separators(line, separator);
    line.insert(places[1] + 1, b'"');
}

/// Loses at least the last field.
fn cut(line: &mut Vec<u8>, separator: u8, draw: &mut Draw) {
    let places = separators(line, separator);
    let (first, last) = (places[1] + 1, places[places.len() - 1]);
    let kept = draw.between(first as i32, last as i32) as usize;
    truncate(line, kept);
}

/// Cuts between letters.
fn truncate(line: &mut Vec<u8>, kept: usize) {
    let mut kept = kept;
    // A continuation byte of UTF-8 would make another fault of it; in one-byte files this only moves the cut.
    while kept > 0 && kept < line.len() && line[kept] & 0b1100_0000 == 0b1000_0000 {
        kept -= 1;
    }
    line.truncate(kept);
}

fn break_encoding(line: &mut [u8], source: Source, draw: &mut Draw) {
    let bad: &[u8] = if source.is_windows_1251() {
        &[0x98, 0x98]
    } else {
        &[0xFF, 0xC0]
    };
    let letters: Vec<usize> = (source.id_offset() + ID_LENGTH..line.len().saturating_sub(2))
        .filter(|&at| {
            line[at..at + 2]
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
        })
        .collect();
    let at = if letters.is_empty() {
        line.len() - 2
    } else {
        *draw.pick(&letters)
    };
    line[at..at + 2].copy_from_slice(bad);
}

fn remove_element(line: &mut Vec<u8>, name: &str) {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let find = |needle: &str| {
        line.windows(needle.len())
            .position(|window| window == needle.as_bytes())
    };
    if let (Some(from), Some(to)) = (find(&open), find(&close)) {
        line.drain(from..to + close.len());
    }
}

/// The quote that opens the name of the second member.
fn lose_quote(line: &mut Vec<u8>) {
    let at = line
        .windows(3)
        .position(|window| window == b", \"")
        .map(|at| at + 2);
    if let Some(at) = at {
        line.remove(at);
    }
}

/// The 31st of February in place of one of the line's dates.
fn impossible_date(line: &mut [u8], draw: &mut Draw) {
    let dates: Vec<(usize, bool)> = (0..line.len().saturating_sub(9))
        .filter_map(|at| is_date(line, at).map(|iso| (at, iso)))
        .collect();
    if dates.is_empty() {
        return;
    }
    let (at, is_iso) = *draw.pick(&dates);
    if is_iso {
        line[at + 5..at + 10].copy_from_slice(b"02-31");
    } else {
        line[at..at + 5].copy_from_slice(b"31.02");
    }
}

/// Whether a date stands here, and whether it is written `2024-03-09` rather than `09.03.2024`.
fn is_date(line: &[u8], at: usize) -> Option<bool> {
    let digits = |places: &[usize]| places.iter().all(|place| line[at + place].is_ascii_digit());
    let ends = |place: usize| line.get(place).is_none_or(|sign| !sign.is_ascii_digit());
    if at > 0 && line[at - 1].is_ascii_digit() || !ends(at + 10) {
        return None;
    }
    if line[at + 4] == b'-' && line[at + 7] == b'-' && digits(&[0, 1, 2, 3, 5, 6, 8, 9]) {
        return Some(true);
    }
    if line[at + 2] == b'.' && line[at + 5] == b'.' && digits(&[0, 1, 3, 4, 6, 7, 8, 9]) {
        return Some(false);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Topic;

    #[test]
    fn csv_faults_are_what_they_are_called() {
        let sound = "MC1234567890;1;Бабуров;Шахрух;;1982-11-18;Узбекистан;FA9299293;2023-01-01;fit;ЛО-23-01-003137;2023-01-01";
        let mut draw = Draw::keyed(1, 1, Topic::Report);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..300 {
            let mut line = sound.as_bytes().to_vec();
            let kind = spoil(Source::Med, &mut line, &mut draw);
            seen.insert(kind);
            assert!(line.starts_with(b"MC1234567890;") && !line.contains(&b'\n'));
            let text = String::from_utf8(line.clone());
            match kind {
                "wrong_encoding" => assert!(text.is_err()),
                "broken_quote" => assert_eq!(text.unwrap().matches('"').count() % 2, 1),
                "wrong_columns" | "truncated" => assert!(text.unwrap().matches(';').count() < 11),
                "impossible_date" => assert!(text.unwrap().contains("-02-31")),
                other => panic!("{other}"),
            }
        }
        assert_eq!(seen.len(), 5);
    }

    #[test]
    fn json_and_xml_faults_are_what_they_are_called() {
        let json = r#"{"notice_id": "CN0767394553", "version": 1, "worker": {"birth_date": "20.09.1986"}, "recorded_on": "2023-01-03"}"#;
        let xml =
            r#"<form id="AF1" version="1" recorded_on="2023-01-01"><citizenship>ARM</citizenship></form>"#;
        let mut draw = Draw::keyed(1, 2, Topic::Report);
        for _ in 0..200 {
            let mut line = json.as_bytes().to_vec();
            let kind = spoil(Source::Contracts, &mut line, &mut draw);
            assert!(line.starts_with(br#"{"notice_id": "CN0767394553""#));
            match (kind, String::from_utf8(line)) {
                ("wrong_encoding", text) => assert!(text.is_err()),
                ("impossible_date", text) => {
                    let text = text.unwrap();
                    assert!(text.contains("31.02.1986") || text.contains("2023-02-31"));
                }
                ("broken_json", text) => assert!(text.unwrap().contains(", version\"")),
                (_, text) => {
                    let text = text.unwrap();
                    assert_ne!(text.matches('{').count(), text.matches('}').count());
                }
            }
            let mut line = xml.as_bytes().to_vec();
            let kind = spoil(Source::Arrival, &mut line, &mut draw);
            let text = String::from_utf8(line).unwrap();
            assert!(text.ends_with("</form>"));
            assert_eq!(kind == "missing_element", !text.contains("citizenship"));
            assert_eq!(kind == "impossible_date", text.contains("-02-31"));
        }
    }
}
