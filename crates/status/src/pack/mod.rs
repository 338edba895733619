//! A rule pack: the law of one jurisdiction as data that a lawyer edits.
//!
//! In: the pack's files as text. Out: a checked [`Pack`], or an error that names file, line and field.
//! Not here: what the rules mean for a person (`engine`).

use std::collections::{BTreeMap, BTreeSet};

use records::{
    calendar::WorkCalendar,
    country::{Countries, Country},
};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

pub mod advice;
pub mod basis;
mod check;
pub mod condition;
pub mod duty;
pub mod parameter;
pub mod price;
pub mod regime;
pub mod register;
pub mod rule;
pub mod schema;
pub mod selector;
mod source;
mod table;
pub mod text;
pub mod vocabulary;
pub mod work;

use rule::{Rule, RuleId};
pub use source::SourceOrder;

use crate::citizenship::Citizenship;

/// Bytes of a pack's digest that name its edition: enough to tell editions apart, short enough for a receipt.
const EDITION_BYTES: usize = 8;
const CALENDAR: &str = "work_calendar.csv";
const COUNTRIES: &str = "countries.csv";

/// Names in other languages are for reading sources, not for rules.
const NO_OTHER_NAMES: &str = "name,alpha3\n";

/// Why a pack was refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    #[error("{file} is missing from the pack")]
    NoFile { file: String },
    #[error("{file}, line {line}, {field}: {problem}")]
    Field {
        file: String,
        line: u64,
        field: String,
        problem: String,
    },
    #[error("{file}, {place}, {field}: {problem}")]
    Entry {
        file: String,
        place: String,
        field: String,
        problem: String,
    },
}

impl PackError {
    fn at(file: &str, line: u64, field: &str, problem: impl Into<String>) -> Self {
        Self::Field {
            file: file.to_owned(),
            line,
            field: field.to_owned(),
            problem: problem.into(),
        }
    }

    /// `place` is the code of the entry, such as `basis visa_free`.
    fn in_row(file: &str, place: &str, field: &str, problem: impl Into<String>) -> Self {
        Self::Entry {
            file: file.to_owned(),
            place: place.to_owned(),
            field: field.to_owned(),
            problem: problem.into(),
        }
    }
}

/// The files of a pack by name.
#[derive(Clone, Debug, Default)]
pub struct PackFiles(BTreeMap<String, String>);

impl PackFiles {
    pub fn with(mut self, name: &str, text: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), text.into());
        self
    }

    /// Names of the files that a pack is read from; prices and the register may be absent. Reference tables beside them are other parts' business.
    pub fn names() -> &'static [&'static str] {
        &[
            rule::FILE,
            parameter::FILE,
            CALENDAR,
            COUNTRIES,
            regime::FILE,
            schema::FACTS,
            schema::WORDS,
            source::FILE,
            basis::FILE,
            advice::STANDINGS,
            work::FILE,
            duty::FILE,
            register::REGISTER,
            register::BANS,
            advice::ADVICE,
            price::RULE_FILE,
            price::FILE,
            price::OBSERVED,
            text::FILE,
            vocabulary::FILE,
        ]
    }

    /// The start of SHA-256 over names and contents, each with its length.
    fn edition(&self) -> String {
        let mut digest = Sha256::new();
        for part in self
            .0
            .iter()
            .filter(|(name, _)| Self::names().contains(&name.as_str()))
            .flat_map(|(n, t)| [n, t])
        {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        hex::encode(&digest.finalize()[..EDITION_BYTES])
    }

    fn text(&self, name: &str) -> Result<&str, PackError> {
        self.0
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| PackError::NoFile {
                file: name.to_owned(),
            })
    }

    fn optional_toml<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, PackError> {
        self.0.contains_key(name).then(|| self.toml(name)).transpose()
    }

    /// The price rule and the tables that it needs, where a pack has one.
    fn prices(&self) -> Result<Option<price::Prices>, PackError> {
        let Some(rule) = self.optional_toml(price::RULE_FILE)? else {
            return Ok(None);
        };
        Ok(Some(price::Prices {
            rule,
            coefficients: price::Coefficients::parse(self.text(price::FILE)?)?,
            observed: price::Observed::parse(self.text(price::OBSERVED)?)?,
        }))
    }

    fn toml<T: DeserializeOwned>(&self, name: &str) -> Result<T, PackError> {
        let text = self.text(name)?;
        toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .map_or(0, |span| 1 + text[..span.start].matches('\n').count());
            PackError::at(name, line as u64, "entry", error.message())
        })
    }
}

