//! Takes in a delivery: a directory of extracts, each read by the mapping that knows its path.
//!
//! Invariant: one extract's fault never stops the others; a fault of the store stops the run at once, and the same
//! run again goes on where it was cut, for a batch is kept as a whole or not at all.
//! Not here: the reading, which goes on beside the storing ([`readers`](crate::readers)).

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use exchange::reading::Reading;
use registry::{
    access::actor::Asker,
    ingest::{IngestError, IngestReport},
    registry::Registry,
};
use serde::Serialize;

use crate::readers::{CutOff, Extract, Read, Readers};

/// Directories below the delivery's that are looked into.
const DEPTH_MAX: usize = 8;
/// Files that one delivery may hold.
const FILES_MAX: usize = 10_000;

/// What became of a delivery.
#[derive(Debug, Default, Serialize)]
pub(crate) struct DeliveryReport {
    #[serde(flatten)]
    pub(crate) counts: IngestReport,
    /// Extracts that could not be read, or not to their end.
    pub(crate) unreadable: Vec<String>,
    /// Files that no mapping knows.
    pub(crate) unknown_files: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum DeliveryError {
    #[error("{path} could not be listed")]
    List { path: PathBuf, source: io::Error },
    #[error("more than {FILES_MAX} files or {DEPTH_MAX} levels of directories")]
    TooLarge,
    #[error("{0} holds no extract that a mapping knows")]
    Nothing(PathBuf),
    #[error(transparent)]
    CutOff(#[from] CutOff),
    #[error("while taking in {file}")]
    Ingest { file: String, source: IngestError },
}

/// Takes in every extract under `directory` (or under its `sources/`), those of one source in the order of their paths.
pub(crate) async fn take_in(
    registry: &Registry,
    asker: &Asker,
    reading: &Arc<Reading>,
    directory: &Path,
) -> Result<DeliveryReport, DeliveryError> {
    let inner = directory.join("sources");
    let root = if inner.is_dir() {
        inner
    } else {
        directory.to_owned()
    };
    let mut report = DeliveryReport::default();
    let mut extracts = Vec::new();
    for file in files_under(&root)? {
        match reading.mappings.for_path(&file) {
            Some(mapping) => extracts.push(Extract {
                path: root.join(&file),
                source: mapping.source().clone(),
                file,
            }),
            None => report.unknown_files.push(file),
        }
    }
    if extracts.is_empty() {
        return Err(DeliveryError::Nothing(root));
    }
    let mut readers = Readers::start(reading, extracts, registry.now());
    while let Some(read) = readers.next().await? {
        match read {
            Read::Batch(Extract { file, .. }, batch) => {
                let taken = registry.ingest(asker, batch).await;
                let failed = |source| DeliveryError::Ingest { file, source };
                report.counts.add(taken.map_err(failed)?);
            }
            Read::End(_, Err(error)) => report.unreadable.push(chain(&error)),
            // an extract that is sound and holds no line is told of as well
            Read::End(Extract { source, .. }, Ok(())) => report.counts.add(IngestReport::of_nothing(&source)),
        }
    }
    report.unreadable.sort_unstable();
    Ok(report)
}

/// Files below `root` by their path from it, sorted; hidden ones are left out.
fn files_under(root: &Path) -> Result<Vec<String>, DeliveryError> {
    let mut files = Vec::new();
    let mut open = vec![(root.to_owned(), String::new(), 0)];
    while let Some((directory, prefix, depth)) = open.pop() {
        let listed = |source| DeliveryError::List {
            path: directory.clone(),
            source,
        };
        for entry in fs::read_dir(&directory).map_err(listed)? {
            let entry = entry.map_err(listed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let path = format!("{prefix}{name}");
            if entry.path().is_dir() {
                open.push((entry.path(), format!("{path}/"), depth + 1));
            } else {
                files.push(path);
            }
            if files.len() > FILES_MAX || depth > DEPTH_MAX {
                return Err(DeliveryError::TooLarge);
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// An error with its causes, in one line. A cause that the error has told already is not told again.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let told = error.to_string();
        if !text.ends_with(&told) {
            text.push_str(": ");
            text.push_str(&told);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_by_path_and_hidden_ones_stay_out() {
        let root = tempfile::tempdir().unwrap();
        for path in ["b/x.csv", "a.csv", ".hidden", "b/.tmp", "c/d/e.xml"] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        assert_eq!(
            files_under(root.path()).unwrap(),
            ["a.csv", "b/x.csv", "c/d/e.xml"]
        );
    }

    #[test]
    fn a_directory_that_leads_into_itself_ends() {
        let root = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(root.path(), root.path().join("again")).unwrap();
        assert!(matches!(files_under(root.path()), Err(DeliveryError::TooLarge)));
    }
}
