//! XML of one kind of element below a root, one element at a time.
//!
//! An element is cut out by its tags and then read by itself (`element`), so one that is broken costs no other: reading
//! goes on at the next element of its kind. A document type is refused as a whole: without one there are no entities to
//! expand and nothing outside the file to fetch.

mod cut;
mod element;

use std::{io, io::Read, ops::ControlFlow};

use self::cut::{Extent, begins_element, extent, find_next};
use crate::{
    fault::{ExtractError, Fault, Reason},
    form::json_lines::find_first,
    mapping::XmlForm,
    pass::Pass,
    text::Charset,
    window::{RECORD_BYTES_MAX, Window},
};

/// How far the root element may be from the beginning.
const PROLOGUE_BYTES_MAX: usize = 64 << 10;

/// Enough of what comes next to tell what it is.
const LOOK_AHEAD_BYTES: usize = 256;

pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    form: &XmlForm,
    pass: &mut Pass<'_>,
) -> Result<(), ExtractError> {
    let file = pass.file.to_owned();
    let unreadable = |source| ExtractError::Io {
        file: file.clone(),
        source,
    };
    window.grow(PROLOGUE_BYTES_MAX).map_err(unreadable)?;
    let prologue = match read_prologue(window.bytes(), form) {
        Ok(length) => length,
        Err(problem) => return Err(problem.named(file, form)),
    };
    let empty = window.bytes()[..prologue].ends_with(b"/>");
    window.consume(prologue);
    read_elements(window, form, !empty, pass).map_err(unreadable)
}

enum PrologueProblem {
    Empty,
    NoXml,
    DocumentType,
    Encoding(String),
    Root,
}

impl PrologueProblem {
    fn named(self, file: String, form: &XmlForm) -> ExtractError {
        match self {
            Self::Empty => ExtractError::Empty { file },
            Self::NoXml => ExtractError::WrongForm {
                file,
                expected: "XML",
            },
            Self::DocumentType => ExtractError::DocumentType { file },
            Self::Encoding(found) => ExtractError::WrongEncoding {
                file,
                found,
                expected: form.charset.name(),
            },
            Self::Root => ExtractError::WrongRoot {
                file,
                expected: form.root.clone(),
            },
        }
    }
}

/// Length of all that comes before the first element: declaration, comments, the tag of the root.
fn read_prologue(bytes: &[u8], form: &XmlForm) -> Result<usize, PrologueProblem> {
    let mut at = 0;
    loop {
        at += bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let ahead = &bytes[at..];
        let end = |mark: &[u8]| memchr::memmem::find(ahead, mark).map(|end| end + mark.len());
        if ahead.is_empty() {
            return Err(PrologueProblem::Empty);
        }
        at += if ahead.starts_with(b"<!DOCTYPE") {
            return Err(PrologueProblem::DocumentType);
        } else if ahead.starts_with(b"<?") {
            let length = end(b"?>").ok_or(PrologueProblem::NoXml)?;
            check_declaration(&ahead[..length], form.charset)?;
            length
        } else if ahead.starts_with(b"<!--") {
            end(b"-->").ok_or(PrologueProblem::NoXml)?
        } else if begins_element(ahead, &form.root) {
            return end(b">").map(|length| at + length).ok_or(PrologueProblem::NoXml);
        } else if ahead.starts_with(b"<") && ahead.get(1).is_some_and(u8::is_ascii_alphabetic) {
            return Err(PrologueProblem::Root);
        } else {
            return Err(PrologueProblem::NoXml);
        };
    }
}

/// The encoding that the declaration names must be the one that the mapping reads.
fn check_declaration(declaration: &[u8], charset: Charset) -> Result<(), PrologueProblem> {
    let text = String::from_utf8_lossy(declaration);
    let Some((_, after)) = text.split_once("encoding") else {
        return Ok(());
    };
    let label: String = after
        .chars()
        .skip_while(|c| matches!(c, ' ' | '=' | '"' | '\''))
        .take_while(|c| !matches!(c, '"' | '\'' | ' ' | '?'))
        .take(40)
        .collect();
    match Charset::find(&label) {
        Some(found) if found == charset => Ok(()),
        Some(_) | None => Err(PrologueProblem::Encoding(label)),
    }
}

