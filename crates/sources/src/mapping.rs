//! A mapping: what one extract looks like and what its fields mean. Data that a clerk of the agency can read.
//!
//! In: the text of a TOML file of `mappings/`. Out: a mapping that is known to make whole records (`proof`).
//! Invariant: every column of a table is either read or named as unused; every field named exists in `records`.

mod entry;
mod type_name;

use records::key::{SourceName, SourceRecordId};
use serde_json::{Map, Value};

use self::entry::MappingEntry;
use crate::{
    proof,
    row::{Known, Place},
    shape::{Shape, Stands},
    text::Charset,
    value::ValueType,
};

/// Kind of record that stands for rows of aggregates, which are no records.
const PRESENCE: &str = "presence";

/// How to read one extract. Checked: it makes records of one kind.
#[derive(Clone, Debug)]
pub struct Mapping {
    source: SourceName,
    path: String,
    pub(crate) form: Form,
    pub(crate) kind: Kind,
    pub(crate) fields: Vec<Field>,
    pub(crate) order: Vec<Order>,
    pub(crate) known: Known,
    id_shape: Option<Shape>,
}

/// What a row becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A record with the payload of this name.
    Record(String),
    Presence,
}

#[derive(Clone, Debug)]
pub(crate) enum Form {
    Text { charset: Charset, layout: Layout },
    Parquet { columns: Vec<String> },
}

#[derive(Clone, Debug)]
pub(crate) enum Layout {
    Csv(CsvForm),
    Xml(XmlForm),
    JsonLines,
    JsonArray,
}

#[derive(Clone, Debug)]
pub(crate) struct CsvForm {
    pub(crate) separator: u8,
    pub(crate) header: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct XmlForm {
    pub(crate) root: String,
    pub(crate) element: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// One place; for a machine-readable zone one a line.
    pub(crate) from: Vec<Place>,
    pub(crate) to: Target,
    pub(crate) optional: bool,
    pub(crate) reads: Reads,
    /// Read only when an earlier field has this value.
    pub(crate) when: Option<(Target, String)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Reads {
    Value(ValueType),
    Zone,
    List(Vec<Field>),
}

/// Two days of which the first should not be after the second; else the record is doubted.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) first: Target,
    pub(crate) then: Target,
}

/// Where a value goes: `subject.latin.surname`, `payload.crossed_on`, `recorded_on`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target(Vec<String>);

impl Target {
    pub(crate) fn new(written: &str) -> Self {
        Self(written.split('.').map(str::to_owned).collect())
    }

    pub(crate) fn insert(&self, tree: &mut Map<String, Value>, value: Value) {
        let Some((last, outer)) = self.0.split_last() else {
            return;
        };
        let mut inner = tree;
        for name in outer {
            let below = inner
                .entry(name.as_str())
                .or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(below) = below else { return };
            inner = below;
        }
        inner.insert(last.clone(), value);
    }

    pub(crate) fn find<'t>(&self, tree: &'t Map<String, Value>) -> Option<&'t Value> {
        let (first, rest) = self.0.split_first()?;
        rest.iter()
            .try_fold(tree.get(first)?, |value, name| value.get(name))
    }

    /// What it is a part of.
    pub(crate) fn outer(&self) -> Option<Self> {
        let (_, outer) = self.0.split_last()?;
        Some(Self(outer.to_vec()))
    }

    pub(crate) fn remove(&self, tree: &mut Map<String, Value>) {
        let Some((last, outer)) = self.0.split_last() else {
            return;
        };
        let inner = outer
            .iter()
            .try_fold(tree, |tree, name| tree.get_mut(name)?.as_object_mut());
        if let Some(inner) = inner {
            inner.remove(last);
        }
    }

    pub(crate) fn written(&self) -> String {
        self.0.join(".")
    }
}

/// Why a mapping was refused. Names the file and the key.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    #[error("{mapping}: is not a mapping")]
    Toml {
        mapping: String,
        source: toml::de::Error,
    },
    #[error("{mapping}: {key} {problem}")]
    Key {
        mapping: String,
        key: String,
        problem: String,
    },
    #[error("{mapping}: {key} does not fit what records hold")]
    Unfit {
        mapping: String,
        key: String,
        source: serde_json::Error,
    },
}

/// What is wrong with a key, before the file is known.
pub(crate) struct KeyProblem {
    key: String,
    problem: String,
}

impl KeyProblem {
    pub(crate) fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            problem: problem.into(),
        }
    }
}

