//! Reads one extract by its mapping, row by row.

use std::{
    io::{self, Read, Seek},
    ops::ControlFlow,
};

use jiff::Timestamp;

pub use crate::value::Reference;
use crate::{
    fault::ExtractError,
    form::{csv, json_array, json_lines, parquet, xml},
    mapping::{Form, Mapping},
    outcome::{Outcome, Tally},
    pass::Pass,
    text::find_wide_mark,
    window::Window,
};

/// Bytes that can be read from any place.
pub trait ReadFromAnywhere: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadFromAnywhere for T {}

/// The bytes of an extract.
pub enum Input<'i> {
    /// Read once, front to back: enough for every form but Parquet.
    Stream(Box<dyn Read + 'i>),
    Seekable(Box<dyn ReadFromAnywhere>),
}

impl<'i> Input<'i> {
    pub fn stream(input: impl Read + 'i) -> Self {
        Self::Stream(Box::new(input))
    }

    pub fn seekable(input: impl ReadFromAnywhere + 'static) -> Self {
        Self::Seekable(Box::new(input))
    }
}

impl Read for Input<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stream(input) => input.read(out),
            Self::Seekable(input) => input.read(out),
        }
    }
}

/// Gives every row of the extract to `sink` until that says stop. `file` is how the extract is named in evidence,
/// rejections and errors. An error ends this extract only; what was given out before it stays good.
pub fn read<'p>(
    mapping: &'p Mapping,
    reference: &'p Reference,
    received_at: Timestamp,
    file: &'p str,
    input: Input<'_>,
    sink: &'p mut (dyn FnMut(Outcome) -> ControlFlow<()> + 'p),
) -> Result<Tally, ExtractError> {
    let mut pass = Pass {
        mapping,
        reference,
        received_at,
        file,
        sink,
        tally: Tally::default(),
    };
    if let Form::Parquet { columns } = &mapping.form {
        let Input::Seekable(input) = input else {
            return Err(ExtractError::NotSeekable {
                file: file.to_owned(),
            });
        };
        parquet::read(input, columns, &mut pass)?;
        return Ok(pass.tally);
    }
    let mut window = Window::new(input);
    begin(&mut window, &mapping.form, file)?;
    match &mapping.form {
        Form::Csv(form) => csv::read(&mut window, form, &mut pass)?,
        Form::Xml(form) => xml::read(&mut window, form, &mut pass)?,
        Form::JsonLines(charset) => json_lines::read(&mut window, *charset, &mut pass)?,
        Form::JsonArray(charset) => json_array::read(&mut window, *charset, &mut pass)?,
        Form::Parquet { .. } => {}
    }
    Ok(pass.tally)
}

fn begin<R: Read>(window: &mut Window<R>, form: &Form, file: &str) -> Result<(), ExtractError> {
    let unreadable = |source| ExtractError::Io {
        file: file.to_owned(),
        source,
    };
    window.skip_mark().map_err(unreadable)?;
    if window.bytes().is_empty() {
        return Err(ExtractError::Empty {
            file: file.to_owned(),
        });
    }
    let expected = match form {
        Form::Csv(form) => form.charset,
        Form::Xml(form) => form.charset,
        Form::JsonLines(charset) | Form::JsonArray(charset) => *charset,
        Form::Parquet { .. } => return Ok(()),
    };
    match find_wide_mark(window.bytes()) {
        Some(found) => Err(ExtractError::WrongEncoding {
            file: file.to_owned(),
            found: found.to_owned(),
            expected: expected.name(),
        }),
        None => Ok(()),
    }
}
