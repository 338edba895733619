//! What every test stands on: the shipped mappings and lists, and a reader that collects.

use std::{
    fs,
    io::Cursor,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use jiff::Timestamp;
use records::{country::Countries, envelope::Record, region::Regions};
use sources::{
    extract::{Input, Reference, read},
    fault::ExtractError,
    mapping::Mapping,
    mapping_set::MappingSet,
    outcome::{Outcome, Presence, Rejected},
};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) static REFERENCE: LazyLock<Reference> = LazyLock::new(|| {
    let pack = |name| fs::read_to_string(root().join("packs/ru").join(name)).unwrap();
    Reference {
        countries: Countries::parse(&pack("countries.csv"), &pack("country_names.csv")).unwrap(),
        regions: Regions::parse(&pack("regions_ru.csv")).unwrap(),
    }
});

pub(crate) static MAPPINGS: LazyLock<MappingSet> = LazyLock::new(|| {
    let files = fs::read_dir(root().join("mappings")).unwrap().map(|file| {
        let path = file.unwrap().path();
        (path.display().to_string(), fs::read_to_string(&path).unwrap())
    });
    MappingSet::parse(files).unwrap()
});

/// All that came out of an extract, and how it ended.
#[derive(Default)]
pub(crate) struct Collected {
    pub(crate) records: Vec<Record>,
    pub(crate) presence: Vec<Presence>,
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) error: Option<ExtractError>,
}

impl Collected {
    /// Line, field and machine's word of every rejection.
    pub(crate) fn faults(&self) -> Vec<(u64, &str, &'static str)> {
        let faults = self.rejected.iter();
        faults
            .map(|r| (r.line, r.field.as_str(), r.reason.fault.word()))
            .collect()
    }

    pub(crate) fn error_text(&self) -> String {
        self.error.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}

pub(crate) fn mapping(path: &str) -> &'static Mapping {
    MAPPINGS
        .for_path(path)
        .unwrap_or_else(|| panic!("no mapping for {path}"))
}

pub(crate) fn collect(path: &str, input: Input<'_>) -> Collected {
    let mut collected = Collected::default();
    let mut sink = |outcome| {
        match outcome {
            Outcome::Record(record) => collected.records.push(*record),
            Outcome::Presence(row) => collected.presence.push(row),
            Outcome::Rejected(rejected) => collected.rejected.push(rejected),
        }
        ControlFlow::Continue(())
    };
    let result = read(
        mapping(path),
        &REFERENCE,
        Timestamp::UNIX_EPOCH,
        path,
        input,
        &mut sink,
    );
    collected.error = result.err();
    collected
}

pub(crate) fn collect_bytes(path: &str, bytes: impl Into<Vec<u8>>) -> Collected {
    collect(path, Input::seekable(Cursor::new(bytes.into())))
}

/// An extract of the small example world.
pub(crate) fn example(path: &str) -> Vec<u8> {
    fs::read(root().join("examples/world/sources").join(path)).unwrap()
}
