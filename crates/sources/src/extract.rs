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
    mapping::{Form, Layout, Mapping},
    outcome::{Outcome, Tally},
    pass::Pass,
    text::{Charset, find_foreign_start},
    transcode::Transcode,
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
    match &mapping.form {
        Form::Parquet { columns } => match input {
            Input::Seekable(input) => parquet::read(input, columns, &mut pass)?,
            Input::Stream(_) => {
                return Err(ExtractError::NotSeekable {
                    file: file.to_owned(),
                });
            }
        },
        Form::Text { charset, layout } if charset.needs_transcoding() => {
            let input = Transcode::new(input, charset.decoder());
            read_text(Window::new(input), *charset, layout, &mut pass)?;
        }
        Form::Text { charset, layout } => {
            let mut window = Window::new(input);
            check_start(&mut window, *charset, file)?;
            read_text(window, *charset, layout, &mut pass)?;
        }
    }
    Ok(pass.tally)
}

fn read_text<R: Read>(
    mut window: Window<R>,
    charset: Charset,
    layout: &Layout,
    pass: &mut Pass<'_>,
) -> Result<(), ExtractError> {
    window.skip_mark().map_err(ExtractError::reading(pass.file))?;
    match layout {
        Layout::Csv(form) => csv::read(&mut window, charset, form, pass),
        Layout::Xml(form) => xml::read(&mut window, charset, form, pass),
        Layout::JsonLines => json_lines::read(&mut window, charset, pass),
        Layout::JsonArray => json_array::read(&mut window, charset, pass),
    }
}

fn check_start<R: Read>(window: &mut Window<R>, charset: Charset, file: &str) -> Result<(), ExtractError> {
    window.grow(2).map_err(ExtractError::reading(file))?;
    match find_foreign_start(window.bytes()) {
        Some(found) => Err(ExtractError::WrongEncoding {
            file: file.to_owned(),
            found,
            expected: charset.name(),
        }),
        None => Ok(()),
    }
}
