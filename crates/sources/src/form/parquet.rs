//! Parquet: aggregates only, and no column beyond those that the mapping names.
//!
//! The file is read from its end by row groups, so the bound is on a row group's column and on what the file claims of
//! itself (`claims`). The reader of the format is trusted to be correct on whole files only: what it panics on is one more kind of
//! damage.

mod claims;
mod compact;

use std::{
    borrow::Cow,
    io::{self, BufReader, Read, Seek, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
};

use jiff::{SignedDuration, civil::date};
use parquet::{
    basic::{Compression, ConvertedType, Type as Physical},
    errors::ParquetError,
    file::{
        metadata::ParquetMetaData,
        reader::{ChunkReader, FileReader, Length},
        serialized_reader::SerializedFileReader,
    },
    record::{Field, Row},
    schema::types::Type as SchemaType,
};

use crate::{
    extract::ReadFromAnywhere,
    fault::{ExtractError, HeaderProblem},
    pass::Pass,
    row::Node,
};

/// A column of one row group, unpacked. Writers make row groups of about a million rows.
const COLUMN_BYTES_MAX: i64 = 64 << 20;

/// Rows of one file; repeated ones take no bytes, so the size of a file does not bound them.
const ROWS_MAX: i64 = 100_000_000;

pub(crate) fn read(
    input: Box<dyn ReadFromAnywhere>,
    columns: &[String],
    pass: &mut Pass<'_>,
) -> Result<(), ExtractError> {
    let file = pass.file.to_owned();
    let source = Source::new(input).map_err(ExtractError::reading(&file))?;
    if source.length == 0 {
        return Err(ExtractError::Empty { file });
    }
    let damaged = || ExtractError::ParquetDamaged { file: file.clone() };
    let reader = survive(|| open(source, columns, &file)).ok_or_else(damaged)??;
    let unreadable = |source| ExtractError::Parquet {
        file: file.clone(),
        source,
    };
    let mut rows = survive(|| reader.get_row_iter(None))
        .ok_or_else(damaged)?
        .map_err(unreadable)?;
    let mut number = 0;
    while let Some(row) = survive(|| rows.next()).ok_or_else(damaged)? {
        let row = row.map_err(unreadable)?;
        number += 1;
        if pass.take(number, &node(&row), b"").is_break() {
            break;
        }
    }
    Ok(())
}

/// What a call into the Parquet reader gives, unless it panics. Nothing that it left half done is used afterwards.
fn survive<T>(call: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(call)).ok()
}

fn open(
    source: Source,
    columns: &[String],
    file: &str,
) -> Result<SerializedFileReader<Source>, ExtractError> {
    let bytes = source.clone();
    check_footer(&bytes, file)?;
    let reader = SerializedFileReader::new(source).map_err(|source| ExtractError::Parquet {
        file: file.to_owned(),
        source,
    })?;
    let metadata = reader.metadata();
    check_columns(metadata, columns).map_err(|problem| ExtractError::WrongHeader {
        file: file.to_owned(),
        problem,
    })?;
    check_sizes(metadata, file)?;
    let sound = metadata.row_groups().iter().all(|group| {
        let columns = group.columns().iter();
        columns.into_iter().all(|column| {
            claims::are_pages_sound(group, column, |at, length| {
                bytes.get_bytes(at, length).ok().map(Into::into)
            })
        })
    });
    match sound {
        true => Ok(reader),
        false => Err(ExtractError::ParquetDamaged {
            file: file.to_owned(),
        }),
    }
}

/// The last bytes of a file: the length of its footer, and the mark of the format.
const TAIL_BYTES: u64 = 8;

/// A footer names four columns, once a row group.
const FOOTER_BYTES_MAX: u64 = 16 << 20;

