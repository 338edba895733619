//! One thing out of shape.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    Warning,
    Error,
}

/// Sorted so that the errors are printed last, where they are seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) weight: Weight,
    /// Relative to the workspace.
    pub(crate) path: String,
    /// From 1; 0 when it is about the file as a whole.
    pub(crate) line: usize,
    pub(crate) message: String,
}

impl Finding {
    pub(crate) fn error(path: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self {
            weight: Weight::Error,
            path: path.into(),
            line,
            message: message.into(),
        }
    }

    pub(crate) fn warning(path: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self {
            weight: Weight::Warning,
            ..Self::error(path, line, message)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.weight {
            Weight::Warning => f.write_str("warning: ")?,
            Weight::Error => f.write_str("error: ")?,
        }
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}
