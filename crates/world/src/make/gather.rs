//! Brings the lines of one source together, in order of their recording, and writes its files.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use super::{
    BUFFER_BYTES, Layout, MakeError,
    spill::{Run, Spill, SpillReader},
    write_error,
};
use crate::{
    day_number::{DayNumber, WINDOW_DAYS, WINDOW_START},
    draw::mix,
    report::Source,
    truth,
};

/// A line may stand so many days behind later recorded ones. Sample: 0 to 2.
const BEHIND_DAYS: usize = 3;
/// Letters and digits of an id.
const ID_LENGTH: usize = 12;

/// Writes the file or files of a source; the bytes written.
pub(super) fn gather(
    directory: &Path,
    layout: Layout,
    spill: &Spill,
    runs: &[Run],
    source: Source,
) -> Result<u64, MakeError> {
    let mut days = Days::new(spill, runs, source)?;
    let mut whole = Extract::create(&directory.join("sources"), source)?;
    let whole_days = match layout {
        Layout::Whole => WINDOW_DAYS,
        Layout::DailyFrom(year) => {
            let before = DayNumber::of(year, 1, 1).since(WINDOW_START);
            usize::try_from(before).unwrap_or(0).min(WINDOW_DAYS)
        }
    };
    // The latest days, of which some lines are still to come.
    let mut recent: VecDeque<Day> = VecDeque::new();
    for at in 0..whole_days {
        if recent.len() == BEHIND_DAYS {
            recent.pop_front();
        }
        recent.push_back(days.next(at)?);
        for (behind, day) in (0..recent.len()).rev().zip(&recent) {
            whole.write(day.lines_behind(behind))?;
        }
    }
    // What is behind is let out before the first increment, and at the end.
    for later in 1..BEHIND_DAYS {
        for (behind, day) in (0..recent.len()).rev().zip(&recent) {
            whole.write(day.lines_behind(behind + later))?;
        }
    }
    let mut bytes = whole.finish()?;
    for at in whole_days..WINDOW_DAYS {
        let day = days.next(at)?;
        bytes += daily(directory, source, WINDOW_START.plus(at as i32), &day)?;
    }
    Ok(bytes)
}

/// A folder for one day; none when the source has nothing to say.
fn daily(directory: &Path, source: Source, recorded: DayNumber, day: &Day) -> Result<u64, MakeError> {
    if day.lines.is_empty() {
        return Ok(0);
    }
    let folder = directory
        .join("increments")
        .join(truth::text(recorded))
        .join("sources");
    let mut extract = Extract::create(&folder, source)?;
    extract.write(day.lines())?;
    extract.finish()
}

/// Lines recorded on one day, in the order of their ids.
#[derive(Default)]
struct Day {
    bytes: Vec<u8>,
    lines: Vec<LinePlace>,
}

#[derive(Clone, Copy)]
struct LinePlace {
    start: usize,
    /// Without its LF.
    end: usize,
    /// Days by which it comes later.
    behind: usize,
}

impl Day {
    fn new(bytes: Vec<u8>, source: Source) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let key = id(source, line)
                .iter()
                .fold(0, |key, byte| mix(key ^ u64::from(*byte)));
            lines.push(LinePlace {
                start,
                end: start + line.len() - 1,
                behind: (key % BEHIND_DAYS as u64) as usize,
            });
            start += line.len();
        }
        // Two versions of one id are never recorded on one day, so the order is without ties.
        lines.sort_unstable_by_key(|place| id(source, &bytes[place.start..place.end]));
        Self { bytes, lines }
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.lines.iter().map(|place| &self.bytes[place.start..place.end])
    }

    fn lines_behind(&self, behind: usize) -> impl Iterator<Item = &[u8]> {
        self.lines
            .iter()
            .filter(move |place| place.behind == behind)
            .map(|place| &self.bytes[place.start..place.end])
    }
}

fn id(source: Source, line: &[u8]) -> &[u8] {
    let from = source.id_offset().min(line.len());
    &line[from..(from + ID_LENGTH).min(line.len())]
}

/// The lines of one source, a day at a time.
struct Days<'r> {
    reader: SpillReader,
    runs: &'r [Run],
    source: Source,
    /// Where the next day of each run begins.
    places: Vec<u64>,
}

impl<'r> Days<'r> {
    fn new(spill: &Spill, runs: &'r [Run], source: Source) -> Result<Self, MakeError> {
        Ok(Self {
            reader: spill.reader().map_err(MakeError::Spill)?,
            places: runs.iter().map(|run| run.source_start(source)).collect(),
            runs,
            source,
        })
    }

    /// Days are asked for one after the other.
    fn next(&mut self, day: usize) -> Result<Day, MakeError> {
        let lengths = self.runs.iter().map(|run| run.day_bytes(self.source, day));
        let total: usize = lengths.clone().map(|length| length as usize).sum();
        let mut bytes = Vec::with_capacity(total);
        for (length, place) in lengths.zip(&mut self.places) {
            if length > 0 {
                self.reader
                    .read(*place, length as usize, &mut bytes)
                    .map_err(MakeError::Spill)?;
                *place += u64::from(length);
            }
        }
        Ok(Day::new(bytes, self.source))
    }
}

/// One file of a source.
struct Extract {
    path: PathBuf,
    out: BufWriter<File>,
    source: Source,
    lines: u64,
    bytes: u64,
}

impl Extract {
    fn create(folder: &Path, source: Source) -> Result<Self, MakeError> {
        let path = folder.join(source.path());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(write_error(parent))?;
        }
        let file = File::create(&path).map_err(write_error(&path))?;
        let mut extract = Self {
            out: BufWriter::with_capacity(BUFFER_BYTES, file),
            path,
            source,
            lines: 0,
            bytes: 0,
        };
        let head = source.frame().head;
        if source.is_windows_1251() {
            let (encoded, _, _) = encoding_rs::WINDOWS_1251.encode(head);
            extract.put(&encoded)?;
        } else {
            extract.put(head.as_bytes())?;
        }
        Ok(extract)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), MakeError> {
        self.bytes += bytes.len() as u64;
        self.out.write_all(bytes).map_err(write_error(&self.path))
    }

    fn write<'l>(&mut self, lines: impl Iterator<Item = &'l [u8]>) -> Result<(), MakeError> {
        let frame = self.source.frame();
        for line in lines {
            if self.lines > 0 {
                self.put(frame.between.as_bytes())?;
            }
            self.put(line)?;
            self.lines += 1;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<u64, MakeError> {
        let tail = self.source.frame().tail;
        let tail = if self.lines == 0 { tail.trim_start() } else { tail };
        self.put(tail.as_bytes())?;
        self.out.flush().map_err(write_error(&self.path))?;
        Ok(self.bytes)
    }
}
