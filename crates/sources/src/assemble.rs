//! A row and its mapping make a record.
//!
//! In: one row in its source's words. Out: the parts of a record, or the field that spoils it and why.
//! Invariant: a field is read by its type alone; what the types let through, the record types take (`proof`).

use records::{Day, envelope::Doubt, key::SourceRecordId, payload::Payload, subject::Subject};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    fault::{Fault, Reason},
    mapping::{Field, Kind, Mapping, Order, Reads, Target},
    outcome::Presence,
    row::{Node, Place},
    value::{Canonical, Reference, ValueType, read_mrz},
};

/// Rows of one element that repeats (the members of a family); more is no family.
const LIST_ROWS_MAX: usize = 100;

/// What a row of a record says, before it has an envelope.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub(crate) id: SourceRecordId,
    pub(crate) version: u32,
    pub(crate) recorded_on: Day,
    #[serde(default)]
    pub(crate) subject: Subject,
    pub(crate) payload: Payload,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PresenceDraft {
    presence: Presence,
}

pub(crate) enum Assembled {
    Record(Box<Draft>, Vec<Doubt>),
    Presence(Presence),
}

/// The field that spoils a row, as the source names it, and why.
pub(crate) type Spoilt = (String, Reason);

pub(crate) fn assemble(
    mapping: &Mapping,
    reference: &Reference,
    row: &Node<'_>,
) -> Result<Assembled, Spoilt> {
    let mut filling = Filling {
        reference,
        tree: start(&mapping.kind),
        doubts: Vec::new(),
        void: Vec::new(),
    };
    filling.fill(&mapping.fields, row)?;
    let Filling { tree, mut doubts, .. } = filling;
    doubts.extend(mapping.order.iter().filter_map(|order| backwards(order, &tree)));
    if mapping.known.misses_some_of(row) {
        doubts.push(doubt(
            "",
            "unknown_element: the source sent something that the mapping does not know",
        ));
    }
    finish(&mapping.kind, tree, doubts).map_err(|_| {
        let unfit = Fault::Contradiction.because("its fields do not make a whole record of its kind");
        (String::new(), unfit)
    })
}

pub(crate) fn start(kind: &Kind) -> Map<String, Value> {
    let mut tree = Map::new();
    if let Kind::Record(name) = kind {
        let payload = Map::from_iter([("kind".to_owned(), Value::from(name.as_str()))]);
        tree.insert("payload".to_owned(), Value::Object(payload));
    }
    tree
}

/// The error may quote a value: it is for mappings under proof, not for rows.
pub(crate) fn finish(
    kind: &Kind,
    tree: Map<String, Value>,
    doubts: Vec<Doubt>,
) -> Result<Assembled, serde_json::Error> {
    let tree = Value::Object(tree);
    Ok(match kind {
        Kind::Record(_) => Assembled::Record(Box::new(serde_json::from_value(tree)?), doubts),
        Kind::Presence => Assembled::Presence(serde_json::from_value::<PresenceDraft>(tree)?.presence),
    })
}

struct Filling<'f> {
    reference: &'f Reference,
    tree: Map<String, Value>,
    doubts: Vec<Doubt>,
    /// Parts of which a compulsory value cannot be read: a document without its number is none.
    void: Vec<Target>,
}

