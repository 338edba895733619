//! The public page of statistics: tables, map, downloads; protected figures only, and how they were made.

use std::cmp::Reverse;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use records::{Day, country::Country};
use serde::Deserialize;
use statistics::{
    counts::{Code, Dimension},
    csv_form::csv,
    map::svg::{Caption, svg},
    publish::{Measure, Published},
    table::{Cell, TOTAL, Table},
};

use super::{page::Page, publication::Publication, routes::Html, text::Language, words::Words};
use crate::http::{fault::Fault, limits::Bounded, peer::Peer, state::AppState};

/// Regions that the first view of the table shows beside the total.
const REGIONS_SHOWN: usize = 6;
/// Months of flows that the page shows.
const MONTHS_SHOWN: usize = 24;

const STOCK: [Dimension; 2] = [Dimension::Citizenship, Dimension::Region];
const FLOW: [Dimension; 3] = [Dimension::Month, Dimension::Citizenship, Dimension::Purpose];

#[derive(Template)]
#[template(path = "statistics/page.html")]
struct StatisticsPage {
    page: Page,
    on: String,
    day_text: String,
    days: Vec<DayChoice>,
    figures: Vec<(String, CellText)>,
    map_svg: String,
    by_region: Vec<(String, CellText)>,
    columns: Vec<String>,
    rows: Vec<CrossRow>,
    /// How many regions the first view leaves out, if any.
    regions_left_out: Option<String>,
    months: Vec<MonthRow>,
    method: Method,
    downloads: Vec<Download>,
}

#[derive(Template)]
#[template(path = "statistics/none.html")]
struct NothingPublished {
    page: Page,
}

struct DayChoice {
    code: String,
    text: String,
    chosen: bool,
}

/// A figure, or that it is withheld.
struct CellText {
    text: String,
    is_withheld: bool,
}

struct CrossRow {
    name: String,
    cells: Vec<CellText>,
}

struct MonthRow {
    name: String,
    entries: CellText,
    exits: CellText,
}

/// What stands beside the figures.
struct Method {
    edition: String,
    extract: String,
    threshold: String,
    withheld: String,
    cells: String,
}

struct Download {
    href: String,
    text: String,
}

#[derive(Deserialize)]
pub(crate) struct View {
    #[serde(default)]
    on: String,
    #[serde(default)]
    regions: String,
}

/// The page of a day; its address always leads to the same figures.
pub(crate) async fn page(
    State(state): State<AppState>,
    peer: Peer,
    page: Page,
    Query(view): Query<View>,
) -> Result<Response, Fault> {
    peer.take(&state, Bounded::Statistics)?;
    let Some(publication) = state.publication.as_ref() else {
        return Html::page(&NothingPublished { page });
    };
    let day = match view.on.as_str() {
        "" => publication.latest().ok_or(Fault::NotFound)?,
        day => day.parse::<Day>().map_err(|_| Fault::NotFound)?,
    };
    let stock = publication
        .find(day, Measure::Stock, &STOCK)
        .ok_or(Fault::NotFound)?;
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    let regions = ranked(stock.table.along(Dimension::Region, &[]));
    let shown = if view.regions == "all" {
        regions.len()
    } else {
        REGIONS_SHOWN.min(regions.len())
    };
    let columns: Vec<Code> = regions
        .iter()
        .take(shown)
        .map(|(code, _)| (*code).clone())
        .collect();
    let map_svg = map(publication, &stock.table, &words);
    Html::page(&StatisticsPage {
        on: day.to_string(),
        day_text: page.language.day(day),
        days: day_choices(publication, day, page.language),
        figures: figures(publication, day, &words),
        map_svg,
        by_region: regions
            .iter()
            .map(|(code, cell)| (region_name(code, &words), cell_text(*cell, &words)))
            .collect(),
        rows: cross_rows(&stock.table, &columns, &words),
        columns: columns.iter().map(|code| region_name(code, &words)).collect(),
        regions_left_out: (shown < regions.len()).then(|| (regions.len() - shown).to_string()),
        months: months(publication, day, &words),
        method: method(stock, page.language),
        downloads: publication
            .of_day(day)
            .iter()
            .map(|published| download(published, day, page.language))
            .collect(),
        page,
    })
}

fn day_choices(publication: &Publication, chosen: Day, language: Language) -> Vec<DayChoice> {
    let choice = |day: Day| DayChoice {
        code: day.to_string(),
        text: language.day(day),
        chosen: day == chosen,
    };
    publication.days().map(choice).collect()
}

/// The stock by region, drawn.
fn map(publication: &Publication, table: &Table, words: &Words<'_>) -> String {
    let say = |key: &str| words.language.say(key);
    let caption = Caption {
        id: "stock-map",
        title: &say("statistics-map-name"),
        description: &say("statistics-map-text"),
        legend: &say("statistics-persons"),
        withheld: &say("statistics-withheld"),
        no_data: &say("statistics-no-data"),
        neutral: &say("statistics-neutral"),
        region: &|region| words.region(region),
    };
    svg(&publication.atlas, table.along(Dimension::Region, &[]), &caption)
}

/// The largest first, withheld ones last.
fn ranked(mut cells: Vec<(&Code, Cell)>) -> Vec<(&Code, Cell)> {
    cells.sort_by_key(|(code, cell)| (Reverse(cell.count()), (*code).clone()));
    cells
}

