//! The same recipe gives the same bytes, however it is made; another recipe gives others.

use proptest::prelude::*;
use world::{make::Layout, report::Source};

use crate::support::{made, recipe};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn threads_do_not_show(seed: u64, people in 1_u64..900, threads in 2_usize..5) {
        let one = made(recipe(people, seed), 1, Layout::Whole).files();
        let many = made(recipe(people, seed), threads, Layout::Whole).files();
        prop_assert_eq!(one.keys().collect::<Vec<_>>(), many.keys().collect::<Vec<_>>());
        for (name, bytes) in &one {
            prop_assert!(&many[name] == bytes, "{} differs", name);
        }
    }
}

#[test]
fn another_seed_is_another_world() {
    let files = |seed| made(recipe(50, seed), 1, Layout::Whole).files();
    let (one, other) = (files(1), files(2));
    for name in ["truth/people.csv", "sources/border/crossings.csv"] {
        assert_ne!(one[name], other[name], "{name}");
    }
}

#[test]
fn increments_hold_the_same_lines() {
    let whole = made(recipe(400, 5), 2, Layout::Whole);
    let daily = made(recipe(400, 5), 2, Layout::DailyFrom(2025));
    let days: Vec<String> = std::fs::read_dir(daily.path("increments"))
        .unwrap()
        .map(|entry| format!("increments/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    assert!(days.len() > 300, "{} days", days.len());
    for source in Source::ALL {
        let mut once = whole.lines("", source);
        let mut parts = daily.lines("", source);
        for day in &days {
            parts.extend(daily.lines(day, source));
        }
        once.sort();
        parts.sort();
        assert!(once == parts, "{}", source.name());
    }
    assert_eq!(whole.files()["truth/links.csv"], daily.files()["truth/links.csv"]);
}

#[test]
fn what_is_there_is_not_overwritten() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("mine.txt"), "mine").unwrap();
    let world = world::world::World::new(recipe(1, 1), crate::support::pack()).unwrap();
    let threads = std::num::NonZeroUsize::MIN;
    let refused = world::make::make(&world, place.path(), threads, Layout::Whole).unwrap_err();
    assert!(refused.to_string().ends_with("exists and is not empty"));
}