/// What is no footer at all is left to the reader of the format, which says so.
fn check_footer(source: &Source, file: &str) -> Result<(), ExtractError> {
    let tail = source
        .length
        .checked_sub(TAIL_BYTES)
        .and_then(|at| source.get_bytes(at, TAIL_BYTES as usize).ok());
    let Some([a, b, c, d, b'P', b'A', b'R', b'1']) = tail.as_deref() else {
        return Ok(());
    };
    let length = u64::from(u32::from_le_bytes([*a, *b, *c, *d]));
    if length > FOOTER_BYTES_MAX {
        return Err(ExtractError::TooLarge {
            file: file.to_owned(),
            part: "the footer",
            bound: FOOTER_BYTES_MAX,
        });
    }
    let at = source.length.checked_sub(TAIL_BYTES + length);
    match at.and_then(|at| source.get_bytes(at, length as usize).ok()) {
        Some(footer) if !claims::is_footer_sound(&footer) => Err(ExtractError::ParquetDamaged {
            file: file.to_owned(),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Exactly the columns of the mapping, plain ones: a file with any other could tell of persons.
fn check_columns(metadata: &ParquetMetaData, columns: &[String]) -> Result<(), HeaderProblem> {
    let fields = metadata.file_metadata().schema_descr().root_schema().get_fields();
    if fields.len() != columns.len() {
        return Err(HeaderProblem::Count {
            found: fields.len(),
            expected: columns.len(),
        });
    }
    for (at, (field, column)) in fields.iter().zip(columns).enumerate() {
        if field.name() != column {
            return Err(HeaderProblem::Name {
                at: at + 1,
                expected: column.clone(),
            });
        }
        if !field.is_primitive() || !is_plain(field) {
            return Err(HeaderProblem::Type {
                name: column.clone(),
                expected: "a date, a whole number or text",
            });
        }
    }
    Ok(())
}

fn is_plain(field: &SchemaType) -> bool {
    use ConvertedType as Type;
    let converted = field.get_basic_info().converted_type();
    match field.get_physical_type() {
        Physical::INT32 => matches!(
            converted,
            Type::NONE
                | Type::DATE
                | Type::INT_8
                | Type::INT_16
                | Type::INT_32
                | Type::UINT_8
                | Type::UINT_16
                | Type::UINT_32
        ),
        Physical::INT64 => matches!(converted, Type::NONE | Type::INT_64 | Type::UINT_64),
        Physical::BYTE_ARRAY => converted == Type::UTF8,
        _ => false,
    }
}

fn check_sizes(metadata: &ParquetMetaData, file: &str) -> Result<(), ExtractError> {
    let too_large = |part, bound: i64| ExtractError::TooLarge {
        file: file.to_owned(),
        part,
        bound: bound.unsigned_abs(),
    };
    let rows = metadata
        .row_groups()
        .iter()
        .try_fold(0_i64, |sum, group| sum.checked_add(group.num_rows()));
    if rows.is_none_or(|rows| rows > ROWS_MAX) {
        return Err(too_large("the count of rows", ROWS_MAX));
    }
    for chunk in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let sizes = [chunk.uncompressed_size(), chunk.compressed_size()];
        if !sizes.iter().all(|size| (0..=COLUMN_BYTES_MAX).contains(size)) {
            return Err(too_large("a column of a row group", COLUMN_BYTES_MAX));
        }
        // the decoders of the others expand a page without a bound
        if !matches!(
            chunk.compression(),
            Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_)
        ) {
            return Err(ExtractError::WrongForm {
                file: file.to_owned(),
                expected: "packed by Snappy or Zstandard",
            });
        }
    }
    Ok(())
}

fn node(row: &Row) -> Node<'_> {
    let fields = row.get_column_iter().map(|(name, field)| {
        let value = match field {
            Field::Null => Node::Empty,
            Field::Str(text) => Node::Text(Cow::Borrowed(text)),
            Field::Byte(number) => whole(*number),
            Field::Short(number) => whole(*number),
            Field::Int(number) => whole(*number),
            Field::Long(number) => whole(*number),
            Field::UByte(number) => whole(*number),
            Field::UShort(number) => whole(*number),
            Field::UInt(number) => whole(*number),
            Field::ULong(number) => whole(*number),
            Field::Date(days) => date(1970, 1, 1)
                .checked_add(SignedDuration::from_hours(24 * i64::from(*days)))
                .map_or(Node::Other, |day| Node::Text(Cow::Owned(day.to_string()))),
            // types that no column of a mapping may have
            _ => Node::Other,
        };
        (Cow::Borrowed(name.as_str()), value)
    });
    Node::Fields(fields.collect())
}

fn whole<'n>(number: impl TryInto<u64>) -> Node<'n> {
    number.try_into().map_or(Node::Other, Node::Whole)
}

/// The input as the Parquet reader wants it: many readers over one file.
#[derive(Clone)]
struct Source {
    input: Arc<Mutex<Box<dyn ReadFromAnywhere>>>,
    length: u64,
}

struct Part {
    input: Arc<Mutex<Box<dyn ReadFromAnywhere>>>,
    at: u64,
}

impl Source {
    fn new(mut input: Box<dyn ReadFromAnywhere>) -> io::Result<Self> {
        let length = input.seek(SeekFrom::End(0))?;
        Ok(Self {
            input: Arc::new(Mutex::new(input)),
            length,
        })
    }
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Source {
    type T = BufReader<Part>;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        Ok(BufReader::new(Part {
            input: Arc::clone(&self.input),
            at: start,
        }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<bytes::Bytes> {
        let end = start.checked_add(length as u64).filter(|end| *end <= self.length);
        end.ok_or_else(|| ParquetError::EOF("a part lies outside the file".to_owned()))?;
        let mut part = Vec::with_capacity(length);
        self.get_read(start)?.take(length as u64).read_to_end(&mut part)?;
        match part.len() == length {
            true => Ok(part.into()),
            false => Err(ParquetError::EOF("the file ended early".to_owned())),
        }
    }
}

impl Read for Part {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut input = self
            .input
            .lock()
            .map_err(|_| io::Error::other("the input was left locked"))?;
        input.seek(SeekFrom::Start(self.at))?;
        let count = input.read(out)?;
        self.at += count as u64;
        Ok(count)
    }
}
