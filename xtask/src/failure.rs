//! Why a check could not be made, or what it found.

use std::{fmt, io, path::PathBuf};

#[derive(Debug)]
pub(crate) enum Failure {
    /// Parts that failed, by name.
    Checks(Vec<&'static str>),
    Findings {
        count: usize,
    },
    Program {
        name: String,
        source: io::Error,
    },
    ProgramFailed {
        name: String,
    },
    File {
        path: PathBuf,
        source: io::Error,
    },
    Metadata(serde_json::Error),
    /// What is missing in a document that a check reads.
    Document {
        path: &'static str,
        lacks: &'static str,
    },
    OpenApiChanged,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checks(names) => write!(f, "failed: {}", names.join(", ")),
            Self::Findings { count } => write!(f, "{count} things are out of shape"),
            Self::Program { name, source } => write!(f, "cannot run {name}: {source}"),
            Self::ProgramFailed { name } => write!(f, "{name} failed"),
            Self::File { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Metadata(source) => write!(f, "cargo metadata cannot be read: {source}"),
            Self::Document { path, lacks } => write!(f, "{path} lacks {lacks}"),
            Self::OpenApiChanged => {
                write!(
                    f,
                    "docs/openapi.json is not what the program says: run `cargo xtask openapi`"
                )
            }
        }
    }
}

impl std::error::Error for Failure {}
