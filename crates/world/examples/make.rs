//! Makes a world and tells how long it took: `make PEOPLE SEED OUT [THREADS]`, run in the repository.

use std::{env, fs, num::NonZeroUsize, path::Path, time::Instant};

use world::{
    make::{Layout, make},
    pack::{Pack, PackTables},
    world::{Recipe, World},
};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let table = |name: &str| fs::read_to_string(format!("packs/ru/{name}.csv")).unwrap();
    let [
        countries,
        country_names,
        regions,
        patent_price,
        observed_price,
        parameters,
    ] = [
        "countries",
        "country_names",
        "regions_ru",
        "patent_price",
        "observed_price",
        "parameters",
    ]
    .map(table);
    let pack = Pack::parse(PackTables {
        countries: &countries,
        country_names: &country_names,
        regions: &regions,
        patent_price: &patent_price,
        observed_price: &observed_price,
        parameters: &parameters,
    })
    .unwrap();
    let recipe = Recipe {
        people: arguments[0].parse().unwrap(),
        seed: arguments[1].parse().unwrap(),
        noise: 1.0,
    };
    let threads = arguments.get(3).map_or(2, |threads| threads.parse().unwrap());
    let world = World::new(recipe, pack).unwrap();
    let start = Instant::now();
    let made = make(
        &world,
        Path::new(&arguments[2]),
        NonZeroUsize::new(threads).unwrap(),
        Layout::Whole,
    )
    .unwrap();
    let lines: u64 = made.lines.iter().map(|(_, lines)| lines).sum();
    println!(
        "{:.1} s, {lines} lines, {} bytes",
        start.elapsed().as_secs_f64(),
        made.bytes
    );
    for (source, lines) in made.lines {
        println!("{:<10} {lines:>10}", source.name());
    }
}
