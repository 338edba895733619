//! For developers: how near the estimates come to a synthetic world's truth, before and after protection.
//!
//!     cargo run -p statistics --example score_tables -- WORLD LINKS.csv OUT
//!
//! WORLD holds `sources/` and `truth/`; LINKS.csv is `sojourn export links`, or the world's own `truth/links.csv` to
//! judge the estimation alone. Writes unprotected tables in the shape of `truth/tables` into OUT for `score.py`, and
//! prints the mean relative error of the published stock over cells of 20 and more. No part of the product writes
//! unprotected figures.

#[path = "../tests/it/extract.rs"]
mod extract;

use std::{collections::BTreeMap, fs, path::Path};

use extract::Failure;
use jiff::civil::{Date, date};
use records::span::Span;
use statistics::{
    counts::{Counts, Dimension},
    flows::{Flow, flow},
    patents::patents,
    publish::{Measure, month_ends, table},
    register::Register,
    rules::StatisticsRules,
    stock::stock,
    table::{Cell, TOTAL},
};

/// Cells smaller than this say little about an estimate.
const CELL_MIN: f64 = 20.0;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [world, links, out] = args.as_slice() else {
        return Err("usage: score_tables WORLD LINKS.csv OUT".into());
    };
    let world = Path::new(world);
    let rows = extract::rows(extract::records(&world.join("sources"))?, Path::new(links))?;
    let pack = fs::read_to_string(extract::workspace().join("packs/ru/statistics.toml"))?;
    let register = Register::build(rows, &StatisticsRules::parse(&pack)?)?;
    let out = Path::new(out);
    fs::create_dir_all(out)?;
    let observed = register.observed();
    let period = Span::new(
        observed.from.first_of_month(),
        observed.until.map(Date::last_of_month),
    )?;
    let truth = read_stock(&world.join("truth/tables/stock.csv"))?;
    let mut errors = [Errors::default(), Errors::default()];
    let mut text = String::from("date,citizenship,region,sex,age_group,count\n");
    for on in quarter_ends(period) {
        for (codes, count) in stock(&register, on).cells() {
            let codes: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
            text.push_str(&format!("{on},{},{count}\n", codes.join(",")));
        }
        compare(&register, on, &truth, &mut errors)?;
    }
    println!(
        "all days: cells {}; margins {}",
        errors[0].words(),
        errors[1].words()
    );
    fs::write(out.join("stock.csv"), text)?;
    write(
        &flow(&register, Flow::Entries, period),
        "month,citizenship,purpose",
        &out.join("entries.csv"),
    )?;
    write(
        &flow(&register, Flow::Exits, period),
        "month,citizenship,purpose",
        &out.join("exits.csv"),
    )?;
    write(
        &patents(&register, &month_ends(period)),
        "date,region",
        &out.join("patents.csv"),
    )?;
    Ok(())
}

fn write(counts: &Counts, head: &str, path: &Path) -> Result<(), Failure> {
    let mut text = format!("{head},count\n");
    for (codes, count) in counts.cells() {
        let codes: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
        text.push_str(&format!("{},{count}\n", codes.join(",")));
    }
    Ok(fs::write(path, text)?)
}

fn quarter_ends(period: Span) -> Vec<Date> {
    month_ends(period)
        .into_iter()
        .filter(|day| day.month() % 3 == 0)
        .collect()
}

type Stock = BTreeMap<(Date, String, String), f64>;

fn read_stock(path: &Path) -> Result<Stock, Failure> {
    let mut stock = Stock::new();
    for line in csv::Reader::from_path(path)?.records() {
        let line = line?;
        let key = (
            line[0].parse::<Date>().unwrap_or(date(1, 1, 1)),
            line[1].to_owned(),
            line[2].to_owned(),
        );
        *stock.entry(key).or_default() += line[5].parse::<f64>()?;
    }
    Ok(stock)
}

/// Relative errors of published counts beside the truth, and how many of the larger ones were withheld.
#[derive(Default)]
struct Errors {
    relative: Vec<f64>,
    withheld: usize,
}

impl Errors {
    fn add(&mut self, cell: Cell, truth: f64) {
        match cell {
            Cell::Count(count) => self.relative.push((count as f64 - truth).abs() / truth),
            Cell::Withheld => self.withheld += 1,
        }
    }

    fn words(&self) -> String {
        let mean = self.relative.iter().sum::<f64>() / self.relative.len().max(1) as f64 * 100.0;
        format!(
            "{mean:.2} % over {} published, {} withheld",
            self.relative.len(),
            self.withheld
        )
    }
}

/// The published (protected) stock by citizenship and region beside the truth, cells and margins apart.
fn compare(register: &Register, on: Date, truth: &Stock, all: &mut [Errors; 2]) -> Result<(), Failure> {
    let published = table(
        register,
        Measure::Stock,
        &[Dimension::Citizenship, Dimension::Region],
        on,
        "example",
    )?
    .table;
    let mut of_day = [Errors::default(), Errors::default()];
    let mut grand = (Cell::Withheld, 0.0);
    for (codes, cell) in published.cells() {
        let [citizenship, region] = [codes[0].as_str(), codes[1].as_str()];
        let fits = |code: &str, wanted: &str| wanted == TOTAL || code == wanted;
        let wanted: f64 = truth
            .iter()
            .filter(|((day, c, r), _)| *day == on && fits(c, citizenship) && fits(r, region))
            .map(|(_, count)| count)
            .sum();
        let margins = usize::from(citizenship == TOTAL || region == TOTAL);
        if wanted >= CELL_MIN {
            of_day[margins].add(cell, wanted);
            all[margins].add(cell, wanted);
        }
        if citizenship == TOTAL && region == TOTAL {
            grand = (cell, wanted);
        }
    }
    let total = grand
        .0
        .count()
        .map_or_else(|| "withheld".to_owned(), |count| count.to_string());
    println!(
        "{on}: cells {}; margins {}; total {total} of {}; withheld {} of {} cells",
        of_day[0].words(),
        of_day[1].words(),
        grand.1,
        published.withheld(),
        published.cells().count()
    );
    Ok(())
}