impl Mapping {
    /// Reads and proves a mapping; `name` is its file, for messages.
    pub fn parse(name: &str, text: &str) -> Result<Self, MappingError> {
        let entry: MappingEntry = toml::from_str(text).map_err(|source| MappingError::Toml {
            mapping: name.to_owned(),
            source,
        })?;
        let mapping = Self::check(entry).map_err(|KeyProblem { key, problem }| MappingError::Key {
            mapping: name.to_owned(),
            key,
            problem,
        })?;
        proof::prove(&mapping).map_err(|unfit| MappingError::Unfit {
            mapping: name.to_owned(),
            key: unfit.key,
            source: unfit.source,
        })?;
        Ok(mapping)
    }

    pub fn source(&self) -> &SourceName {
        &self.source
    }

    /// Path of the extract below the folder of a delivery; `*` stands for any characters of a name.
    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn matches(&self, relative_path: &str) -> bool {
        let path = relative_path.replace('\\', "/");
        fits(&self.path, path.trim_start_matches("./"))
    }

    /// The id in a line that cannot be read as a whole.
    pub(crate) fn find_id(&self, line: &[u8]) -> Option<SourceRecordId> {
        let stands = match self.form {
            Form::Text {
                layout: Layout::Csv(_),
                ..
            } => Stands::First,
            Form::Text { .. } | Form::Parquet { .. } => Stands::Within,
        };
        self.id_shape.as_ref()?.find_id(line, stands)
    }

    fn check(entry: MappingEntry) -> Result<Self, KeyProblem> {
        let place: fn(&str) -> Place = match entry.form.is_table() {
            true => Place::column,
            false => Place::path,
        };
        let fields = entry.record.fields(&entry.codes, place)?;
        let unused: Vec<Place> = entry.unused.iter().map(|name| place(name)).collect();
        let form = entry.form.check()?;
        match &form {
            Form::Parquet { columns } => check_columns(columns, &fields, &unused)?,
            Form::Text {
                layout: Layout::Csv(csv),
                ..
            } => check_columns(&csv.header, &fields, &unused)?,
            Form::Text { .. } => {}
        }
        let id = fields.iter().find_map(|field| match &field.reads {
            Reads::Value(ValueType::Id(shape)) if field.to == Target::new("id") => Some(shape.clone()),
            Reads::Value(_) | Reads::Zone | Reads::List(_) => None,
        });
        let kind = match entry.record.kind.as_str() {
            PRESENCE => Kind::Presence,
            other => Kind::Record(other.to_owned()),
        };
        Ok(Self {
            source: entry.source,
            path: entry.path,
            known: known(&fields, &unused),
            order: entry.record.order(),
            form,
            kind,
            fields,
            id_shape: id,
        })
    }
}

/// A column that nobody reads and nobody named is a mistake of the mapping, and so is one that is not there.
fn check_columns(header: &[String], fields: &[Field], unused: &[Place]) -> Result<(), KeyProblem> {
    let read: Vec<&str> = fields
        .iter()
        .flat_map(|field| &field.from)
        .chain(unused)
        .map(Place::as_str)
        .collect();
    if let Some(absent) = read
        .iter()
        .find(|name| !header.iter().any(|column| column == *name))
    {
        return Err(KeyProblem::new(
            "header",
            format!("has no column {absent}, which a field reads"),
        ));
    }
    match header.iter().find(|column| !read.contains(&column.as_str())) {
        Some(idle) => Err(KeyProblem::new(
            "header",
            format!("has column {idle}, which is neither read nor unused"),
        )),
        None => Ok(()),
    }
}

fn known(fields: &[Field], unused: &[Place]) -> Known {
    let mut known = Known::default();
    unused.iter().for_each(|place| known.add(place));
    for field in fields {
        field.from.iter().for_each(|place| known.add(place));
        if let Reads::List(below) = &field.reads {
            let places = below.iter().flat_map(|inner| &inner.from);
            places.for_each(|place| known.add_below(&field.from[0], place));
        }
    }
    known
}

/// Whether `path` is `pattern`, with `*` for any characters but `/`.
fn fits(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((head, tail)) => path.strip_prefix(head).is_some_and(|rest| {
            let within = rest.find('/').unwrap_or(rest.len());
            (0..=within).any(|at| rest.is_char_boundary(at) && fits(tail, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_within_one_name() {
        assert!(fits("border/crossings.csv", "border/crossings.csv"));
        assert!(fits("border/crossings*.csv", "border/crossings_2025-01.csv"));
        assert!(fits("*/ё*.csv", "я/ёж.csv"));
        assert!(!fits("border/*.csv", "border/old/crossings.csv"));
        assert!(!fits("border/crossings.csv", "border/crossings.csv.bak"));
    }
}
