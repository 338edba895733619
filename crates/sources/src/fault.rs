//! Why a line, or a whole extract, was refused. Texts name fields and kinds, never a value.

use std::{borrow::Cow, fmt, io};

/// What is wrong with a line. [`Fault::word`] is a stable name for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    WrongEncoding,
    ControlCharacter,
    BrokenQuote,
    WrongColumns,
    RepeatedHeader,
    Truncated,
    BrokenJson,
    BrokenXml,
    ForbiddenXml,
    RepeatedElement,
    StrayText,
    TooLong,
    TooDeep,
    MissingElement,
    EmptyField,
    WrongType,
    ImpossibleDate,
    UnreadableDate,
    UnreadableNumber,
    OutOfRange,
    UnknownCode,
    BadId,
    Contradiction,
}

impl Fault {
    pub fn word(self) -> &'static str {
        match self {
            Self::WrongEncoding => "wrong_encoding",
            Self::ControlCharacter => "control_character",
            Self::BrokenQuote => "broken_quote",
            Self::WrongColumns => "wrong_columns",
            Self::RepeatedHeader => "repeated_header",
            Self::Truncated => "truncated",
            Self::BrokenJson => "broken_json",
            Self::BrokenXml => "broken_xml",
            Self::ForbiddenXml => "forbidden_xml",
            Self::RepeatedElement => "repeated_element",
            Self::StrayText => "stray_text",
            Self::TooLong => "too_long",
            Self::TooDeep => "too_deep",
            Self::MissingElement => "missing_element",
            Self::EmptyField => "empty_field",
            Self::WrongType => "wrong_type",
            Self::ImpossibleDate => "impossible_date",
            Self::UnreadableDate => "unreadable_date",
            Self::UnreadableNumber => "unreadable_number",
            Self::OutOfRange => "out_of_range",
            Self::UnknownCode => "unknown_code",
            Self::BadId => "bad_id",
            Self::Contradiction => "contradiction",
        }
    }

    pub(crate) fn because(self, detail: impl Into<Cow<'static, str>>) -> Reason {
        Reason {
            fault: self,
            detail: detail.into(),
        }
    }
}

/// Reads `impossible_date: the calendar lacks it`: the machine's word first, then words for a clerk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub fault: Fault,
    pub detail: Cow<'static, str>,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.fault.word(), self.detail)
    }
}

/// Why an extract cannot be read at all, or not to its end. Records given out before stay good.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    #[error("{file}: is empty")]
    Empty { file: String },
    #[error("{file}: is not {expected}")]
    WrongForm { file: String, expected: &'static str },
    #[error("{file}: is written as {found}, the mapping says {expected}")]
    WrongEncoding {
        file: String,
        found: &'static str,
        expected: &'static str,
    },
    #[error("{file}: its header is not the mapping's: {problem}")]
    WrongHeader { file: String, problem: HeaderProblem },
    #[error("{file}: declares a document type, which may name entities and is refused")]
    DocumentType { file: String },
    #[error("{file}: its root element is not {expected}")]
    WrongRoot { file: String, expected: String },
    #[error("{file}: Parquet needs an input that can be read from any place")]
    NotSeekable { file: String },
    #[error("{file}: {part} is over the bound of {bound}")]
    TooLarge {
        file: String,
        part: &'static str,
        bound: u64,
    },
    #[error("{file}: could not be read")]
    Io { file: String, source: io::Error },
    #[error("{file}: is not readable as Parquet")]
    Parquet {
        file: String,
        source: parquet::errors::ParquetError,
    },
    #[error("{file}: is damaged: it is not what it claims to be")]
    ParquetDamaged { file: String },
}

impl ExtractError {
    /// What a failure to read `file` is.
    pub(crate) fn reading(file: &str) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io {
            file: file.to_owned(),
            source,
        }
    }
}

/// What is wrong with a header. A file without a header begins with a person, so what was found is not told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderProblem {
    #[error("it is no text in the encoding of the mapping")]
    Encoding,
    #[error("its quotes are broken")]
    Quotes,
    #[error("it is longer than a line may be")]
    TooLong,
    #[error("it has {found} columns where {expected} are expected")]
    Count { found: usize, expected: usize },
    #[error("column {at} should be {expected}")]
    Name { at: usize, expected: String },
    #[error("column {name} should be of type {expected}")]
    Type { name: String, expected: &'static str },
}
