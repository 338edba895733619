//! The rules on the invented worlds: records linked by the truth, judged, and scored against the truth.
//!
//! Scoring only: nothing that is judged has seen the truth but for whose record is whose.

use std::{
    collections::{BTreeMap, HashMap},
    env, fs,
    fs::File,
    io::BufReader,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use profile::{fold::fold, linked::LinkedRecord, rules::ProfileRules};
use records::{Day, country::Countries, key::ProfileId, region::Regions};
use sources::{
    extract::{Input, Reference, read},
    mapping_set::MappingSet,
    outcome::Outcome,
};
use status::{
    Question,
    history::of_profile,
    judge,
    status::{Lawful, Verdict},
};

use crate::support::{RU, folder};

/// Everything in the worlds was received before this.
const KNOWN_AT: &str = "2026-06-30T00:00:00Z";

/// How the rules' answers compare with the truth.
#[derive(Debug, Default)]
struct Score {
    agree: u32,
    /// The rules leave it open, and say which fact is missing.
    open: u32,
    contradict: Vec<String>,
}

fn workspace() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", ".."].iter().collect()
}

fn reference() -> Reference {
    let table = |name: &str| fs::read_to_string(folder("ru").join(name)).unwrap();
    Reference {
        countries: Countries::parse(&table("countries.csv"), &table("country_names.csv")).unwrap(),
        regions: Regions::parse(&table("regions_ru.csv")).unwrap(),
    }
}

/// Records by person of the truth.
fn records(world: &Path) -> BTreeMap<String, Vec<LinkedRecord>> {
    let received: Timestamp = KNOWN_AT.parse().unwrap();
    let links = fs::read_to_string(world.join("truth/links.csv")).unwrap();
    let owner: HashMap<String, &str> = links
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut fields = line.split(',');
            let key = format!("{}/{}", fields.next()?, fields.next()?);
            Some((key, fields.next()?))
        })
        .collect();
    let mappings = fs::read_dir(workspace().join("mappings")).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        (
            path.file_name().unwrap().to_string_lossy().into_owned(),
            fs::read_to_string(path).unwrap(),
        )
    });
    let mappings = MappingSet::parse(mappings).unwrap();
    let reference = reference();
    let mut of: BTreeMap<String, Vec<LinkedRecord>> = BTreeMap::new();
    for mapping in mappings
        .iter()
        .filter(|mapping| !mapping.path().ends_with(".parquet"))
    {
        let file = BufReader::new(File::open(world.join("sources").join(mapping.path())).unwrap());
        let mut keep = |outcome| {
            if let Outcome::Record(record) = outcome
                && let Some(person) = owner.get(&record.key.to_string())
            {
                let linked = LinkedRecord {
                    record: *record,
                    linked_from: received,
                    linked_until: None,
                    weight: 1.0,
                };
                of.entry((*person).to_owned()).or_default().push(linked);
            }
            ControlFlow::Continue(())
        };
        read(
            mapping,
            &reference,
            received,
            mapping.path(),
            Input::stream(file),
            &mut keep,
        )
        .unwrap();
    }
    of
}

fn score(world: &Path) -> Score {
    let rules = ProfileRules::parse(&fs::read_to_string(folder("ru").join("profile.toml")).unwrap()).unwrap();
    let known_at: Timestamp = KNOWN_AT.parse().unwrap();
    let records = records(world);
    let mut score = Score::default();
    let truth = fs::read_to_string(world.join("truth/status.csv")).unwrap();
    for (at, line) in truth.lines().skip(1).enumerate() {
        let [person, day, may_stay, may_work, ..] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let on: Day = day.parse().unwrap();
        let of_person = records.get(person).map(Vec::as_slice).unwrap_or_default();
        let profile = fold(
            ProfileId::from_random_bits(at as u128),
            of_person,
            on,
            known_at,
            &rules,
        );
        let status = judge(&of_profile(&profile, &RU), &Question::on(on), &RU).unwrap();
        let stay = match status.stay.lawful {
            Lawful::Yes => "yes",
            Lawful::No | Lawful::NotPresent => "no",
            Lawful::Tolerated | Lawful::Undetermined => "open",
        };
        let work = match status.work.allowed {
            Verdict::Yes => "yes",
            Verdict::No => "no",
            Verdict::Undetermined => "open",
        };
        let work = if may_work.is_empty() { "" } else { work };
        match (stay, work) {
            same if same == (may_stay, may_work) => score.agree += 1,
            ("open", _) | (_, "open") => score.open += 1,
            _ => score.contradict.push(format!("{line}: {stay}, {work}")),
        }
    }
    score
}

fn check(world: &Path) {
    let score = score(world);
    let contradict = score.contradict.len() as u32;
    let all = score.agree + score.open + contradict;
    println!(
        "{}: {} of {all} agree, {} left open, {contradict} contradict",
        world.display(),
        score.agree,
        score.open
    );
    assert!(score.agree * 100 >= all * 95, "{score:?}");
    // Where a record is missing the answer is left open: neither a yes nor a no may be wrong.
    assert!(score.contradict.is_empty(), "{:#?}", score.contradict);
}

#[test]
fn the_small_world_is_judged_as_the_truth_says() {
    check(&workspace().join("examples/world"));
}

#[test]
fn the_sample_world_is_judged_as_the_truth_says() {
    let beside = workspace().join("../shared/world/sample");
    let world = env::var_os("SOJOURN_SAMPLE_WORLD").map_or(beside, PathBuf::from);
    if world.join("truth/status.csv").exists() {
        check(&world);
    } else {
        println!("SKIPPED: no sample world at {}", world.display());
    }
}
