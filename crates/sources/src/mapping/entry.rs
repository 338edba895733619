//! The TOML of a mapping, key by key. Unknown keys are errors: a misspelt one would lose a field in silence.

use std::collections::BTreeMap;

use records::{key::SourceName, subject::UnknownParts};
use serde::Deserialize;

use super::{CsvForm, Field, Form, KeyProblem, Layout, Order, Reads, Target, XmlForm, type_name::TypeName};
use crate::{
    row::Place,
    shape::Shape,
    text::Charset,
    value::{CountryList, DateForm, IdentifierKind, RegionList, ValueType},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingEntry {
    pub(super) source: SourceName,
    pub(super) path: String,
    /// Columns or elements that are known and not needed.
    #[serde(default)]
    pub(super) unused: Vec<String>,
    pub(super) form: FormEntry,
    pub(super) record: RecordEntry,
    /// Code lists that several fields use.
    #[serde(default)]
    pub(super) codes: BTreeMap<String, Codes>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FormEntry {
    Csv(CsvEntry),
    Xml(XmlEntry),
    JsonLines(JsonEntry),
    JsonArray(JsonEntry),
    Parquet(ParquetEntry),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CsvEntry {
    encoding: String,
    separator: String,
    header: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct XmlEntry {
    encoding: String,
    root: String,
    element: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JsonEntry {
    encoding: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParquetEntry {
    columns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordEntry {
    pub(super) kind: String,
    fields: Vec<FieldEntry>,
    #[serde(default)]
    order: Vec<(String, String)>,
}

/// A list of codes that mean themselves, or a table from the source's codes to ours.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Codes {
    Same(Vec<String>),
    Table(BTreeMap<String, String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum CodesEntry {
    Named(String),
    Here(Codes),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldEntry {
    from: OneOrMore,
    to: String,
    #[serde(rename = "type")]
    kind: TypeName,
    #[serde(default)]
    optional: bool,
    when: Option<BTreeMap<String, String>>,
    shape: Option<OneOrMore>,
    codes: Option<CodesEntry>,
    min: Option<u64>,
    max: Option<u64>,
    fields: Option<Vec<FieldEntry>>,
}

impl FormEntry {
    /// Whether fields are named by their columns, which may hold any character, and not by a path.
    pub(super) fn is_table(&self) -> bool {
        match self {
            Self::Csv(_) | Self::Parquet(_) => true,
            Self::Xml(_) | Self::JsonLines(_) | Self::JsonArray(_) => false,
        }
    }

    pub(super) fn check(self) -> Result<Form, KeyProblem> {
        let (encoding, layout) = match self {
            Self::Parquet(parquet) => {
                return Ok(Form::Parquet {
                    columns: parquet.columns,
                });
            }
            Self::Csv(csv) => {
                let form = CsvForm {
                    separator: separator(&csv.separator)?,
                    header: csv.header,
                };
                (csv.encoding, Layout::Csv(form))
            }
            Self::Xml(xml) => {
                let form = XmlForm {
                    root: xml.root,
                    element: xml.element,
                };
                (xml.encoding, Layout::Xml(form))
            }
            Self::JsonLines(json) => (json.encoding, Layout::JsonLines),
            Self::JsonArray(json) => (json.encoding, Layout::JsonArray),
        };
        let charset = Charset::find(&encoding);
        Ok(Form::Text {
            charset: charset.ok_or_else(|| KeyProblem::new("encoding", "is not the name of an encoding"))?,
            layout,
        })
    }
}

fn separator(written: &str) -> Result<u8, KeyProblem> {
    match written.as_bytes() {
        &[byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\"\r\n".contains(&byte) => Ok(byte),
        _ => Err(KeyProblem::new(
            "separator",
            "is not one ASCII character that no field is made of",
        )),
    }
}

impl RecordEntry {
    pub(super) fn fields(
        &self,
        lists: &BTreeMap<String, Codes>,
        place: fn(&str) -> Place,
    ) -> Result<Vec<Field>, KeyProblem> {
        check_fields(&self.fields, lists, place)
    }

    pub(super) fn order(&self) -> Vec<Order> {
        let pairs = self.order.iter();
        pairs
            .map(|(first, then)| Order {
                first: Target::new(first),
                then: Target::new(then),
            })
            .collect()
    }
}

fn check_fields(
    entries: &[FieldEntry],
    lists: &BTreeMap<String, Codes>,
    place: fn(&str) -> Place,
) -> Result<Vec<Field>, KeyProblem> {
    let mut fields: Vec<Field> = Vec::new();
    for entry in entries {
        let field = entry.check(lists, place)?;
        let named = || format!("field {}", entry.to);
        if fields
            .iter()
            .any(|earlier| earlier.to == field.to && earlier.when == field.when)
        {
            return Err(KeyProblem::new(named(), "is filled twice"));
        }
        if let Some((on, _)) = &field.when
            && !fields.iter().any(|earlier| earlier.to == *on)
        {
            return Err(KeyProblem::new(
                named(),
                "depends on a field that no earlier line fills",
            ));
        }
        fields.push(field);
    }
    Ok(fields)
}

impl FieldEntry {
    fn check(&self, lists: &BTreeMap<String, Codes>, place: fn(&str) -> Place) -> Result<Field, KeyProblem> {
        let from: Vec<Place> = self.from.as_slice().iter().map(|name| place(name)).collect();
        let reads = match self.kind {
            TypeName::List => {
                let below = self.fields.as_deref().unwrap_or_default();
                Reads::List(check_fields(below, lists, place)?)
            }
            TypeName::Mrz => Reads::Zone,
            kind => Reads::Value(self.value_type(kind, lists)?),
        };
        self.check_parameters(from.len())?;
        let when = match &self.when {
            None => None,
            Some(condition) => Some(self.condition(condition)?),
        };
        Ok(Field {
            from,
            to: Target::new(&self.to),
            optional: self.optional,
            reads,
            when,
        })
    }

    fn condition(&self, condition: &BTreeMap<String, String>) -> Result<(Target, String), KeyProblem> {
        match condition.iter().next() {
            Some((on, value)) if condition.len() == 1 => Ok((Target::new(on), value.clone())),
            Some(_) | None => Err(self.problem("when names one field and its value")),
        }
    }

    fn value_type(&self, kind: TypeName, lists: &BTreeMap<String, Codes>) -> Result<ValueType, KeyProblem> {
        Ok(match kind {
            TypeName::Id => match self.shapes().as_slice() {
                [shape] => ValueType::Id(shape.clone()),
                _ => return Err(self.problem("needs one shape")),
            },
            TypeName::Whole => ValueType::Whole {
                min: self.min.unwrap_or(0),
                max: self.max.unwrap_or(u64::from(u32::MAX)),
            },
            TypeName::Text => ValueType::Text(self.shapes()),
            TypeName::Code => ValueType::Code(self.codes(lists)?),
            TypeName::DayIso => ValueType::Day(DateForm::Iso),
            TypeName::DayDmy => ValueType::Day(DateForm::Dmy),
            TypeName::DayYmd => ValueType::Day(DateForm::Ymd),
            TypeName::BirthIso => ValueType::Birth(DateForm::Iso, UnknownParts::Kept),
            TypeName::BirthIsoFull => ValueType::Birth(DateForm::Iso, UnknownParts::WrittenAsOne),
            TypeName::BirthDmy => ValueType::Birth(DateForm::Dmy, UnknownParts::Kept),
            TypeName::BirthDmyFull => ValueType::Birth(DateForm::Dmy, UnknownParts::WrittenAsOne),
            TypeName::BirthYmd => ValueType::Birth(DateForm::Ymd, UnknownParts::Kept),
            TypeName::PartialDateIso => ValueType::PartialDate(DateForm::Iso),
            TypeName::Instant => ValueType::Instant,
            TypeName::LocalDay => ValueType::LocalDay,
            TypeName::MoneyComma => ValueType::Money,
            TypeName::RegionTaxService => ValueType::Region(RegionList::TaxService),
            TypeName::RegionOkato => ValueType::Region(RegionList::Okato),
            TypeName::RegionOktmo => ValueType::Region(RegionList::Oktmo),
            TypeName::CountryAlpha2 => ValueType::Country(CountryList::Alpha2),
            TypeName::CountryAlpha3 => ValueType::Country(CountryList::Alpha3),
            TypeName::CountryNumeric => ValueType::Country(CountryList::Numeric),
            TypeName::CountryRussian => ValueType::Country(CountryList::Russian),
            TypeName::Document => ValueType::Document,
            TypeName::PermitNumber => ValueType::PermitNumber(self.shapes()),
            TypeName::PersonInn => ValueType::Identifier(IdentifierKind::PersonInn),
            TypeName::FirmInn => ValueType::Identifier(IdentifierKind::FirmInn),
            TypeName::RegisterNumber => ValueType::Identifier(IdentifierKind::RegisterNumber),
            TypeName::Snils => ValueType::Identifier(IdentifierKind::SocialNumber),
            TypeName::Enp => ValueType::Identifier(IdentifierKind::PolicyNumber),
            TypeName::Mrz | TypeName::List => return Err(self.problem("is not a single value")),
        })
    }

    fn shapes(&self) -> Vec<Shape> {
        let written = self.shape.as_ref().map(OneOrMore::as_slice).unwrap_or_default();
        written.iter().map(|shape| Shape::new(shape)).collect()
    }

    fn codes(&self, lists: &BTreeMap<String, Codes>) -> Result<BTreeMap<String, String>, KeyProblem> {
        let codes = match &self.codes {
            Some(CodesEntry::Here(codes)) => codes,
            Some(CodesEntry::Named(name)) => lists
                .get(name)
                .ok_or_else(|| self.problem(&format!("names the code list {name}, which is not there")))?,
            None => return Err(self.problem("needs codes")),
        };
        let table = match codes {
            Codes::Same(list) => list.iter().map(|code| (code.clone(), code.clone())).collect(),
            Codes::Table(table) => table.clone(),
        };
        match table.is_empty() {
            true => Err(self.problem("has an empty code list")),
            false => Ok(table),
        }
    }

    /// A parameter that the type does not use would mislead whoever reads the mapping.
    fn check_parameters(&self, places: usize) -> Result<(), KeyProblem> {
        let shaped = matches!(self.kind, TypeName::Id | TypeName::Text | TypeName::PermitNumber);
        let stray = [
            (self.shape.is_some() && !shaped, "shape"),
            (
                self.codes.is_some() && !matches!(self.kind, TypeName::Code),
                "codes",
            ),
            (
                (self.min.is_some() || self.max.is_some()) && !matches!(self.kind, TypeName::Whole),
                "min or max",
            ),
            (
                self.fields.is_some() != matches!(self.kind, TypeName::List),
                "fields",
            ),
            (
                places != 1 && !matches!(self.kind, TypeName::Mrz),
                "more than one place",
            ),
        ];
        match stray.iter().find(|(wrong, _)| *wrong) {
            Some((_, parameter)) => {
                Err(self.problem(&format!("has a type that goes otherwise with {parameter}")))
            }
            None => Ok(()),
        }
    }

    fn problem(&self, problem: &str) -> KeyProblem {
        KeyProblem::new(format!("field {}", self.to), problem)
    }
}
