//! The example world against its truth, as it is and with more slips than any agency makes.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use records::{document::DocumentNumber, envelope::Record, partial_date::PartialDate};

use crate::people::{Standing, Told, example_world, root, run, world_records};

fn example() -> PathBuf {
    root().join("examples/world")
}

/// Person of each record, and the people who used another's document: nothing but that stay's own times tells on them.
struct Truth {
    person: BTreeMap<String, String>,
    impostors: BTreeSet<String>,
}

fn truth(world: &Path) -> Truth {
    let folder = world.join("truth");
    let rows = |name: &str| -> Vec<Vec<String>> {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        text.lines()
            .map(|line| line.split(',').map(str::to_owned).collect())
            .collect()
    };
    let person = rows("links.csv")
        .into_iter()
        .map(|row| (format!("{}/{}", row[0], row[1]), row[2].clone()));
    let people = rows("people.csv");
    let of = people[0].iter().position(|name| name == "impostor_of").unwrap();
    let impostors = people.iter().skip(1).filter(|row| !row[of].is_empty());
    Truth {
        person: person.collect(),
        impostors: impostors.map(|row| row[0].clone()).collect(),
    }
}

/// Profiles that hold two persons, impostors aside; and pairwise recall.
fn score(assignment: &Told, truth: &Truth) -> (usize, f64) {
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    let mut false_merges = 0;
    let mut found = 0;
    let mut of_person: BTreeMap<&str, u64> = BTreeMap::new();
    for cluster in &assignment.clusters {
        let mut people: BTreeMap<&str, u64> = BTreeMap::new();
        for key in &cluster.records {
            if let Some(person) = truth.person.get(&key.to_string()) {
                *people.entry(person).or_default() += 1;
                *of_person.entry(person).or_default() += 1;
            }
        }
        found += people.values().map(|n| pairs(*n)).sum::<u64>();
        let honest = people
            .keys()
            .filter(|person| !truth.impostors.contains(**person))
            .count();
        false_merges += usize::from(honest > 1);
    }
    (
        false_merges,
        found as f64 / of_person.values().map(|n| pairs(*n)).sum::<u64>() as f64,
    )
}

#[test]
fn the_example_world_has_no_false_merge() {
    let assignment = run(&example_world(), &Standing::default());
    let (false_merges, recall) = score(&assignment, &truth(&example()));
    assert_eq!(false_merges, 0);
    assert!(recall > 0.99, "{recall}");
}

#[test]
fn more_slips_cost_recall_not_precision() {
    for (share, least_recall) in [(30, 0.985), (100, 0.97)] {
        let mut records = example_world();
        records
            .iter_mut()
            .enumerate()
            .for_each(|(at, record)| slip(record, at as u64, share));
        let (false_merges, recall) = score(&run(&records, &Standing::default()), &truth(&example()));
        assert_eq!(false_merges, 0, "with {share} slips in a thousand");
        assert!(recall > least_recall, "{recall} with {share} slips in a thousand");
    }
}

/// The same slips on every run: drawn from the record's place.
fn slip(record: &mut Record, at: u64, thousandths: u64) {
    let mut state = at.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678;
    let mut draw = |bound: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let names = [&mut record.subject.latin, &mut record.subject.cyrillic];
    for name in names.into_iter().flatten() {
        for part in [&mut name.surname, &mut name.given] {
            if draw(1000) < thousandths && part.chars().count() > 2 {
                let mut letters: Vec<char> = part.chars().collect();
                let place = draw(letters.len() as u64 - 1) as usize;
                letters.swap(place, place + 1);
                *part = letters.into_iter().collect();
            }
        }
    }
    if draw(1000) < thousandths
        && let Some(birth) = &mut record.subject.birth
        && let Ok(date) = PartialDate::new(birth.date.year() + 1, birth.date.month(), birth.date.day())
    {
        birth.date = date;
    }
    if draw(1000) < thousandths
        && let Some(document) = &mut record.subject.document
    {
        let mut text = document.number.as_str().to_owned();
        let digit = char::from_digit(draw(10) as u32, 10).unwrap();
        text.pop();
        text.push(digit);
        document.number = DocumentNumber::parse(&text).unwrap();
    }
}

#[test]
fn the_large_sample_where_it_lies() {
    let beside = root().join("../shared/world/sample");
    let world = env::var_os("SOJOURN_SAMPLE_WORLD").map_or(beside, PathBuf::from);
    if !world.join("sources").is_dir() {
        println!("SKIPPED: no sample world at {}", world.display());
        return;
    }
    let assignment = run(&world_records(&world), &Standing::default());
    let (false_merges, recall) = score(&assignment, &truth(&world));
    assert_eq!(false_merges, 0);
    assert!(recall > 0.993, "{recall}");
}
