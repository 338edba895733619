//! Reads the extracts of a delivery side by side: reading takes longer than storing what was read.
//!
//! Invariant: the files of one source are read one after the other, in the order given; those of different sources come
//! as they are ready, for no source's records change another's.
//! Memory: each reader holds the batch that it reads; one more waits.

use std::{
    collections::VecDeque,
    fs::File,
    ops::ControlFlow,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread::available_parallelism,
};

use exchange::reading::{Document, Reading};
use jiff::Timestamp;
use records::key::SourceName;
use registry::ingest::Batch;
use sources::{extract::Input, fault::ExtractError};
use tokio::{sync::mpsc, task::JoinSet};

/// Readers at the most: the store takes one batch at a time.
const READERS_MAX: usize = 4;

/// One file of a delivery, and the source that it speaks for.
#[derive(Clone)]
pub(crate) struct Extract {
    pub(crate) path: PathBuf,
    /// As it is named in evidence.
    pub(crate) file: String,
    pub(crate) source: SourceName,
}

/// What comes of an extract: batches, then its end.
pub(crate) enum Read {
    Batch(Extract, Batch),
    End(Extract, Result<(), ExtractError>),
}

/// A reader died.
#[derive(Debug, thiserror::Error)]
#[error("the reader of an extract was cut off")]
pub(crate) struct CutOff;

/// Readers at work. Dropping them ends the reading.
pub(crate) struct Readers {
    read: mpsc::Receiver<Read>,
    threads: JoinSet<()>,
}

/// Files of one source each, that nobody reads yet.
type Open = Mutex<VecDeque<Vec<Extract>>>;

impl Readers {
    pub(crate) fn start(reading: &Arc<Reading>, extracts: Vec<Extract>, received_at: Timestamp) -> Self {
        let open = Arc::new(Mutex::new(by_source(extracts)));
        let (sender, read) = mpsc::channel(1);
        let many = available_parallelism().map_or(1, |cores| cores.get().min(READERS_MAX));
        let mut threads = JoinSet::new();
        for _ in 0..many {
            let (open, reading, sender) = (Arc::clone(&open), Arc::clone(reading), sender.clone());
            threads.spawn_blocking(move || read_open(&open, &reading, received_at, &sender));
        }
        Self { read, threads }
    }

    /// What is read next; none when all is.
    pub(crate) async fn next(&mut self) -> Result<Option<Read>, CutOff> {
        let next = self.read.recv().await;
        if next.is_none() {
            while let Some(ended) = self.threads.join_next().await {
                ended.map_err(|_| CutOff)?;
            }
        }
        Ok(next)
    }
}

fn by_source(extracts: Vec<Extract>) -> VecDeque<Vec<Extract>> {
    let mut open: VecDeque<Vec<Extract>> = VecDeque::new();
    for extract in extracts {
        match open.iter_mut().find(|files| files[0].source == extract.source) {
            Some(files) => files.push(extract),
            None => open.push_back(vec![extract]),
        }
    }
    open
}

/// Runs on a thread of its own, until nothing is open or nobody receives.
fn read_open(open: &Open, reading: &Reading, received_at: Timestamp, sender: &mpsc::Sender<Read>) {
    // A list from which another thread died taking is whole: it takes in one step.
    let next = || open.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    while let Some(files) = next() {
        for extract in files {
            let outcome = read_extract(&extract, reading, received_at, sender);
            if sender.blocking_send(Read::End(extract, outcome)).is_err() {
                return;
            }
        }
    }
}

fn read_extract(
    extract: &Extract,
    reading: &Reading,
    received_at: Timestamp,
    sender: &mpsc::Sender<Read>,
) -> Result<(), ExtractError> {
    let name = extract.file.as_str();
    let Some(mapping) = reading.mappings.for_path(name) else {
        return Ok(());
    };
    let input = File::open(&extract.path).map_err(|source| ExtractError::Io {
        file: name.to_owned(),
        source,
    })?;
    let document = Document {
        mapping,
        name,
        received_at,
    };
    let mut take = |batch| match sender.blocking_send(Read::Batch(extract.clone(), batch)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    };
    reading.batches(document, Input::seekable(input), &mut take)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extract(source: &str, file: &str) -> Extract {
        Extract {
            path: PathBuf::new(),
            file: file.to_owned(),
            source: SourceName::parse(source).unwrap(),
        }
    }

    #[test]
    fn files_of_one_source_stay_together_and_in_order() {
        let given = [("border", "a"), ("pit", "b"), ("border", "c"), ("border", "d")];
        let open = by_source(given.map(|(source, file)| extract(source, file)).to_vec());
        let names: Vec<Vec<&str>> = open
            .iter()
            .map(|files| files.iter().map(|extract| extract.file.as_str()).collect())
            .collect();
        assert_eq!(names, [vec!["a", "c", "d"], vec!["b"]]);
    }
}
