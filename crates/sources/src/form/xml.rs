//! XML of one kind of element below a root, one element at a time.
//!
//! An element is cut out by its tags and then read by itself (`element`), so one that is broken costs no other: reading
//! goes on at the next element of its kind. A document type is refused as a whole: without one there are no entities to
//! expand and nothing outside the file to fetch.

mod cut;
mod element;

use std::{io, io::Read, ops::ControlFlow};

use self::cut::{Extent, begins_element, end_tag, extent, is_declaration, section};
use crate::{
    fault::{ExtractError, Fault, Reason},
    mapping::XmlForm,
    pass::Pass,
    text::Charset,
    window::{RECORD_BYTES_MAX, Window},
};

/// How far the root element may be from the beginning.
const PROLOGUE_BYTES_MAX: usize = 64 << 10;

/// The longest comment between elements. A longer one is set aside line by line.
const COMMENT_BYTES_MAX: usize = 4 << 10;

/// Enough of what comes next to tell what it is.
const LOOK_AHEAD_BYTES: usize = 256;

pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    charset: Charset,
    form: &XmlForm,
    pass: &mut Pass<'_>,
) -> Result<(), ExtractError> {
    let file = pass.file.to_owned();
    let unreadable = ExtractError::reading(pass.file);
    window.grow(PROLOGUE_BYTES_MAX).map_err(&unreadable)?;
    let prologue = match read_prologue(window.bytes(), charset, form) {
        Ok(length) => length,
        Err(problem) => return Err(problem.named(file, charset, form)),
    };
    let empty = window.bytes()[..prologue].ends_with(b"/>");
    window.consume(prologue);
    read_elements(window, charset, form, !empty, pass).map_err(unreadable)
}

enum PrologueProblem {
    Empty,
    NoXml,
    DocumentType,
    Encoding(&'static str),
    Root,
}

impl PrologueProblem {
    fn named(self, file: String, charset: Charset, form: &XmlForm) -> ExtractError {
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
                expected: charset.name(),
            },
            Self::Root => ExtractError::WrongRoot {
                file,
                expected: form.root.clone(),
            },
        }
    }
}

/// Length of all that comes before the first element: declaration, comments, the tag of the root.
fn read_prologue(bytes: &[u8], charset: Charset, form: &XmlForm) -> Result<usize, PrologueProblem> {
    let mut at = 0;
    loop {
        at += bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let ahead = &bytes[at..];
        if ahead.is_empty() {
            return Err(PrologueProblem::Empty);
        }
        if is_declaration(ahead) {
            return Err(PrologueProblem::DocumentType);
        }
        if begins_element(ahead, &form.root) {
            let end = memchr::memchr(b'>', ahead).ok_or(PrologueProblem::NoXml)?;
            return Ok(at + end + 1);
        }
        if ahead.starts_with(b"<") && ahead.get(1).is_some_and(u8::is_ascii_alphabetic) {
            return Err(PrologueProblem::Root);
        }
        let length = section(ahead).flatten().ok_or(PrologueProblem::NoXml)?;
        if ahead.starts_with(b"<?") {
            check_declaration(&ahead[..length], charset)?;
        }
        at += length;
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
        Some(found) => Err(PrologueProblem::Encoding(found.name())),
        None => Err(PrologueProblem::Encoding("an unknown encoding")),
    }
}

fn read_elements<R: Read>(
    window: &mut Window<R>,
    charset: Charset,
    form: &XmlForm,
    mut open: bool,
    pass: &mut Pass<'_>,
) -> io::Result<()> {
    loop {
        let first = window.find_first()?;
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
            read_next(window, charset, form, pass)?
        } else if let Some(length) = end_tag(ahead, &form.root).filter(|_| open) {
            open = false;
            window.consume(length);
            ControlFlow::Continue(())
        } else if let Some(length) = find_comment(window)? {
            window.consume(length);
            ControlFlow::Continue(())
        } else {
            let declares = is_declaration(window.bytes());
            open |= begins_element(window.bytes(), &form.root);
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
    if !window.bytes().starts_with(b"<!--") && !window.bytes().starts_with(b"<?") {
        return Ok(None);
    }
    window.grow(COMMENT_BYTES_MAX)?;
    let within = &window.bytes()[..window.bytes().len().min(COMMENT_BYTES_MAX)];
    Ok(section(within).flatten())
}

fn read_next<R: Read>(
    window: &mut Window<R>,
    charset: Charset,
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
    let flow = match charset.decode(raw) {
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
    // the last bytes in view may be the beginning of a tag
    let kept = form.element.len() + 2;
    let mut from = 1;
    loop {
        window.grow(from + kept + 1)?;
        let ahead = window.bytes();
        let marks = memchr::memchr2_iter(b'\n', b'<', &ahead[from.min(ahead.len())..]).map(|at| from + at);
        let stop = marks
            .filter(|&at| ahead[at] == b'\n' || begins_element(&ahead[at..], &form.element))
            .map(|at| at + usize::from(ahead[at] == b'\n'))
            .next();
        if let Some(stop) = stop {
            window.consume(stop);
            return Ok(());
        }
        let passed = ahead.len();
        if window.ended() {
            window.consume(passed);
            return Ok(());
        }
        window.consume(passed - kept);
        from = 0;
    }
}
