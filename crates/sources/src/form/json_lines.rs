//! JSON lines: one object a line.

use std::{io, io::Read, ops::ControlFlow};

use super::json::read_object;
use crate::{
    fault::{ExtractError, Fault},
    pass::Pass,
    text::Charset,
    window::{LineEnd, Window},
};

pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    charset: Charset,
    pass: &mut Pass<'_>,
) -> Result<(), ExtractError> {
    window.expect_first(b'{', pass.file, "JSON lines")?;
    read_lines(window, charset, pass).map_err(ExtractError::reading(pass.file))
}

fn read_lines<R: Read>(window: &mut Window<R>, charset: Charset, pass: &mut Pass<'_>) -> io::Result<()> {
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
                let flow = read_line(number, &window.bytes()[..text], charset, pass);
                window.consume(whole);
                flow
            }
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

fn read_line(number: u64, raw: &[u8], charset: Charset, pass: &mut Pass<'_>) -> ControlFlow<()> {
    if raw.iter().all(u8::is_ascii_whitespace) {
        return ControlFlow::Continue(());
    }
    let text = match charset.decode(raw) {
        Ok(text) => text,
        Err(reason) => return pass.reject_line(number, reason, raw),
    };
    match read_object(&text) {
        Ok(row) => pass.take(number, &row, raw),
        Err(reason) => pass.reject_line(number, reason, raw),
    }
}
