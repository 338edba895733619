//! Makes a world on disk: extracts under `sources/`, their truth under `truth/`.
//!
//! People are made in chunks on several threads. A chunk's lines go to one spill file, sorted by source and day of
//! recording; afterwards each source's file is gathered day by day from all chunks. Memory holds a chunk for each thread
//! and a day of one source, whatever the number of people.
//! Invariant: the bytes depend on the recipe alone, not on threads or on chunks.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use parquet::errors::ParquetError;

use crate::{
    block,
    report::{self, Outbox, Source, Told},
    truth::{self, RowFile, Rows, Tables},
    world::World,
};

mod gather;
mod mobile;
mod spill;

use spill::{Run, Spill};

/// How a world is laid out on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One file a source.
    Whole,
    /// What was recorded before this year in one file a source; then a folder a day, as agencies send increments.
    DailyFrom(i32),
}

/// How much was made.
#[derive(Clone, Debug)]
pub struct Made {
    pub people: u64,
    /// Lines by source.
    pub lines: Vec<(Source, u64)>,
    /// Bytes of all extracts.
    pub bytes: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    #[error("{0} exists and is not empty")]
    Occupied(PathBuf),
    #[error("{path} could not be written")]
    Write { path: PathBuf, source: io::Error },
    #[error("{path} could not be written")]
    Parquet { path: PathBuf, source: ParquetError },
    #[error("the lines set aside could not be read again")]
    Spill(#[source] io::Error),
    #[error("somebody has more records in a source than one person may have")]
    TooManyRecords,
    #[error("a part of the work ended early")]
    CutOff,
}

fn write_error(path: &Path) -> impl FnOnce(io::Error) -> MakeError {
    let path = path.to_owned();
    move |source| MakeError::Write { path, source }
}

/// Blocks of a chunk at most, and chunks that even a small world is cut into.
const CHUNK_BLOCKS_MAX: u64 = 50;
const CHUNKS_WANTED: u64 = 40;
/// Buffer of a file being written.
const BUFFER_BYTES: usize = 1 << 20;
const SPILL_FILE: &str = ".spill";

/// Makes `world` under `directory`, which does not exist or is empty.
pub fn make(
    world: &World,
    directory: &Path,
    threads: NonZeroUsize,
    layout: Layout,
) -> Result<Made, MakeError> {
    prepare(directory)?;
    let spill_path = directory.join(SPILL_FILE);
    let spill = Spill::create(&spill_path).map_err(write_error(&spill_path))?;
    let (tables, runs) = people(world, directory, threads, &spill)?;
    let bytes = gather_all(directory, threads, layout, &spill, &runs)?;
    fs::remove_file(&spill_path).map_err(write_error(&spill_path))?;
    let (mobile_rows, mobile_bytes) = mobile::write(world, &tables.present, directory)?;
    for (name, text) in tables.written(world, mobile_rows) {
        let path = directory.join("truth/tables").join(name);
        fs::write(&path, text).map_err(write_error(&path))?;
    }
    Ok(Made {
        people: world.recipe.people,
        lines: Source::ALL
            .into_iter()
            .map(|source| (source, tables.lines(source)))
            .collect(),
        bytes: bytes + mobile_bytes,
    })
}

fn prepare(directory: &Path) -> Result<(), MakeError> {
    let is_occupied = directory
        .read_dir()
        .is_ok_and(|mut entries| entries.next().is_some());
    if is_occupied {
        return Err(MakeError::Occupied(directory.to_owned()));
    }
    let tables = directory.join("truth/tables");
    fs::create_dir_all(&tables).map_err(write_error(&tables))
}

/// What one chunk of people came to, but for its lines, which are in the spill file.
struct Chunk {
    nth: u64,
    rows: Rows,
    tables: Tables,
    run: Run,
}

fn chunk_blocks(world: &World) -> u64 {
    (block::count(world) / CHUNKS_WANTED).clamp(1, CHUNK_BLOCKS_MAX)
}

/// Makes all people, writes the rows of their truth in the order of their numbers.
fn people(
    world: &World,
    directory: &Path,
    threads: NonZeroUsize,
    spill: &Spill,
) -> Result<(Tables, Vec<Run>), MakeError> {
    let chunks = block::count(world).div_ceil(chunk_blocks(world));
    let next = AtomicU64::new(0);
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::scope(|scope| {
        for _ in 0..threads.get() {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    // Nobody takes the chunk when writing has failed, which the other side tells.
                    if nth >= chunks || sender.send(chunk(world, nth, spill)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        collect(&receiver, directory, chunks)
    })
}

fn chunk(world: &World, nth: u64, spill: &Spill) -> Result<Chunk, MakeError> {
    let blocks = chunk_blocks(world);
    let last = ((nth + 1) * blocks).min(block::count(world));
    let mut out = Outbox::new(world);
    let mut rows = Rows::default();
    let mut tables = Tables::default();
    for at in nth * blocks..last {
        let made = block::make(world, at);
        for case in &made.cases {
            let (told, spoilt, lines) = (out.told.len(), out.spoilt.len(), out.lines.len());
            report::report(world, &made, case, &mut out);
            let told = &out.told[told..];
            let is_whole = out.spoilt.len() == spoilt && is_whole(case, told);
            truth::add(world, case, told, is_whole, &mut rows);
            tables.add_case(case);
            for line in &out.lines[lines..] {
                tables.add_line(line.source);
            }
            for spoilt in &out.spoilt[spoilt..] {
                truth::add_spoilt(spoilt, &mut rows);
                tables.add_spoilt(spoilt);
            }
        }
    }
    if out.is_overfull {
        return Err(MakeError::TooManyRecords);
    }
    let run = spill.keep(&out).map_err(MakeError::Spill)?;
    Ok(Chunk {
        nth,
        rows,
        tables,
        run,
    })
}

/// Whether the agencies tell all that the right to stay hangs on: none of it was recorded after the window.
fn is_whole(case: &block::Case, told: &[Told]) -> bool {
    let life = &case.life;
    let count = |source| told.iter().filter(|record| record.source == source).count();
    let due = |days: &mut dyn Iterator<Item = crate::day_number::DayNumber>| {
        days.filter(|day| day.in_window()).count()
    };
    count(Source::Permits) >= due(&mut life.permits.iter().map(|permit| permit.issued))
        && count(Source::Pit) >= due(&mut life.payments.iter().map(|payment| payment.day))
        && count(Source::Contracts) >= due(&mut life.jobs.iter().map(|job| job.from))
}

fn collect(
    receiver: &mpsc::Receiver<Result<Chunk, MakeError>>,
    directory: &Path,
    chunks: u64,
) -> Result<(Tables, Vec<Run>), MakeError> {
    let mut files = Vec::with_capacity(RowFile::COUNT);
    for file in RowFile::ALL {
        let path = directory.join("truth").join(file.name());
        let mut writer =
            BufWriter::with_capacity(BUFFER_BYTES, File::create(&path).map_err(write_error(&path))?);
        writer
            .write_all(file.header().as_bytes())
            .map_err(write_error(&path))?;
        files.push((path, writer));
    }
    let mut tables = Tables::default();
    let mut runs = Vec::new();
    // At most one chunk for each thread and one underway come early.
    let mut early: Vec<Chunk> = Vec::new();
    let mut awaited = 0;
    while awaited < chunks {
        early.push(receiver.recv().map_err(|_| MakeError::CutOff)??);
        while let Some(at) = early.iter().position(|chunk| chunk.nth == awaited) {
            let chunk = early.swap_remove(at);
            for ((path, writer), rows) in files.iter_mut().zip(&chunk.rows.0) {
                writer.write_all(rows.as_bytes()).map_err(write_error(path))?;
            }
            tables.merge(chunk.tables);
            runs.push(chunk.run);
            awaited += 1;
        }
    }
    for (path, mut writer) in files {
        writer.flush().map_err(write_error(&path))?;
    }
    Ok((tables, runs))
}

/// Gathers every source's lines; the sources are shared out among the threads, the largest first.
fn gather_all(
    directory: &Path,
    threads: NonZeroUsize,
    layout: Layout,
    spill: &Spill,
    runs: &[Run],
) -> Result<u64, MakeError> {
    let mut sources = Source::ALL;
    sources.sort_by_key(|source| {
        std::cmp::Reverse(runs.iter().map(|run| run.source_bytes(*source)).sum::<u64>())
    });
    let next = AtomicUsize::new(0);
    let total = Mutex::new(Ok(0));
    thread::scope(|scope| {
        for _ in 0..threads.get() {
            scope.spawn(|| {
                while let Some(source) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let gathered = gather::gather(directory, layout, spill, runs, *source);
                    let mut total = total.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    match (gathered, &mut *total) {
                        (Ok(bytes), Ok(sum)) => *sum += bytes,
                        (Err(error), Ok(_)) => *total = Err(error),
                        (_, Err(_)) => {}
                    }
                }
            });
        }
    });
    total
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