fn read_elements<R: Read>(
    window: &mut Window<R>,
    form: &XmlForm,
    mut open: bool,
    pass: &mut Pass<'_>,
) -> io::Result<()> {
    loop {
        let first = find_first(window)?;
        window.grow(LOOK_AHEAD_BYTES)?;
        let number = window.line();
        let ahead = window.bytes();
        let flow = if first.is_none() {
            if !open {
                return Ok(());
            }
            open = false;
            pass.reject_line(
                number,
                Fault::Truncated.because("the file ends before its root does"),
                b"",
            )
        } else if begins_element(ahead, &form.element) {
            read_next(window, form, pass)?
        } else if let Some(length) = cut::end_tag(ahead, &form.root).filter(|_| open) {
            open = false;
            window.consume(length);
            ControlFlow::Continue(())
        } else if let Some(length) = find_comment(window)? {
            window.consume(length);
            ControlFlow::Continue(())
        } else {
            let declares = window.bytes().starts_with(b"<!");
            let reason = match declares {
                true => Fault::ForbiddenXml.because("is a declaration, which may name entities"),
                false => Fault::StrayText.because("is not an element of the expected kind"),
            };
            let flow = pass.reject_line(number, reason, b"");
            skip_broken(window, form)?;
            flow
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

/// A comment or processing instruction that ends within the bound.
fn find_comment<R: Read>(window: &mut Window<R>) -> io::Result<Option<usize>> {
    let mark: &[u8] = match window.bytes() {
        [b'<', b'!', b'-', b'-', ..] => b"-->",
        [b'<', b'?', ..] => b"?>",
        _ => return Ok(None),
    };
    window.grow(RECORD_BYTES_MAX)?;
    Ok(memchr::memmem::find(window.bytes(), mark).map(|end| end + mark.len()))
}

fn read_next<R: Read>(
    window: &mut Window<R>,
    form: &XmlForm,
    pass: &mut Pass<'_>,
) -> io::Result<ControlFlow<()>> {
    let number = window.line();
    let length = match find_extent(window, &form.element)? {
        Ok(length) => length,
        Err(reason) => {
            let flow = pass.reject_line(number, reason, window.bytes());
            skip_broken(window, form)?;
            return Ok(flow);
        }
    };
    let raw = &window.bytes()[..length];
    let flow = match form.charset.decode(raw) {
        Ok(text) => match element::read_element(&text) {
            Ok(row) => pass.take(number, &row, raw),
            Err(reason) => pass.reject_line(number, reason, raw),
        },
        Err(reason) => pass.reject_line(number, reason, raw),
    };
    window.consume(length);
    Ok(flow)
}

fn find_extent<R: Read>(window: &mut Window<R>, name: &str) -> io::Result<Result<usize, Reason>> {
    let mut wanted = 4 << 10;
    loop {
        window.grow(wanted)?;
        match extent(window.bytes(), name) {
            Extent::Whole(length) if length <= RECORD_BYTES_MAX => return Ok(Ok(length)),
            Extent::Broken(reason) => return Ok(Err(reason)),
            Extent::Beyond if window.ended() => {
                return Ok(Err(Fault::Truncated.because("ends before its element does")));
            }
            Extent::Beyond if window.bytes().len() <= RECORD_BYTES_MAX => wanted = window.bytes().len() * 2,
            Extent::Whole(_) | Extent::Beyond => {
                return Ok(Err(Fault::TooLong.because("is longer than an element may be")));
            }
        }
    }
}

/// Passes over at least one byte, up to the next element of the kind, the next line, or the end.
fn skip_broken<R: Read>(window: &mut Window<R>, form: &XmlForm) -> io::Result<()> {
    let keep = form.element.len() + 2;
    let mut from = 1;
    loop {
        window.grow(from + keep)?;
        let ahead = window.bytes();
        let line_end = memchr::memchr(b'\n', ahead).map(|at| at + 1);
        let element = find_next(ahead, from.min(ahead.len()), &form.element);
        match (line_end, element) {
            (None, None) if window.ended() => {
                window.consume(window.bytes().len());
                return Ok(());
            }
            (None, None) => {
                // the last bytes may be the beginning of a tag
                window.consume(window.bytes().len() - keep);
                from = 0;
            }
            (end, next) => {
                let stop = [end, next].into_iter().flatten().min().unwrap_or(0);
                window.consume(stop);
                return Ok(());
            }
        }
    }
}
