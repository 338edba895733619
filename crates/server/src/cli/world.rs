//! `sojourn world`: an invented world of any size, for rehearsals and load.

use std::{num::NonZeroUsize, thread, time::Instant};

use ::world::{
    make::{Layout, Made, make},
    pack::{Pack, PackTables},
    world::{Recipe, World},
};
use serde::Serialize;

use super::{
    Finish,
    args::{self, Common},
    show,
};
use crate::{data::DataFiles, installation::Stop};

#[derive(Serialize)]
struct Report {
    people: u64,
    lines: u64,
    bytes: u64,
    sources: Vec<(&'static str, u64)>,
    seconds: f64,
}

pub(crate) fn run(common: &Common, recipe: &args::World) -> Result<Finish, Stop> {
    let start = Instant::now();
    let made = made(common, recipe)?;
    let report = report(made, start.elapsed().as_secs_f64());
    if common.json {
        show::json(&report)?;
    } else {
        show::text(&as_text(&report))?;
    }
    Ok(Finish::Done)
}

/// Makes a world.
pub(crate) fn made(common: &Common, recipe: &args::World) -> Result<Made, Stop> {
    let pack = pack(&DataFiles::new(common.data.clone()))?;
    let world = World::new(
        Recipe {
            seed: recipe.seed,
            people: recipe.people,
            noise: recipe.noise,
        },
        pack,
    )?;
    let threads = match recipe.threads {
        Some(threads) => threads,
        None => thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
    };
    let layout = recipe.increments.map_or(Layout::Whole, Layout::DailyFrom);
    Ok(make(&world, &recipe.out, threads, layout)?)
}

fn pack(data: &DataFiles) -> Result<Pack, Stop> {
    let [
        countries,
        country_names,
        regions,
        patent_price,
        observed_price,
        parameters,
    ] = [
        data.pack_file("ru/countries.csv")?,
        data.pack_file("ru/country_names.csv")?,
        data.pack_file("ru/regions_ru.csv")?,
        data.pack_file("ru/patent_price.csv")?,
        data.pack_file("ru/observed_price.csv")?,
        data.pack_file("ru/parameters.csv")?,
    ];
    Ok(Pack::parse(PackTables {
        countries: &countries,
        country_names: &country_names,
        regions: &regions,
        patent_price: &patent_price,
        observed_price: &observed_price,
        parameters: &parameters,
    })?)
}

fn report(made: Made, seconds: f64) -> Report {
    Report {
        people: made.people,
        lines: made.lines.iter().map(|(_, lines)| lines).sum(),
        bytes: made.bytes,
        sources: made
            .lines
            .into_iter()
            .map(|(source, lines)| (source.name(), lines))
            .collect(),
        seconds,
    }
}

fn as_text(report: &Report) -> String {
    let rows: Vec<Vec<String>> = report
        .sources
        .iter()
        .map(|(source, lines)| vec![(*source).to_owned(), lines.to_string()])
        .collect();
    format!(
        "{}\n\n{} people, {} lines, {} bytes in {:.1} s. Everybody in this world is invented.",
        show::table(&["source", "lines"], &rows),
        report.people,
        report.lines,
        report.bytes,
        report.seconds,
    )
}
