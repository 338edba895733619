//! Takes in a delivery: a directory of extracts, each read by the mapping that knows its path.
//!
//! Invariant: one extract's fault never stops the others; a fault of the store stops the run at once, and the same
//! run again goes on where it was cut, for a batch is kept as a whole or not at all.
//! Memory: one batch is being read while at most one waits and one is being stored.

use std::{
    fs::{self, File},
    io,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

use exchange::reading::{Document, Reading};
use jiff::Timestamp;
use records::key::SourceName;
use registry::{
    access::actor::Asker,
    ingest::{Batch, IngestError, IngestReport},
    registry::Registry,
};
use serde::Serialize;
use sources::{extract::Input, fault::ExtractError};
use tokio::sync::mpsc;

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
    #[error("the reader of an extract was cut off")]
    CutOff,
    #[error("while taking in {file}")]
    Ingest { file: String, source: IngestError },
}

/// Takes in every extract under `directory` (or under its `sources/`), in the order of their paths.
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
    let mut known = 0_u32;
    for file in files_under(&root)? {
        let Some(mapping) = reading.mappings.for_path(&file) else {
            report.unknown_files.push(file);
            continue;
        };
        known += 1;
        let extract = Extract {
            root: &root,
            file: &file,
            source: mapping.source(),
        };
        take_extract(registry, asker, reading, extract, &mut report).await?;
    }
    if known == 0 {
        Err(DeliveryError::Nothing(root))
    } else {
        Ok(report)
    }
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

/// One file of a delivery, and the source that it speaks for.
struct Extract<'d> {
    root: &'d Path,
    file: &'d str,
    source: &'d SourceName,
}

async fn take_extract(
    registry: &Registry,
    asker: &Asker,
    reading: &Arc<Reading>,
    extract: Extract<'_>,
    report: &mut DeliveryReport,
) -> Result<(), DeliveryError> {
    let Extract { root, file, source } = extract;
    let (sender, mut receiver) = mpsc::channel::<Batch>(1);
    let reader = tokio::task::spawn_blocking({
        let (reading, path, name, now) = (
            Arc::clone(reading),
            root.join(file),
            file.to_owned(),
            registry.now(),
        );
        move || read_extract(&reading, &path, &name, now, &sender)
    });
    while let Some(batch) = receiver.recv().await {
        let taken = registry.ingest(asker, batch).await;
        let failed = |source| DeliveryError::Ingest {
            file: file.to_owned(),
            source,
        };
        report.counts.add(taken.map_err(failed)?);
    }
    match reader.await.map_err(|_| DeliveryError::CutOff)? {
        Err(error) => report.unreadable.push(chain(&error)),
        // an extract that is sound and holds no line is told of as well
        Ok(()) => report.counts.add(IngestReport::of_nothing(source)),
    }
    Ok(())
}

/// Runs on a thread of its own; a receiver that is gone ends the reading.
fn read_extract(
    reading: &Reading,
    path: &Path,
    name: &str,
    received_at: Timestamp,
    sender: &mpsc::Sender<Batch>,
) -> Result<(), ExtractError> {
    let Some(mapping) = reading.mappings.for_path(name) else {
        return Ok(());
    };
    let input = File::open(path).map_err(|source| ExtractError::Io {
        file: name.to_owned(),
        source,
    })?;
    let document = Document {
        mapping,
        name,
        received_at,
    };
    let mut take = |batch| match sender.blocking_send(batch) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    };
    reading.batches(document, Input::seekable(input), &mut take)
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
