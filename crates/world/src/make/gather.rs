//! Brings the lines of one source together, in order of their recording, and writes its files.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use super::{BUFFER_BYTES, Layout, MakeError, spill::Run, spill::Spill, write_error};
use crate::{
    day_number::{DayNumber, WINDOW_DAYS, WINDOW_START},
    draw::mix,
    report::Source,
    truth,
};

/// A line may stand so many days behind later recorded ones. Sample: 0 to 2.
const BEHIND_DAYS: u64 = 3;
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
    let first_daily = match layout {
        Layout::Whole => None,
        Layout::DailyFrom(year) => Some(DayNumber::of(year, 1, 1)),
    };
    let mut waiting = Waiting::default();
    let mut bytes = 0;
    for at in 0..WINDOW_DAYS {
        let day = WINDOW_START.plus(at as i32);
        let lines = days.next(at)?;
        if first_daily.is_some_and(|first| day >= first) {
            // What waited is let out before the first increment.
            whole.write_all(&waiting.take(usize::MAX))?;
            bytes += daily(directory, source, day, &lines)?;
        } else {
            waiting.hold(at, lines, source);
            whole.write_all(&waiting.take(at))?;
        }
    }
    whole.write_all(&waiting.take(usize::MAX))?;
    Ok(bytes + whole.finish()?)
}

/// A folder for one day; none when the source has nothing to say.
fn daily(directory: &Path, source: Source, day: DayNumber, lines: &[Vec<u8>]) -> Result<u64, MakeError> {
    if lines.is_empty() {
        return Ok(0);
    }
    let folder = directory
        .join("increments")
        .join(truth::text(day))
        .join("sources");
    let mut extract = Extract::create(&folder, source)?;
    extract.write_all(lines)?;
    extract.finish()
}

fn id(source: Source, line: &[u8]) -> &[u8] {
    let from = source.id_offset().min(line.len());
    &line[from..(from + ID_LENGTH).min(line.len())]
}

/// The lines of one source, a day at a time, in the order of their ids.
struct Days<'r> {
    reader: super::spill::SpillReader,
    runs: &'r [Run],
    source: Source,
    /// Where the next day of each run begins.
    places: Vec<u64>,
    bytes: Vec<u8>,
}

impl<'r> Days<'r> {
    fn new(spill: &Spill, runs: &'r [Run], source: Source) -> Result<Self, MakeError> {
        Ok(Self {
            reader: spill.reader().map_err(MakeError::Spill)?,
            places: runs.iter().map(|run| run.source_start(source)).collect(),
            runs,
            source,
            bytes: Vec::new(),
        })
    }

    fn next(&mut self, day: usize) -> Result<Vec<Vec<u8>>, MakeError> {
        self.bytes.clear();
        for (run, place) in self.runs.iter().zip(&mut self.places) {
            let length = run.day_bytes(self.source, day);
            if length > 0 {
                self.reader
                    .read(*place, length as usize, &mut self.bytes)
                    .map_err(MakeError::Spill)?;
                *place += u64::from(length);
            }
        }
        let mut lines: Vec<Vec<u8>> = self
            .bytes
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| line[..line.len() - 1].to_vec())
            .collect();
        // Two versions of one id are never recorded on one day, so the order is without ties.
        lines.sort_unstable_by(|a, b| id(self.source, a).cmp(id(self.source, b)));
        Ok(lines)
    }
}

/// Lines that come a little later than their day.
#[derive(Default)]
struct Waiting(Vec<(usize, Vec<u8>)>);

impl Waiting {
    fn hold(&mut self, day: usize, lines: Vec<Vec<u8>>, source: Source) {
        self.0.extend(lines.into_iter().map(|line| {
            let key = id(source, &line)
                .iter()
                .fold(0, |key, byte| mix(key ^ u64::from(*byte)));
            (day + (key % BEHIND_DAYS) as usize, line)
        }));
    }

    /// What is due on `day`, in the order in which it came.
    fn take(&mut self, day: usize) -> Vec<Vec<u8>> {
        let (due, waiting) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|(due, _)| *due <= day);
        self.0 = waiting;
        due.into_iter().map(|(_, line)| line).collect()
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

    fn write_all(&mut self, lines: &[Vec<u8>]) -> Result<(), MakeError> {
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
