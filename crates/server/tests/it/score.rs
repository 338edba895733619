//! Scores links against the truth of a world, as `score.py` beside the worlds does.

use std::collections::HashMap;

pub(crate) struct Score {
    pub(crate) precision: f64,
    pub(crate) recall: f64,
    pub(crate) false_merges: usize,
    pub(crate) split_persons: usize,
}

/// Over all pairs of records: `predicted` and `truth` are rows of source, record id, profile or person.
pub(crate) fn pairwise(predicted: &[Vec<String>], truth: &[Vec<String>]) -> Score {
    let key = |row: &[String]| (row[0].clone(), row[1].clone());
    let profile_of: HashMap<_, &String> = predicted.iter().map(|row| (key(row), &row[2])).collect();
    let mut both: HashMap<(String, String), u64> = HashMap::new();
    for (at, row) in truth.iter().enumerate() {
        // a record that the prediction lacks counts as a profile of its own
        let profile = profile_of
            .get(&key(row))
            .map_or_else(|| format!("missing {at}"), |profile| (*profile).clone());
        *both.entry((row[2].clone(), profile)).or_default() += 1;
    }
    let mut by_person: HashMap<&String, (u64, usize)> = HashMap::new();
    let mut by_profile: HashMap<&String, (u64, usize)> = HashMap::new();
    for ((person, profile), n) in &both {
        let person = by_person.entry(person).or_default();
        *person = (person.0 + n, person.1 + 1);
        let profile = by_profile.entry(profile).or_default();
        *profile = (profile.0 + n, profile.1 + 1);
    }
    let pairs = |n: u64| (n * n.saturating_sub(1) / 2) as f64;
    let agreed: f64 = both.values().map(|&n| pairs(n)).sum();
    let predicted: f64 = by_profile.values().map(|&(n, _)| pairs(n)).sum();
    let wanted: f64 = by_person.values().map(|&(n, _)| pairs(n)).sum();
    Score {
        precision: agreed / predicted,
        recall: agreed / wanted,
        false_merges: by_profile.values().filter(|(_, persons)| *persons > 1).count(),
        split_persons: by_person.values().filter(|(_, profiles)| *profiles > 1).count(),
    }
}

#[test]
fn a_merge_costs_precision_and_a_split_recall() {
    let rows = |rows: &[[&str; 3]]| {
        rows.iter()
            .map(|row| row.map(str::to_owned).to_vec())
            .collect::<Vec<_>>()
    };
    let truth = rows(&[["s", "1", "A"], ["s", "2", "A"], ["s", "3", "B"], ["s", "4", "B"]]);
    let merged = pairwise(
        &rows(&[["s", "1", "x"], ["s", "2", "x"], ["s", "3", "x"], ["s", "4", "x"]]),
        &truth,
    );
    assert_eq!(
        (merged.precision, merged.recall, merged.false_merges),
        (2.0 / 6.0, 1.0, 1)
    );
    let split = pairwise(
        &rows(&[["s", "1", "x"], ["s", "2", "x"], ["s", "3", "y"]]),
        &truth,
    );
    assert_eq!(
        (split.precision, split.recall, split.split_persons),
        (1.0, 0.5, 1)
    );
}
