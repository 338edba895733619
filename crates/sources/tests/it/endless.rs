//! Extracts larger than the memory that may be held: one line of any length costs one rejection.

use std::{
    env, fs,
    io::{self, Read},
    time::{Duration, Instant},
};

use sources::{extract::Input, window::RECORD_BYTES_MAX};

use crate::setting::{Collected, collect, example};

/// Gives out some bytes over and over, up to a length.
struct Repeat {
    bytes: Vec<u8>,
    at: usize,
    left: u64,
}

impl Repeat {
    fn new(bytes: &[u8], length: u64) -> Self {
        let times = (64 << 10) / bytes.len() + 1;
        Self {
            bytes: bytes.repeat(times),
            at: 0,
            left: length,
        }
    }
}

impl Read for Repeat {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let ahead = &self.bytes[self.at..];
        let count = out
            .len()
            .min(ahead.len())
            .min(usize::try_from(self.left).unwrap_or(usize::MAX));
        out[..count].copy_from_slice(&ahead[..count]);
        self.at = (self.at + count) % self.bytes.len();
        self.left -= count as u64;
        Ok(count)
    }
}

/// Beginning, an endless middle, and a sound end.
fn collect_around(path: &str, start: &[u8], middle: Repeat, end: &[u8]) -> Collected {
    collect(path, Input::stream(start.chain(middle).chain(end)))
}

/// The first lines of an example, and what closes it.
fn ends(path: &str, lines: usize, close: &str) -> (Vec<u8>, Vec<u8>) {
    let bytes = example(path);
    let head: Vec<u8> = bytes
        .split_inclusive(|b| *b == b'\n')
        .take(lines)
        .flatten()
        .copied()
        .collect();
    let next = bytes.split_inclusive(|b| *b == b'\n').nth(lines).unwrap();
    (head, [b"\n", next, close.as_bytes()].concat())
}

/// Peak of resident memory, where the system tells it and the test has a process of its own.
fn find_peak_kib() -> Option<u64> {
    env::var("NEXTEST_EXECUTION_MODE")
        .ok()
        .filter(|mode| mode == "process-per-test")?;
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| {
        line.strip_prefix("VmHWM:")?
            .trim()
            .strip_suffix(" kB")?
            .parse()
            .ok()
    })
}

fn check_long_line(length: u64) {
    for (path, lines, start, close) in [
        ("border/crossings.csv", 2, "BX0000000000;", ""),
        (
            "mvd/decisions.jsonl",
            1,
            "{\"decision_id\": \"DC0000000000\", \"kind\": \"",
            "",
        ),
        (
            "minobr/enrolments.json",
            2,
            "{\"enrolment_id\": \"EN0000000000\", \"level\": \"",
            "\n]\n",
        ),
        (
            "mvd/arrival_forms.xml",
            3,
            "<form id=\"AF0000000000\" version=\"",
            "</arrival_forms>\n",
        ),
    ] {
        let (head, tail) = ends(path, lines, close);
        let extract = collect_around(
            path,
            &[&head, start.as_bytes()].concat(),
            Repeat::new(b"x", length),
            &tail,
        );
        assert_eq!(extract.error_text(), "");
        assert_eq!(extract.faults(), [(lines as u64 + 1, "", "too_long")], "{path}");
        assert!(extract.rejected[0].record_id.is_some());
        assert_eq!(
            extract.records.last().unwrap().evidence.line,
            lines as u64 + 2,
            "what follows is read"
        );
    }
}

#[test]
fn a_long_line_is_one_rejection_in_little_memory() {
    check_long_line(64 << 20);
    if let Some(peak_kib) = find_peak_kib() {
        assert!(peak_kib < 40 << 10, "{peak_kib} KiB at the peak");
    }
}

#[test]
#[ignore = "takes half a minute; run it after a change to the window"]
fn two_gibibytes_of_one_line_are_one_rejection() {
    check_long_line(2 << 30);
}

#[test]
fn a_first_line_without_an_end_is_no_header() {
    let extract = collect_around("border/crossings.csv", b"", Repeat::new(b"x", 8 << 20), b"");
    let error = "border/crossings.csv: its header is not the mapping's: it is longer than a line may be";
    assert_eq!(extract.error_text(), error);
}

#[test]
fn records_without_line_breaks_stream_as_well() {
    let forms = String::from_utf8(example("mvd/arrival_forms.xml")).unwrap();
    let form = forms.lines().nth(2).unwrap().as_bytes();
    let object = example("minobr/enrolments.json")
        .split(|b| *b == b'\n')
        .nth(1)
        .unwrap()
        .to_vec();
    for (path, start, record, end) in [
        (
            "mvd/arrival_forms.xml",
            "<arrival_forms>",
            form,
            "</arrival_forms>",
        ),
        ("minobr/enrolments.json", "[", &object[..], "]"),
    ] {
        let times = 2 * RECORD_BYTES_MAX / record.len();
        let middle = Repeat {
            bytes: record.to_vec(),
            at: 0,
            left: (record.len() * times) as u64,
        };
        let extract = collect_around(path, start.as_bytes(), middle, end.as_bytes());
        assert_eq!(
            (extract.records.len(), extract.faults()),
            (times, vec![]),
            "{path}"
        );
    }
}

/// Bytes chosen to make a reader that goes on after a fault look again and again at the same ones.
#[test]
fn damage_does_not_multiply_the_work() {
    for (path, start, lines) in [
        ("mvd/arrival_forms.xml", "<arrival_forms>\n", "<?\n"),
        ("mvd/arrival_forms.xml", "<arrival_forms>\n", "<form><!--\n"),
        ("mvd/arrival_forms.xml", "<arrival_forms>\n", "<form><![CDATA[\n"),
        ("mvd/arrival_forms.xml", "<arrival_forms>\n", "<form a=\"\n"),
        ("mvd/arrival_forms.xml", "<arrival_forms>\n", "<form>"),
        ("mvd/arrival_forms.xml", "<arrival_forms>\n<form>", "<!---->"),
        ("mvd/arrival_forms.xml", "<arrival_forms>\n<form>", "<a/>"),
        ("mvd/arrival_forms.xml", "<arrival_forms>\n<form ", "a='' "),
        ("minobr/enrolments.json", "[\n", "{\"a\":{},\n"),
        ("minobr/enrolments.json", "[\n", "{\"a\":[{\n"),
        ("minobr/enrolments.json", "[\n", "{\"a\":\"\n"),
        ("minobr/enrolments.json", "[\n", "{\"a\":[\n{},\n"),
    ] {
        let started = Instant::now();
        let middle = Repeat::new(lines.as_bytes(), 128 << 10);
        let extract = collect_around(path, start.as_bytes(), middle, b"");
        let elapsed = started.elapsed();
        println!("{lines:?}: {} rejected in {elapsed:?}", extract.rejected.len());
        assert!(elapsed < Duration::from_secs(60), "{lines:?} took {elapsed:?}");
        assert!(extract.records.is_empty());
        assert!(!extract.rejected.is_empty(), "{lines}");
    }
}
