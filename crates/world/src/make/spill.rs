//! Lines set aside on disk, chunk after chunk, until all of a day can be brought together.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::{
    day_number::WINDOW_DAYS,
    report::{Outbox, Source},
};

/// The file into which all chunks write, each its run at the end.
pub(super) struct Spill {
    path: PathBuf,
    end: Mutex<(File, u64)>,
}

/// Where the lines of a chunk are: by source and day of recording, one after the other.
pub(super) struct Run {
    start: u64,
    /// Bytes of each day of each source.
    lengths: Vec<u32>,
}

impl Run {
    pub(super) fn source_bytes(&self, source: Source) -> u64 {
        let from = source as usize * WINDOW_DAYS;
        self.lengths[from..from + WINDOW_DAYS]
            .iter()
            .map(|length| u64::from(*length))
            .sum()
    }

    /// Place of the first day of a source.
    pub(super) fn source_start(&self, source: Source) -> u64 {
        let before = source as usize * WINDOW_DAYS;
        let bytes: u64 = self.lengths[..before]
            .iter()
            .map(|length| u64::from(*length))
            .sum();
        self.start + bytes
    }

    pub(super) fn day_bytes(&self, source: Source, day: usize) -> u32 {
        self.lengths[source as usize * WINDOW_DAYS + day]
    }
}

impl Spill {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            end: Mutex::new((File::create(path)?, 0)),
        })
    }

    /// Sorts the lines of an outbox by source and day, and appends them.
    pub(super) fn keep(&self, out: &Outbox<'_>) -> io::Result<Run> {
        let mut lengths = vec![0_u32; Source::COUNT * WINDOW_DAYS];
        let cell = |source: Source, day: usize| source as usize * WINDOW_DAYS + day;
        // A line is recorded within the window: the outbox drops what is not.
        let day = |line: &crate::report::Line| line.recorded.window_index().unwrap_or(0);
        for line in &out.lines {
            lengths[cell(line.source, day(line))] += (line.end - line.start) as u32;
        }
        let mut places = Vec::with_capacity(lengths.len());
        let mut total = 0;
        for length in &lengths {
            places.push(total);
            total += *length as usize;
        }
        let mut sorted = vec![0; total];
        for line in &out.lines {
            let bytes = &out.bytes[line.start..line.end];
            let place = &mut places[cell(line.source, day(line))];
            sorted[*place..*place + bytes.len()].copy_from_slice(bytes);
            *place += bytes.len();
        }
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let start = end.1;
        end.0.write_all(&sorted)?;
        end.1 += sorted.len() as u64;
        Ok(Run { start, lengths })
    }

    pub(super) fn reader(&self) -> io::Result<SpillReader> {
        File::open(&self.path).map(SpillReader)
    }
}

pub(super) struct SpillReader(File);

impl SpillReader {
    /// Appends `length` bytes from `place` to `bytes`.
    pub(super) fn read(&mut self, place: u64, length: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
        let from = bytes.len();
        bytes.resize(from + length, 0);
        self.0.seek(SeekFrom::Start(place))?;
        self.0.read_exact(&mut bytes[from..])
    }
}
