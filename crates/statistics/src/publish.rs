//! The closed list of published tables, protected together, in every form.
//!
//! A table that is not on the list cannot be asked for: fixed classifications are what the threshold rule protects.

use records::{Day, span::Span};
use serde::Serialize;

use crate::{
    counts::{Counts, Dimension},
    csv_form::{CsvError, csv},
    describe::{Description, Protection, SOURCE},
    flows::{Flow, flow},
    patents::patents,
    protect::{ProtectError, Shape, protect, protect_list, slicing},
    quality::quality,
    register::Register,
    stock::stock,
    table::{Cell, Table},
};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    Stock,
    Entries,
    Exits,
    Patents,
    Quality,
}

impl Measure {
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Stock,
            Self::Entries,
            Self::Exits,
            Self::Patents,
            Self::Quality,
        ]
        .into_iter()
        .find(|measure| measure.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Entries => "entries",
            Self::Exits => "exits",
            Self::Patents => "patents",
            Self::Quality => "quality",
        }
    }
}

/// One table with its meaning.
#[derive(Clone, Debug)]
pub struct Published {
    pub measure: Measure,
    pub table: Table,
    pub description: Description,
}

/// A file to be written; names are fixed, contents are protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub content: String,
}

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("the day lies outside the days {from} to {until} that the extract covers")]
    NotObserved { from: Day, until: Day },
    #[error("there is no table of {measure} by {dimensions}")]
    NoSuchTable {
        measure: &'static str,
        dimensions: String,
    },
    #[error(transparent)]
    Protect(#[from] ProtectError),
    #[error(transparent)]
    Csv(#[from] CsvError),
    #[error("could not write the description")]
    Describe(#[from] serde_json::Error),
}

const STOCK_DEFINITION: &str = "foreign citizens and stateless persons present in the country on the day; the days of \
    entry and exit both count; citizenship by the document of the last entry, region of the notified place of stay";
const ENTRIES_DEFINITION: &str = "entries in the month, a same-day return included; purpose shown by the records of \
    the stay, else declared";
const EXITS_DEFINITION: &str = "exits in the month; purpose shown by the records of the stay, else declared";
const PATENTS_DEFINITION: &str =
    "patents issued and paid for on the last day of the month (115-FZ art. 13.3)";
const QUALITY_DEFINITION: &str =
    "events of the month by what they rest on, and crossings without their partner";

/// All tables of one snapshot.
pub fn tables(register: &Register, on: Day, extract: &str) -> Result<Vec<Published>, PublishError> {
    let period = period(register, on)?;
    let counts = [
        (
            Measure::Entries,
            flow(register, Flow::Entries, period),
            ENTRIES_DEFINITION,
        ),
        (
            Measure::Exits,
            flow(register, Flow::Exits, period),
            EXITS_DEFINITION,
        ),
        (
            Measure::Patents,
            patents(register, &month_ends(period)),
            PATENTS_DEFINITION,
        ),
    ];
    let mut published = stock_tables(register, on, extract)?;
    let rule = register.rules().protection;
    for (measure, counts, definition) in counts {
        let shape = Shape {
            slices: slicing(counts.dimensions()),
            withhold_grand_total: false,
        };
        let table = protect(&counts, &shape, rule)?;
        published.push(describe(register, measure, table, definition, on, extract));
    }
    let table = protect_list(&quality(register, period), rule);
    published.push(describe(
        register,
        Measure::Quality,
        table,
        QUALITY_DEFINITION,
        on,
        extract,
    ));
    Ok(published)
}

/// The stock by citizenship and region, and by sex and age group. They share the grand total and nothing else, so it
/// is withheld in both or in none.
fn stock_tables(register: &Register, on: Day, extract: &str) -> Result<Vec<Published>, PublishError> {
    let rule = register.rules().protection;
    let all = stock(register, on);
    let cut = |dimensions: [Dimension; 2]| {
        all.by(&dimensions)
            .unwrap_or_else(|| Counts::new(dimensions.to_vec()))
    };
    let counts = [
        cut([Dimension::Citizenship, Dimension::Region]),
        cut([Dimension::Sex, Dimension::AgeGroup]),
    ];
    let both = |shape: Shape| -> Result<Vec<Table>, ProtectError> {
        counts
            .iter()
            .map(|counts| protect(counts, &shape, rule))
            .collect()
    };
    let grand = vec![crate::protect::total(), crate::protect::total()];
    let mut tables = both(Shape::default())?;
    if tables
        .iter()
        .any(|table| table.find(&grand) == Some(Cell::Withheld))
    {
        tables = both(Shape {
            slices: 0,
            withhold_grand_total: true,
        })?;
    }
    Ok(tables
        .into_iter()
        .map(|table| describe(register, Measure::Stock, table, STOCK_DEFINITION, on, extract))
        .collect())
}

fn describe(
    register: &Register,
    measure: Measure,
    table: Table,
    definition: &'static str,
    on: Day,
    extract: &str,
) -> Published {
    let rules = register.rules();
    let description = Description {
        table: measure.name(),
        definition,
        unit: if measure == Measure::Stock {
            "persons"
        } else {
            "events"
        },
        dimensions: table
            .dimensions()
            .iter()
            .map(|dimension| dimension.name())
            .collect(),
        snapshot_day: on,
        extract: extract.to_owned(),
        rule_edition: rules.edition.clone(),
        protection: Protection::of(&table, rules),
        source: SOURCE,
        notes: vec!["a withheld cell is not a zero", "codes: _T total, _U not stated"],
    };
    Published {
        measure,
        table,
        description,
    }
}

/// One table of the list, or its margin: `[citizenship, region]`, `[region]`, ...
pub fn table(
    register: &Register,
    measure: Measure,
    dimensions: &[Dimension],
    on: Day,
    extract: &str,
) -> Result<Published, PublishError> {
    let no_such = || PublishError::NoSuchTable {
        measure: measure.name(),
        dimensions: dimensions.iter().map(|d| d.name()).collect::<Vec<_>>().join(", "),
    };
    let all = match measure {
        Measure::Stock => {
            period(register, on)?;
            stock_tables(register, on, extract)?
        }
        _ => tables(register, on, extract)?,
    };
    all.into_iter()
        .filter(|published| published.measure == measure)
        .find_map(|published| {
            let table = published.table.margins(dimensions)?;
            Some(Published { table, ..published })
        })
        .ok_or_else(no_such)
}

/// Every table as CSV with its description, and the stock by region for the map.
pub fn files(register: &Register, on: Day, extract: &str) -> Result<Vec<File>, PublishError> {
    let mut files = Vec::new();
    for published in tables(register, on, extract)? {
        let name = format!(
            "{}_{}",
            published.measure.name(),
            published.description.dimensions.join("_")
        );
        if let Some(by_region) = map_json(&published)? {
            files.push(by_region);
        }
        files.push(File {
            name: format!("{name}.csv"),
            content: csv(&published.table)?,
        });
        let content = serde_json::to_string_pretty(&published.description)?;
        files.push(File {
            name: format!("{name}.json"),
            content,
        });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// Region to count or `"withheld"`, of the stock.
fn map_json(published: &Published) -> Result<Option<File>, PublishError> {
    if published.measure != Measure::Stock || !published.table.dimensions().contains(&Dimension::Region) {
        return Ok(None);
    }
    let regions: serde_json::Map<String, serde_json::Value> = published
        .table
        .along(Dimension::Region, &[])
        .into_iter()
        .map(|(code, cell)| {
            let value = match cell {
                Cell::Count(count) => count.into(),
                Cell::Withheld => "withheld".into(),
            };
            (code.as_str().to_owned(), value)
        })
        .collect();
    let map = serde_json::json!({
        "measure": published.measure,
        "snapshot_day": published.description.snapshot_day,
        "rule_edition": published.description.rule_edition,
        "regions": regions,
    });
    Ok(Some(File {
        name: "map_stock_region.json".to_owned(),
        content: serde_json::to_string_pretty(&map)?,
    }))
}

fn period(register: &Register, on: Day) -> Result<Span, PublishError> {
    let observed = register.observed();
    let until = observed.until.unwrap_or(on);
    let outside = PublishError::NotObserved {
        from: observed.from,
        until,
    };
    // A snapshot on the last day of the last month is asked for though nobody crossed on that very day.
    if on < observed.from || on > until.last_of_month() {
        return Err(outside);
    }
    Span::new(observed.from.first_of_month(), Some(on)).map_err(|_| outside)
}

/// Last days of the months of a period.
pub fn month_ends(period: Span) -> Vec<Day> {
    let until = period.until.unwrap_or(period.from);
    let mut ends = Vec::new();
    let mut end = period.from.last_of_month();
    while end <= until {
        ends.push(end);
        match end.tomorrow() {
            Ok(next) => end = next.last_of_month(),
            Err(_) => break,
        }
    }
    ends
}
