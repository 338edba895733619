//! Laws that hold for any records.

use std::collections::{BTreeMap, BTreeSet};

use linkage::{engine::Engine, settings::Settings, standing::Ruling};
use proptest::prelude::*;
use records::{envelope::Record, key::RecordKey, subject::Sex};

use crate::people::{Said, Standing, Told, benefit, certificate, example_world, policy, run, run_with};

const SURNAMES: [&str; 3] = ["Каримов", "Коримов", "Юсупов"];
const GIVEN: [&str; 3] = ["Жасур", "Джасур", "Нодир"];
const FATHERS: [&str; 3] = ["", "Рустамович", "Алишер угли"];
const BORN: [&str; 4] = ["1990-05-17", "1990-05-18", "1990-01-01", "1971-11-03"];
const DOCUMENTS: [&str; 4] = ["", "FA1234567", "FA1234568", "AD7654321"];
const SNILS: [&str; 4] = ["", "793-831-375 49", "793-831-357 49", "276-547-498 30"];
const INNS: [&str; 3] = ["", "521500105641", "633534798323"];

fn said() -> impl Strategy<Value = Said> {
    (
        0..3_usize,
        0..3_usize,
        0..3_usize,
        0..4_usize,
        0..4_usize,
        0..4_usize,
        0..3_usize,
        0..3_usize,
    )
        .prop_map(|(surname, given, father, born, document, snils, inn, sex)| Said {
            surname: SURNAMES[surname],
            given: GIVEN[given],
            father: FATHERS[father],
            born: BORN[born],
            sex: [None, Some(Sex::Male), Some(Sex::Female)][sex],
            document: DOCUMENTS[document],
            snils: SNILS[snils],
            inn: INNS[inn],
        })
}

/// Records out of a small pool of values, so that all that can collide does.
fn records() -> impl Strategy<Value = Vec<Record>> {
    prop::collection::vec((said(), 0..3_u8), 1..24).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(at, (said, kind))| match kind {
                0 => certificate(&format!("M{at:02}"), said),
                1 => policy(&format!("P{at:02}"), said),
                _ => benefit(&format!("F{at:02}"), said.snils),
            })
            .collect()
    })
}

fn rulings(records: &[Record]) -> impl Strategy<Value = Vec<Ruling>> + use<> {
    let keys: Vec<RecordKey> = records.iter().map(|record| record.key.clone()).collect();
    prop::collection::vec((0..keys.len(), 0..keys.len(), any::<bool>()), 0..6).prop_map(move |pairs| {
        pairs
            .into_iter()
            .filter(|(one, other, _)| one != other)
            .map(|(one, other, same)| {
                let (one, other) = (keys[one].clone(), keys[other].clone());
                if same {
                    Ruling::SamePerson { one, other }
                } else {
                    Ruling::DifferentPersons { one, other }
                }
            })
            .collect()
    })
}

fn cluster_of(assignment: &Told) -> BTreeMap<&RecordKey, usize> {
    let clusters = assignment.clusters.iter().enumerate();
    clusters
        .flat_map(|(at, cluster)| cluster.records.iter().map(move |key| (key, at)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever order records arrive in, the outcome is the same to the last weight, and no record is lost.
    #[test]
    fn order_changes_nothing(
        (as_sent, shuffled) in records().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
    ) {
        let assignment = run(&as_sent, &Standing::default());
        let placed: usize = assignment.clusters.iter().map(|cluster| cluster.records.len()).sum();
        prop_assert_eq!(placed, as_sent.len());
        prop_assert_eq!(run(&shuffled, &Standing::default()), assignment);
    }

    /// Nobody has two tax numbers or two insurance numbers.
    #[test]
    fn no_cluster_holds_two_lifelong_numbers(records in records()) {
        let assignment = run(&records, &Standing::default());
        let by_key: BTreeMap<&RecordKey, &Record> = records.iter().map(|record| (&record.key, record)).collect();
        for cluster in &assignment.clusters {
            let subjects = || cluster.records.iter().map(|key| &by_key[key].subject);
            let inns: BTreeSet<&str> =
                subjects().filter_map(|s| s.inn.as_ref()?.sound().map(|_| s.inn.as_ref().unwrap().as_str())).collect();
            let snils: BTreeSet<String> =
                subjects().filter_map(|s| s.snils.as_ref()?.sound().map(|sound| sound.printed())).collect();
            prop_assert!(inns.len() <= 1 && snils.len() <= 1);
        }
    }

    /// Every ruling is kept, or reported as broken by another one.
    #[test]
    fn rulings_are_kept_or_reported(
        (records, rulings) in records().prop_flat_map(|r| { let all = rulings(&r); (Just(r), all) }),
    ) {
        let standing = Standing { links: BTreeMap::new(), rulings: rulings.clone() };
        let assignment = run(&records, &standing);
        let of = cluster_of(&assignment);
        for ruling in rulings.iter().filter(|ruling| !assignment.broken_rulings.contains(ruling)) {
            match ruling {
                Ruling::SamePerson { one, other } => prop_assert_eq!(of[one], of[other]),
                Ruling::DifferentPersons { one, other } => prop_assert_ne!(of[one], of[other]),
                Ruling::Belongs { .. } | Ruling::DoesNotBelong { .. } => {}
            }
        }
    }

    /// The links that stand are no evidence: they decide which ids go on, not who belongs together.
    #[test]
    fn standing_links_do_not_move_records((records, seeds) in records().prop_flat_map(|r| {
        let n = r.len();
        (Just(r), prop::collection::vec(0..4_u128, n))
    })) {
        let links = records.iter().zip(&seeds).map(|(record, seed)| {
            (record.key.clone(), records::key::ProfileId::from_random_bits(*seed))
        });
        let standing = Standing { links: links.collect(), rulings: vec![] };
        let (with, without) = (run(&records, &standing), run(&records, &Standing::default()));
        prop_assert_eq!(cluster_of(&with), cluster_of(&without));
        let kept: Vec<_> = with.clusters.iter().filter_map(|cluster| cluster.keeps).collect();
        prop_assert_eq!(kept.iter().collect::<BTreeSet<_>>().len(), kept.len(), "no id goes on twice");
    }
}

#[test]
fn threads_change_nothing() {
    let records = example_world();
    let with_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| run(&records, &Standing::default()))
    };
    let alone = with_threads(1);
    assert_eq!(with_threads(4), alone);
}

#[test]
fn pages_change_nothing() {
    let records = example_world();
    let in_pages = |page| run_with(&records, &Standing::default(), Settings::default(), page);
    assert_eq!(in_pages(1), in_pages(5_000));
}

#[test]
fn a_record_out_of_order_is_refused() {
    let [first, second] = ["M1", "M2"].map(|id| (benefit(id, SNILS[1]), None));
    let mut engine = Engine::new(Settings::default());
    engine.add(std::slice::from_ref(&second)).unwrap();
    assert_eq!(
        engine.add(std::slice::from_ref(&first)).unwrap_err().key,
        first.0.key
    );
    assert_eq!(
        engine.add(std::slice::from_ref(&second)).unwrap_err().key,
        second.0.key
    );
}

#[test]
fn a_block_above_its_bound_is_reported_and_still_linked() {
    let mut records = example_world();
    records.retain(|record| record.key.source.as_str() == "border");
    let settings = Settings {
        block_groups_max: 2,
        ..Settings::default()
    };
    let bounded = run_with(&records, &Standing::default(), settings, 100);
    assert!(bounded.statistics.blocks.iter().any(|block| block.bounded > 0));
    let free = run(&records, &Standing::default());
    assert_eq!(bounded.clusters, free.clusters);
}
