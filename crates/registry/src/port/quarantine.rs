//! Lines that were set aside: where they stand and what is wrong with them, never what they say.

use async_trait::async_trait;
use jiff::Timestamp;
use records::key::SourceName;
use serde::{Deserialize, Serialize};

use super::StoreError;

/// One line set aside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SetAside {
    pub source: SourceName,
    pub file: String,
    /// From 1; 0 when the file as a whole cannot be read.
    pub line: u64,
    /// The field that is wrong; empty when it is the line.
    pub field: String,
    pub reason: String,
    /// The source's id of the record, where the line still shows it.
    pub id: Option<String>,
}

/// A page of the list ends at a place like this.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetAsidePlace {
    pub source: SourceName,
    pub file: String,
    pub line: u64,
    pub field: String,
    pub reason: String,
}

impl SetAside {
    /// What makes it one row, however often the file is read.
    pub fn place(&self) -> SetAsidePlace {
        SetAsidePlace {
            source: self.source.clone(),
            file: self.file.clone(),
            line: self.line,
            field: self.field.clone(),
            reason: self.reason.clone(),
        }
    }
}

/// The list of lines set aside. The same line for the same reason stands once.
#[async_trait]
pub trait Quarantine {
    /// Adds lines; answers how many were not on the list yet.
    async fn set_aside(&mut self, lines: &[SetAside], at: Timestamp) -> Result<u64, StoreError>;

    /// Lines set aside by `known_at`, those after `after`, by source, file, line, field and reason.
    async fn lines_set_aside(
        &mut self,
        known_at: Timestamp,
        after: Option<&SetAsidePlace>,
        limit: u32,
    ) -> Result<Vec<SetAside>, StoreError>;
}
