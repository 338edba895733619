//! Tables with separators, line by line.
//!
//! A field never holds a line break in these extracts, so a broken quote costs its own line and no other: the reason why
//! lines are cut first and quotes read second, against RFC 4180.

use std::{borrow::Cow, io, io::Read};

use crate::{
    fault::{ExtractError, Fault, HeaderProblem, Reason},
    mapping::CsvForm,
    pass::Pass,
    row::Node,
    text::Charset,
    window::{LineEnd, UTF8_MARK, Window},
};

pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    charset: Charset,
    form: &CsvForm,
    pass: &mut Pass<'_>,
) -> Result<(), ExtractError> {
    let file = pass.file;
    read_lines(window, charset, form, pass).map_err(|failure| match failure {
        Failure::Io(source) => ExtractError::reading(file)(source),
        Failure::Empty => ExtractError::Empty {
            file: file.to_owned(),
        },
        Failure::Header(problem) => ExtractError::WrongHeader {
            file: file.to_owned(),
            problem,
        },
    })
}

enum Failure {
    Io(io::Error),
    Empty,
    Header(HeaderProblem),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn read_lines<R: Read>(
    window: &mut Window<R>,
    charset: Charset,
    form: &CsvForm,
    pass: &mut Pass<'_>,
) -> Result<(), Failure> {
    let header = read_header(window, charset, form)?;
    loop {
        let number = window.line();
        let flow = match window.find_line_end()? {
            LineEnd::NoLine => return Ok(()),
            LineEnd::TooLong => {
                let reason = Fault::TooLong.because("is longer than a line may be");
                let flow = pass.reject_line(number, reason, window.bytes());
                window.skip_line()?;
                flow
            }
            LineEnd::At { text, whole } => {
                let raw = &window.bytes()[..text];
                let flow = match read_row(raw, charset, form, &header) {
                    Ok(None) => std::ops::ControlFlow::Continue(()),
                    Ok(Some(row)) => pass.take(number, &row, raw),
                    Err(reason) => pass.reject_line(number, reason, raw),
                };
                window.consume(whole);
                flow
            }
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

/// The header's bytes, when it is the one that the mapping expects.
fn read_header<R: Read>(
    window: &mut Window<R>,
    charset: Charset,
    form: &CsvForm,
) -> Result<Vec<u8>, Failure> {
    loop {
        let (text, whole) = match window.find_line_end()? {
            LineEnd::NoLine => return Err(Failure::Empty),
            LineEnd::TooLong => return Err(Failure::Header(HeaderProblem::TooLong)),
            LineEnd::At { text, whole } => (text, whole),
        };
        let raw = window.bytes()[..text].to_vec();
        window.consume(whole);
        if !is_blank(&raw) {
            check_header(&raw, charset, form).map_err(Failure::Header)?;
            return Ok(raw);
        }
    }
}

fn check_header(raw: &[u8], charset: Charset, form: &CsvForm) -> Result<(), HeaderProblem> {
    let text = charset.decode(raw).map_err(|_| HeaderProblem::Encoding)?;
    let found = split(&text, form.separator, usize::MAX).map_err(|_| HeaderProblem::Quotes)?;
    let expected = &form.header;
    if found.len() != expected.len() {
        return Err(HeaderProblem::Count {
            found: found.len(),
            expected: expected.len(),
        });
    }
    match (0..found.len()).find(|&at| found[at].trim() != expected[at]) {
        Some(at) => Err(HeaderProblem::Name {
            at: at + 1,
            expected: expected[at].clone(),
        }),
        None => Ok(()),
    }
}

/// The fields of a line by the names of the header; nothing for a blank line.
fn read_row<'l>(
    raw: &'l [u8],
    charset: Charset,
    form: &'l CsvForm,
    header: &[u8],
) -> Result<Option<Node<'l>>, Reason> {
    if is_blank(raw) {
        return Ok(None);
    }
    if raw.strip_prefix(UTF8_MARK).unwrap_or(raw) == header {
        return Err(Fault::RepeatedHeader.because("is the header again, as when files are joined"));
    }
    let columns = form.header.len();
    let found = match charset.decode(raw)? {
        Cow::Borrowed(text) => split(text, form.separator, columns)?,
        Cow::Owned(text) => {
            let fields = split(&text, form.separator, columns)?;
            fields
                .into_iter()
                .map(|field| Cow::Owned(field.into_owned()))
                .collect()
        }
    };
    if found.len() != columns {
        let detail = match found.len() < columns {
            true => format!("has {} fields where the header has {columns}", found.len()),
            false => format!("has more fields than the header's {columns}"),
        };
        return Err(Fault::WrongColumns.because(detail));
    }
    let names = form.header.iter().map(|name| Cow::Borrowed(name.as_str()));
    Ok(Some(Node::Fields(
        names.zip(found.into_iter().map(Node::Text)).collect(),
    )))
}

fn is_blank(raw: &[u8]) -> bool {
    raw.iter().all(|b| matches!(b, b' ' | b'\r'))
}

/// Cuts a line at the separators outside quotes. Gives up one field after `most`: it is wrong already.
fn split(line: &str, separator: u8, most: usize) -> Result<Vec<Cow<'_, str>>, Reason> {
    let quotes = memchr::memchr_iter(b'"', line.as_bytes()).count();
    if !quotes.is_multiple_of(2) {
        return Err(Fault::BrokenQuote.because("has an odd count of quotes"));
    }
    let mut fields = Vec::new();
    let mut rest = Some(line);
    while let Some(ahead) = rest {
        let (field, after) = match ahead.strip_prefix('"') {
            Some(quoted) => cut_quoted(quoted, separator)?,
            None => match memchr::memchr(separator, ahead.as_bytes()) {
                Some(at) => (Cow::Borrowed(&ahead[..at]), Some(&ahead[at + 1..])),
                None => (Cow::Borrowed(ahead), None),
            },
        };
        fields.push(field);
        rest = after.filter(|_| fields.len() <= most);
    }
    Ok(fields)
}

/// A field after its opening quote, and what follows its separator.
fn cut_quoted(quoted: &str, separator: u8) -> Result<(Cow<'_, str>, Option<&str>), Reason> {
    let bytes = quoted.as_bytes();
    let mut from = 0;
    loop {
        let Some(at) = memchr::memchr(b'"', &bytes[from..]).map(|at| from + at) else {
            return Err(Fault::BrokenQuote.because("has a quote that is not closed"));
        };
        match bytes.get(at + 1) {
            Some(b'"') => from = at + 2,
            Some(next) if *next != separator => {
                return Err(Fault::BrokenQuote.because("has text after a closing quote"));
            }
            next => {
                let field = match from {
                    0 => Cow::Borrowed(&quoted[..at]),
                    _ => Cow::Owned(quoted[..at].replace("\"\"", "\"")),
                };
                return Ok((field, next.map(|_| &quoted[at + 2..])));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fields(line: &str) -> Result<Vec<String>, Fault> {
        split(line, b';', usize::MAX)
            .map(|fields| fields.into_iter().map(Cow::into_owned).collect())
            .map_err(|reason| reason.fault)
    }

    #[test]
    fn quotes_hold_separators_and_themselves() {
        assert_eq!(
            fields(r#"a;"b;c";"d ""e""";"#).unwrap(),
            ["a", "b;c", "d \"e\"", ""]
        );
        assert_eq!(fields("").unwrap(), [""]);
        assert_eq!(fields(";").unwrap(), ["", ""]);
        assert_eq!(fields(r#""""""""#).unwrap(), ["\"\""]);
        assert_eq!(
            fields(r#"a "b" c;d"#).unwrap(),
            [r#"a "b" c"#, "d"],
            "quotes inside a bare field are its own"
        );
    }

    #[test]
    fn broken_quotes_are_seen() {
        for line in [r#"a;"b;c"#, r#""a"b;c"#, r#""a" ;c"#, r#""a;""b"#, r#""a;""b""c"#] {
            assert_eq!(fields(line), Err(Fault::BrokenQuote), "{line}");
        }
    }

    proptest! {
        /// What a writer of such files writes is read back, whatever the fields hold.
        #[test]
        fn written_fields_come_back(written in prop::collection::vec("[a-z\"; ]{0,6}", 1..6)) {
            let line: Vec<String> = written.iter().map(|field| match field.contains([';', '"']) {
                true => format!("\"{}\"", field.replace('"', "\"\"")),
                false => field.clone(),
            }).collect();
            prop_assert_eq!(fields(&line.join(";")), Ok(written));
        }

        #[test]
        fn no_line_makes_it_panic(line in "[a;\"ё]{0,20}") {
            if let Ok(found) = fields(&line) {
                prop_assert!(!found.is_empty());
            }
        }
    }
}
