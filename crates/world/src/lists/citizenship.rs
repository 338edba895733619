//! Citizenships: how they enter, what their passports look like, what brings their people.

use std::collections::HashMap;

use records::country::Country;

use super::{ListError, NameList, rows};
use crate::{
    draw::{Draw, Weighted},
    way::Way,
};

const FILE: &str = "citizenships.csv";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regime {
    /// Comes without visa, works under a patent.
    Free,
    /// Works by contract alone (EAEU Treaty art. 97).
    Eaeu,
    Belarus,
    Visa,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatronymicStyle {
    None,
    /// `Рустамович`.
    Ovich,
    /// Mostly `Рустам угли`.
    Ogli,
    /// Mostly `Рустам оглы`.
    Ogly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LatinStyle {
    Plain,
    /// Spelt by one standard without exception (pinyin).
    Fixed,
    /// The given names end in the father's name and `OGLU` or `QIZI`.
    Oglu,
}

/// Shape of a document number: `#` is a digit, `@` a letter.
#[derive(Clone, Debug)]
pub struct DocumentShape {
    pub shape: String,
    pub is_card: bool,
}

#[derive(Debug)]
pub struct Citizenship {
    pub country: Country,
    /// Place in the list of name lists.
    pub names: usize,
    pub regime: Regime,
    pub patronymic: PatronymicStyle,
    /// Persons whose papers hold no patronymic.
    pub no_patronymic: f64,
    pub latin: LatinStyle,
    pub documents: Vec<DocumentShape>,
    document_shares: Weighted,
    pub next_documents: Vec<DocumentShape>,
    next_document_shares: Weighted,
    /// Birth places; empty when the country's name stands for them.
    pub towns: Vec<String>,
    pub land_checkpoints: Vec<String>,
    russian_names: Vec<String>,
    russian_name_shares: Weighted,
    /// By [`Way`], of those who come alone.
    pub ways: [f64; Way::ALONE],
}

impl Citizenship {
    pub fn draw_document<'c>(&'c self, next: bool, draw: &mut Draw) -> (usize, &'c DocumentShape) {
        let (shapes, shares) = if next {
            (&self.next_documents, &self.next_document_shares)
        } else {
            (&self.documents, &self.document_shares)
        };
        let at = shares.draw(draw);
        (at, &shapes[at])
    }

    /// How a Russian form names the country; none when there is the name of the list only.
    pub fn draw_russian_name(&self, draw: &mut Draw) -> Option<&str> {
        if self.russian_names.is_empty() {
            return None;
        }
        Some(&self.russian_names[self.russian_name_shares.draw(draw)])
    }

    pub fn needs_visa(&self) -> bool {
        self.regime == Regime::Visa
    }

    /// Works without permit: EAEU and the Union State.
    pub fn works_freely(&self) -> bool {
        matches!(self.regime, Regime::Eaeu | Regime::Belarus)
    }
}

/// `one:3|two:1` as items and weights.
fn weighted(cell: &str, separator: char) -> (Vec<String>, Weighted) {
    let items: Vec<(String, f64)> = cell
        .split(separator)
        .filter(|item| !item.is_empty())
        .map(|item| match item.rsplit_once(':') {
            Some((name, weight)) => (name.to_owned(), weight.parse().unwrap_or(1.0)),
            None => (item.to_owned(), 1.0),
        })
        .collect();
    let shares = Weighted::new(items.iter().map(|(_, weight)| *weight));
    (items.into_iter().map(|(name, _)| name).collect(), shares)
}

fn shapes(cell: &str) -> (Vec<DocumentShape>, Weighted) {
    let (items, shares) = weighted(cell, ' ');
    let shapes = items
        .into_iter()
        .map(|item| DocumentShape {
            is_card: item.ends_with('*'),
            shape: item.trim_end_matches('*').to_owned(),
        })
        .collect();
    (shapes, shares)
}

type Row = HashMap<String, String>;

pub(super) fn load(names: &[NameList]) -> Result<Vec<Citizenship>, ListError> {
    rows::<Row>(FILE, include_str!("../../data/citizenships.csv"))?
        .iter()
        .enumerate()
        .map(|(at, row)| {
            read(row, names).map_err(|problem| ListError::Row {
                file: FILE,
                row: at + 2,
                problem,
            })
        })
        .collect()
}

fn read(row: &Row, names: &[NameList]) -> Result<Citizenship, &'static str> {
    let cell = |name: &str| row.get(name).map(String::as_str).ok_or("lacks a column");
    let list = |text: &str, separator: char| -> Vec<String> {
        text.split(separator)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let number = |name: &str| {
        cell(name)?
            .parse::<f64>()
            .map_err(|_| "holds no number where one belongs")
    };
    let names_code = cell("names")?;
    let (documents, document_shares) = shapes(cell("documents")?);
    let (next_documents, next_document_shares) = shapes(cell("next_documents")?);
    let (russian_names, russian_name_shares) = weighted(cell("russian_names")?, '|');
    let mut ways = [0.0; Way::ALONE];
    for (way, share) in Way::ALL.iter().zip(&mut ways) {
        *share = number(way.name())?;
    }
    Ok(Citizenship {
        country: Country::parse(cell("alpha3")?).map_err(|_| "alpha3 is no code")?,
        names: names
            .iter()
            .position(|list| list.code == names_code)
            .ok_or("names: there is no such list")?,
        regime: match cell("regime")? {
            "free" => Regime::Free,
            "eaeu" => Regime::Eaeu,
            "belarus" => Regime::Belarus,
            "visa" => Regime::Visa,
            _ => return Err("regime is unknown"),
        },
        patronymic: match cell("patronymic")? {
            "none" => PatronymicStyle::None,
            "ovich" => PatronymicStyle::Ovich,
            "ogli" => PatronymicStyle::Ogli,
            "ogly" => PatronymicStyle::Ogly,
            _ => return Err("patronymic is unknown"),
        },
        no_patronymic: number("no_patronymic")?,
        latin: match cell("latin")? {
            "plain" => LatinStyle::Plain,
            "fixed" => LatinStyle::Fixed,
            "oglu" => LatinStyle::Oglu,
            _ => return Err("latin is unknown"),
        },
        documents,
        document_shares,
        next_documents,
        next_document_shares,
        towns: list(cell("towns")?, ','),
        land_checkpoints: list(cell("land_checkpoints")?, ' '),
        russian_names,
        russian_name_shares,
        ways,
    })
}