fn cell_text(cell: Cell, words: &Words<'_>) -> CellText {
    match cell {
        Cell::Count(count) => CellText {
            text: words.language.number(count),
            is_withheld: false,
        },
        Cell::Withheld => CellText {
            text: words.language.say("statistics-withheld"),
            is_withheld: true,
        },
    }
}

/// A cell that the table does not list counts nobody.
fn at(table: &Table, codes: &[Code]) -> Cell {
    table.find(codes).unwrap_or(Cell::Count(0))
}

fn total() -> Code {
    Code::new(TOTAL)
}

pub(crate) fn region_name(code: &Code, words: &Words<'_>) -> String {
    words
        .language
        .find(&format!("region-{code}"))
        .unwrap_or_else(|| words.language.say("statistics-unknown-region"))
}

fn country_name(code: &Code, words: &Words<'_>) -> String {
    let country = Country::parse(code.as_str());
    country.map_or_else(
        |_| words.language.say("statistics-unknown-citizenship"),
        |country| words.country(country),
    )
}

fn figures(publication: &Publication, day: Day, words: &Words<'_>) -> Vec<(String, CellText)> {
    let of = |key: &str, measure, dimensions: &[Dimension], codes: &[Code]| {
        let published = publication.find(day, measure, dimensions)?;
        Some((
            words.language.say(key),
            cell_text(at(&published.table, codes), words),
        ))
    };
    let month = Code::month(day);
    let flow = [month, total(), total()];
    [
        of(
            "statistics-stock-all",
            Measure::Stock,
            &STOCK,
            &[total(), total()],
        ),
        of("statistics-entries-month", Measure::Entries, &FLOW, &flow),
        of("statistics-exits-month", Measure::Exits, &FLOW, &flow),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn cross_rows(table: &Table, columns: &[Code], words: &Words<'_>) -> Vec<CrossRow> {
    let row = |name: String, citizenship: &Code| {
        let codes = std::iter::once(total()).chain(columns.iter().cloned());
        let cells = codes.map(|region| cell_text(at(table, &[citizenship.clone(), region]), words));
        CrossRow {
            name,
            cells: cells.collect(),
        }
    };
    let citizenships = ranked(table.along(Dimension::Citizenship, &[]));
    std::iter::once(row(words.language.say("statistics-all-citizenships"), &total()))
        .chain(
            citizenships
                .iter()
                .map(|(code, _)| row(country_name(code, words), code)),
        )
        .collect()
}

/// Entries and exits of each month up to the day, the latest first.
fn months(publication: &Publication, day: Day, words: &Words<'_>) -> Vec<MonthRow> {
    let of = |measure| {
        publication
            .find(day, measure, &FLOW)
            .map(|published| &published.table)
    };
    let (Some(entries), Some(exits)) = (of(Measure::Entries), of(Measure::Exits)) else {
        return Vec::new();
    };
    let mut months: Vec<&Code> = entries.codes(Dimension::Month);
    months.extend(exits.codes(Dimension::Month));
    months.sort_unstable();
    months.dedup();
    let row = |month: &&Code| {
        let codes = [(*month).clone(), total(), total()];
        MonthRow {
            name: month_name(month, words.language),
            entries: cell_text(at(entries, &codes), words),
            exits: cell_text(at(exits, &codes), words),
        }
    };
    months.iter().rev().take(MONTHS_SHOWN).map(row).collect()
}

/// `2025-12` as `Декабрь 2025 г.`
fn month_name(code: &Code, language: Language) -> String {
    let parts = code
        .as_str()
        .split_once('-')
        .and_then(|(year, month)| Some((year.parse().ok()?, month.parse().ok()?)));
    parts.map_or_else(|| code.to_string(), |(year, month)| language.month(year, month))
}

fn method(stock: &Published, language: Language) -> Method {
    let description = &stock.description;
    Method {
        edition: description.rule_edition.clone(),
        extract: description.extract.clone(),
        threshold: description.protection.threshold.to_string(),
        withheld: language.number(description.protection.withheld as u64),
        cells: language.number(description.protection.cells as u64),
    }
}

/// `stock_citizenship_region`: what tells one table of a day from another.
fn file_stem(published: &Published) -> String {
    format!(
        "{}_{}",
        published.measure.name(),
        published.description.dimensions.join("_")
    )
}

fn download(published: &Published, day: Day, language: Language) -> Download {
    let stem = file_stem(published);
    Download {
        href: format!("/statistics/{stem}_{day}.csv"),
        text: language.say(&format!("table-{}", stem.replace('_', "-"))),
    }
}

/// One table as CSV.
pub(crate) async fn file(
    State(state): State<AppState>,
    peer: Peer,
    Path(name): Path<String>,
) -> Result<Response, Fault> {
    peer.take(&state, Bounded::Statistics)?;
    let publication = state.publication.as_ref().as_ref().ok_or(Fault::NotFound)?;
    let (stem, day) = name
        .strip_suffix(".csv")
        .and_then(|name| name.rsplit_once('_'))
        .ok_or(Fault::NotFound)?;
    let day: Day = day.parse().map_err(|_| Fault::NotFound)?;
    let published = publication
        .of_day(day)
        .iter()
        .find(|published| file_stem(published) == stem);
    let table = &published.ok_or(Fault::NotFound)?.table;
    let text = csv(table).map_err(|error| Fault::internal(&error))?;
    let headers = [
        (
            header::CONTENT_TYPE,
            "text/csv; charset=utf-8; header=present".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{stem}_{day}.csv\""),
        ),
    ];
    Ok((headers, text).into_response())
}