impl Filling<'_> {
    fn fill(&mut self, fields: &[Field], row: &Node<'_>) -> Result<(), Spoilt> {
        for field in fields {
            if let Some((on, wanted)) = &field.when
                && on.find(&self.tree).and_then(Value::as_str) != Some(wanted)
            {
                continue;
            }
            let read = match &field.reads {
                Reads::Value(kind) => self.value(field, kind, row)?,
                Reads::Zone => self.zone(field, row)?,
                Reads::List(below) => self.list(&field.from[0], below, row)?,
            };
            if let Some(value) = read {
                field.to.insert(&mut self.tree, value);
            }
        }
        for part in std::mem::take(&mut self.void) {
            part.remove(&mut self.tree);
        }
        Ok(())
    }

    fn value(&mut self, field: &Field, kind: &ValueType, row: &Node<'_>) -> Result<Option<Value>, Spoilt> {
        let place = &field.from[0];
        let read = match found(place, row, field.optional)? {
            Given::Nothing => return Ok(None),
            Given::Text(text) => kind.read(text, self.reference),
            Given::Whole(number) => kind.read_whole_number(number),
        };
        let canonical = read.map_err(|reason| (place.as_str().to_owned(), reason))?;
        if canonical.value.is_none() {
            self.void.extend(field.to.outer());
        }
        Ok(self.keep(place, canonical))
    }

    fn zone(&mut self, field: &Field, row: &Node<'_>) -> Result<Option<Value>, Spoilt> {
        let mut lines = Vec::with_capacity(field.from.len());
        for place in &field.from {
            match found(place, row, field.optional)? {
                Given::Nothing => {}
                Given::Text(text) => lines.push(text.to_owned()),
                Given::Whole(_) => return Err(wrong_type(place)),
            }
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let place = &field.from[0];
        let canonical = read_mrz(lines).map_err(|reason| (place.as_str().to_owned(), reason))?;
        Ok(self.keep(place, canonical))
    }

    fn keep(&mut self, place: &Place, canonical: Canonical) -> Option<Value> {
        if let Some(reason) = canonical.doubt {
            self.doubts.push(doubt(place.as_str(), &reason));
        }
        canonical.value
    }

    fn list(&mut self, place: &Place, below: &[Field], row: &Node<'_>) -> Result<Option<Value>, Spoilt> {
        let rows = match row.find(place) {
            None => return Ok(None),
            Some(Node::List(rows)) => rows.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        if rows.len() > LIST_ROWS_MAX {
            return Err((
                place.as_str().to_owned(),
                Fault::OutOfRange.because("stands too many times"),
            ));
        }
        let mut values = Vec::with_capacity(rows.len());
        for row in rows {
            let mut inner = Filling {
                reference: self.reference,
                tree: Map::new(),
                doubts: Vec::new(),
                void: Vec::new(),
            };
            inner
                .fill(below, row)
                .map_err(|(field, reason)| (format!("{}/{field}", place.as_str()), reason))?;
            values.push(Value::Object(inner.tree));
            self.doubts.extend(inner.doubts);
        }
        Ok(Some(Value::Array(values)))
    }
}

enum Given<'n> {
    Nothing,
    Text(&'n str),
    Whole(u64),
}

fn found<'n>(place: &Place, row: &'n Node<'_>, optional: bool) -> Result<Given<'n>, Spoilt> {
    let missing = |fault: Fault, detail| match optional {
        true => Ok(Given::Nothing),
        false => Err((place.as_str().to_owned(), fault.because(detail))),
    };
    match row.find(place).map(Node::plain) {
        None => missing(Fault::MissingElement, "is not there"),
        Some(Node::Empty) => missing(Fault::EmptyField, "is empty"),
        // an element with attributes alone has no text
        Some(Node::Fields(_)) if optional => Ok(Given::Nothing),
        Some(Node::Text(text)) => Ok(Given::Text(text.trim())),
        Some(Node::Whole(number)) => Ok(Given::Whole(*number)),
        Some(Node::List(_)) => Err((
            place.as_str().to_owned(),
            Fault::RepeatedElement.because("stands more than once"),
        )),
        Some(Node::Other | Node::Fields(_)) => Err(wrong_type(place)),
    }
}

fn wrong_type(place: &Place) -> Spoilt {
    let reason = Fault::WrongType.because("is not a single value of the expected type");
    (place.as_str().to_owned(), reason)
}

fn backwards(order: &Order, tree: &Map<String, Value>) -> Option<Doubt> {
    let first = order.first.find(tree)?.as_str()?;
    let then = order.then.find(tree)?.as_str()?;
    // canonical days compare as text, and a year alone comes before its days
    (then < first).then(|| {
        let reason = format!("backwards: is before {}", order.first.written());
        doubt(&order.then.written(), &reason)
    })
}

fn doubt(field: &str, reason: &str) -> Doubt {
    Doubt {
        field: field.to_owned(),
        reason: reason.to_owned(),
    }
}
