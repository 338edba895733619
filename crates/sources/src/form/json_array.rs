//! A JSON array of objects, one at a time, however it is laid out.
//!
//! An object is cut out by its brackets and then read by itself, so one that is broken costs no other: after a fault that
//! hides where the object ends, reading goes on at the next line.

use std::{io, io::Read, ops::ControlFlow};

use super::json::{DEPTH_MAX, read_object};
use crate::{
    fault::{ExtractError, Fault, Reason},
    pass::Pass,
    text::Charset,
    window::{RECORD_BYTES_MAX, Window},
};

pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    charset: Charset,
    pass: &mut Pass<'_>,
) -> Result<(), ExtractError> {
    window.expect_first(b'[', pass.file, "a JSON array")?;
    window.consume(1);
    read_objects(window, charset, pass).map_err(ExtractError::reading(pass.file))
}

fn read_objects<R: Read>(window: &mut Window<R>, charset: Charset, pass: &mut Pass<'_>) -> io::Result<()> {
    let mut open = true;
    loop {
        let first = window.find_first()?;
        let number = window.line();
        let flow = match first {
            None if open => {
                open = false;
                pass.reject_line(
                    number,
                    Fault::Truncated.because("the file ends before its array does"),
                    b"",
                )
            }
            None => return Ok(()),
            Some(b'{') => read_next(window, charset, pass)?,
            Some(b',') if open => {
                window.consume(1);
                ControlFlow::Continue(())
            }
            Some(b']') if open => {
                window.consume(1);
                open = false;
                ControlFlow::Continue(())
            }
            Some(b'[') if !open => {
                open = true;
                window.consume(1);
                pass.reject_line(
                    number,
                    Fault::StrayText.because("is another array after the first"),
                    b"",
                )
            }
            Some(_) => {
                let reason = Fault::StrayText.because("is no object of the array");
                let flow = pass.reject_line(number, reason, b"");
                window.skip_line()?;
                flow
            }
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

enum Extent {
    Whole(usize),
    /// The end is not in view.
    Beyond,
    Broken(Reason),
}

fn read_next<R: Read>(
    window: &mut Window<R>,
    charset: Charset,
    pass: &mut Pass<'_>,
) -> io::Result<ControlFlow<()>> {
    let number = window.line();
    let length = match find_extent(window)? {
        Ok(length) => length,
        Err(reason) => {
            let flow = pass.reject_line(number, reason, window.bytes());
            window.skip_line()?;
            return Ok(flow);
        }
    };
    let raw = &window.bytes()[..length];
    let text = charset.decode(raw);
    let read = text.as_deref().map_err(Clone::clone).and_then(read_object);
    Ok(match read {
        Ok(row) => {
            let flow = pass.take(number, &row, raw);
            window.consume(length);
            flow
        }
        Err(reason) => {
            let flow = pass.reject_line(number, reason, raw);
            // brackets of a broken object may have closed by chance, in a line that is sound
            match memchr::memchr(b'\n', raw) {
                Some(end) => window.consume(end + 1),
                None => window.consume(length),
            }
            flow
        }
    })
}

fn find_extent<R: Read>(window: &mut Window<R>) -> io::Result<Result<usize, Reason>> {
    let mut wanted = 4 << 10;
    loop {
        window.grow(wanted)?;
        match extent(window.bytes()) {
            Extent::Whole(length) if length <= RECORD_BYTES_MAX => return Ok(Ok(length)),
            Extent::Broken(reason) => return Ok(Err(reason)),
            Extent::Beyond if window.ended() => {
                return Ok(Err(Fault::Truncated.because("ends before its object does")));
            }
            Extent::Beyond if window.bytes().len() <= RECORD_BYTES_MAX => wanted = window.bytes().len() * 2,
            Extent::Whole(_) | Extent::Beyond => {
                return Ok(Err(Fault::TooLong.because("is longer than an object may be")));
            }
        }
    }
}

/// How far the object goes that begins the bytes.
fn extent(bytes: &[u8]) -> Extent {
    let mut open: Vec<u8> = Vec::with_capacity(DEPTH_MAX);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => match string_end(&bytes[at + 1..]) {
                Ok(Some(length)) => at += length,
                Ok(None) => return Extent::Beyond,
                Err(reason) => return Extent::Broken(reason),
            },
            b'{' | b'[' if open.len() > DEPTH_MAX => {
                return Extent::Broken(Fault::TooDeep.because("nests deeper than a record may"));
            }
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                if open.pop() != Some(byte) {
                    return Extent::Broken(Fault::Truncated.because("ends before its object does"));
                }
                if open.is_empty() {
                    return Extent::Whole(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    Extent::Beyond
}

/// Length of a string with its closing quote. JSON has no line breaks in strings (RFC 8259 section 7).
fn string_end(bytes: &[u8]) -> Result<Option<usize>, Reason> {
    let mut from = 0;
    while let Some(at) = memchr::memchr3(b'"', b'\\', b'\n', &bytes[from..]).map(|at| from + at) {
        match bytes[at] {
            b'"' => return Ok(Some(at + 1)),
            b'\\' => from = (at + 2).min(bytes.len()),
            _ => return Err(Fault::Truncated.because("ends within a text")),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(text: &str) -> Option<usize> {
        match extent(text.as_bytes()) {
            Extent::Whole(length) => Some(length),
            Extent::Beyond | Extent::Broken(_) => None,
        }
    }

    #[test]
    fn an_object_ends_at_its_own_bracket() {
        assert_eq!(length(r#"{"a": {"b": [1, "}"]}}, {"#), Some(22));
        assert_eq!(length(r#"{"a": "\"}"}"#), Some(12));
        assert_eq!(length("{\n\"a\":\n1}"), Some(9));
        assert_eq!(length(r#"{"a": "\"#), None);
        assert_eq!(length("{\"a\": \"b\n\"}"), None);
        assert_eq!(length("{\"a\": [}"), None);
        assert_eq!(length(&"{\"a\":".repeat(50)), None);
    }
}