impl<N: Into<String>, T: Into<String>> FromIterator<(N, T)> for PackFiles {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(files: I) -> Self {
        Self(
            files
                .into_iter()
                .map(|(name, text)| (name.into(), text.into()))
                .collect(),
        )
    }
}

/// The law of one jurisdiction, read and checked.
#[derive(Clone, Debug)]
pub struct Pack {
    edition: String,
    pub rules: BTreeMap<RuleId, Rule>,
    pub parameters: parameter::Parameters,
    pub calendar: WorkCalendar,
    pub countries: Countries,
    pub regimes: regime::Regimes,
    pub schema: schema::Schema,
    pub sources: SourceOrder,
    pub bases: basis::BasesFile,
    pub standings: advice::StandingsFile,
    pub work: work::WorkFile,
    pub duties: duty::DutiesFile,
    /// Nothing where the law keeps no register of persons under control.
    pub register: Option<register::RegisterFile>,
    pub bans: register::BansFile,
    pub advice: advice::AdviceFile,
    /// Nothing where no document is paid for by the month.
    pub prices: Option<price::Prices>,
    pub texts: text::Texts,
    pub vocabulary: vocabulary::Vocabulary,
    /// Rules set aside by [`Pack::without`].
    pub(crate) repealed: BTreeSet<RuleId>,
}

impl Pack {
    /// Reads and checks a pack.
    pub fn load(files: &PackFiles) -> Result<Self, PackError> {
        let calendar = WorkCalendar::parse(CALENDAR, files.text(CALENDAR)?)
            .map_err(|error| PackError::in_row(CALENDAR, "table", "row", error.to_string()))?;
        let countries = Countries::parse(files.text(COUNTRIES)?, NO_OTHER_NAMES)
            .map_err(|error| PackError::in_row(COUNTRIES, "table", "row", error.to_string()))?;
        let pack = Self {
            edition: files.edition(),
            rules: rule::parse(files.text(rule::FILE)?)?,
            parameters: parameter::Parameters::parse(files.text(parameter::FILE)?)?,
            calendar,
            countries,
            regimes: regime::Regimes::parse(files.text(regime::FILE)?)?,
            schema: schema::Schema::parse(files.text(schema::FACTS)?, files.text(schema::WORDS)?)?,
            sources: SourceOrder::parse(files.text(source::FILE)?)?,
            bases: files.toml(basis::FILE)?,
            standings: files.toml(advice::STANDINGS)?,
            work: files.toml(work::FILE)?,
            duties: files.toml(duty::FILE)?,
            register: files.optional_toml(register::REGISTER)?,
            bans: files.toml(register::BANS)?,
            advice: files.toml(advice::ADVICE)?,
            prices: files.prices()?,
            texts: text::Texts::parse(files.text(text::FILE)?)?,
            vocabulary: vocabulary::Vocabulary::parse(files.text(vocabulary::FILE)?)?,
            repealed: BTreeSet::new(),
        };
        check::check(&pack)?;
        Ok(pack)
    }

    /// Which law was applied, told by the content of the files: a receipt names it, and any change makes another.
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// The same law as if a rule had been repealed before it began: what hangs on it?
    pub fn without(&self, rule: &RuleId) -> Self {
        let mut pack = self.clone();
        pack.repealed.insert(rule.clone());
        pack
    }

    /// Whether a question by this name has an answer here.
    pub fn knows_question(&self, name: &str) -> bool {
        self.advice
            .question
            .iter()
            .any(|row| row.code == name || row.also.iter().any(|also| also == name))
    }

    /// The code by which the pack's tables know a country.
    pub fn citizenship(&self, country: Country) -> Option<Citizenship> {
        if country.as_str() == Citizenship::STATELESS.as_str() {
            return Some(Citizenship::STATELESS);
        }
        self.countries
            .row(country)
            .and_then(|row| Citizenship::parse(&row.alpha2).ok())
    }

    /// Citation of a rule, for showing beside its id.
    pub fn citation(&self, rule: &RuleId) -> Option<&str> {
        self.rules.get(rule).map(|rule| rule.citation.as_str())
    }
}
