//! From a world's files to the depersonalised extract, with any grouping of records into persons.
//!
//! For tests and examples only: the product pseudonymises in `registry`, under a key of its own.

use std::{
    collections::BTreeMap,
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, civil::date};
use profile::{
    extract::{Pseudonym, Row, row},
    fold::fold,
    linked::LinkedRecord,
    rules::ProfileRules,
};
use records::{country::Countries, envelope::Record, key::ProfileId, region::Regions};
use sha2::{Digest as _, Sha256};
use sources::{
    extract::{Input, Reference, read},
    mapping_set::MappingSet,
    outcome::Outcome,
};

pub(crate) type Failure = Box<dyn std::error::Error>;

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every record of a world, read by the shipped mappings.
pub(crate) fn records(sources_dir: &Path) -> Result<Vec<Record>, Failure> {
    let mappings = fs::read_dir(workspace().join("mappings"))?
        .map(|entry| {
            let path = entry?.path();
            Ok((path.display().to_string(), fs::read_to_string(&path)?))
        })
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    let mappings = MappingSet::parse(mappings)?;
    let pack = |name: &str| fs::read_to_string(workspace().join("packs/ru").join(name));
    let reference = Reference {
        countries: Countries::parse(&pack("countries.csv")?, &pack("country_names.csv")?)?,
        regions: Regions::parse(&pack("regions_ru.csv")?)?,
    };
    let mut records = Vec::new();
    for path in files(sources_dir)? {
        let relative = path.strip_prefix(sources_dir)?.display().to_string();
        let Some(mapping) = mappings.for_path(&relative) else {
            continue;
        };
        let mut sink = |outcome| {
            if let Outcome::Record(record) = outcome {
                records.push(*record);
            }
            ControlFlow::Continue(())
        };
        let input = Input::seekable(fs::File::open(&path)?);
        read(mapping, &reference, received_at(), &relative, input, &mut sink)?;
    }
    Ok(records)
}

pub(crate) fn received_at() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn files(dir: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(self::files(&path)?)
        } else {
            files.push(path)
        }
    }
    files.sort();
    Ok(files)
}

/// Rows of the extract by a grouping `source,record_id,<person>` (any third column).
pub(crate) fn rows(records: Vec<Record>, links: &Path) -> Result<Vec<Row>, Failure> {
    let mut person_of: BTreeMap<(String, String), String> = BTreeMap::new();
    for line in csv::Reader::from_path(links)?.records() {
        let line = line?;
        person_of.insert((line[0].to_owned(), line[1].to_owned()), line[2].to_owned());
    }
    let mut persons: BTreeMap<String, Vec<LinkedRecord>> = BTreeMap::new();
    for record in records {
        let key = (
            record.key.source.as_str().to_owned(),
            record.key.id.as_str().to_owned(),
        );
        let Some(person) = person_of.get(&key) else {
            continue;
        };
        let linked = LinkedRecord {
            record,
            linked_from: received_at(),
            linked_until: None,
            weight: 0.0,
        };
        persons.entry(person.clone()).or_default().push(linked);
    }
    let rules = ProfileRules::parse(&fs::read_to_string(workspace().join("packs/ru/profile.toml"))?)?;
    let on = date(2025, 12, 31);
    let row_of = |(person, linked): (&String, &Vec<LinkedRecord>)| {
        let digest: [u8; 32] = Sha256::digest(person.as_bytes()).into();
        let id = ProfileId::from_random_bits(u128::from(digest[0]));
        row(
            &fold(id, linked, on, received_at(), &rules),
            Pseudonym::from_bytes(digest),
        )
    };
    Ok(persons.iter().map(row_of).collect())
}
