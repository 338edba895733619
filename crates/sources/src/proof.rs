//! Proves a mapping on specimens when it is loaded, so that its mistakes show before the first extract and not in it.
//!
//! In: a checked mapping. Out: nothing, or the key that does not fit.
//! A specimen is a row of canonical values as the types give them; `records` says whether it is a whole record. Tried are
//! every code of every code list, each with all fields and with the compulsory ones alone.

use serde_json::{Map, Value};

use crate::{
    assemble::{finish, start},
    mapping::{Field, Mapping, Reads, Target},
    value::ValueType,
};

pub(crate) struct Unfit {
    pub(crate) key: String,
    pub(crate) source: serde_json::Error,
}

/// A field that is to have one certain value in the specimen.
type Chosen<'c> = Option<(&'c Target, &'c str)>;

pub(crate) fn prove(mapping: &Mapping) -> Result<(), Unfit> {
    let codes = mapping.fields.iter().filter_map(|field| match &field.reads {
        Reads::Value(ValueType::Code(codes)) => Some((&field.to, codes)),
        Reads::Value(_) | Reads::Zone | Reads::List(_) => None,
    });
    let choices = codes.flat_map(|(to, codes)| codes.values().map(move |code| Some((to, code.as_str()))));
    for chosen in std::iter::once(None).chain(choices) {
        for with_optional in [true, false] {
            let fields: Vec<&Field> = mapping
                .fields
                .iter()
                .filter(|field| with_optional || !field.optional)
                .collect();
            try_specimen(mapping, &fields, chosen)?;
        }
    }
    check_order(mapping)
}

fn try_specimen(mapping: &Mapping, fields: &[&Field], chosen: Chosen<'_>) -> Result<(), Unfit> {
    let Err(source) = finish(&mapping.kind, specimen(mapping, fields, chosen), Vec::new()) else {
        return Ok(());
    };
    Err(Unfit {
        key: culprit(mapping, fields, chosen, &source).unwrap_or_else(|| "record".to_owned()),
        source,
    })
}

fn specimen(mapping: &Mapping, fields: &[&Field], chosen: Chosen<'_>) -> Map<String, Value> {
    let mut tree = start(&mapping.kind);
    for field in fields {
        fill(&mut tree, field, chosen);
    }
    tree
}

fn fill(tree: &mut Map<String, Value>, field: &Field, chosen: Chosen<'_>) {
    if let Some((on, wanted)) = &field.when
        && on.find(tree).and_then(Value::as_str) != Some(wanted)
    {
        return;
    }
    let value = match (&field.reads, chosen) {
        (_, Some((to, code))) if *to == field.to => code.into(),
        (Reads::Value(kind), _) => kind.specimen(),
        (Reads::Zone, _) => Value::Array(vec![Value::from("P<"); field.from.len()]),
        (Reads::List(below), _) => {
            let mut inner = Map::new();
            below.iter().for_each(|field| fill(&mut inner, field, None));
            Value::Array(vec![Value::Object(inner)])
        }
    };
    field.to.insert(tree, value);
}

/// The field without which the complaint is another or none.
fn culprit(
    mapping: &Mapping,
    fields: &[&Field],
    chosen: Chosen<'_>,
    complaint: &serde_json::Error,
) -> Option<String> {
    let complaint = complaint.to_string();
    let without = |at: usize| {
        let rest: Vec<&Field> = fields
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != at)
            .map(|(_, field)| *field)
            .collect();
        finish(&mapping.kind, specimen(mapping, &rest, chosen), Vec::new()).err()
    };
    let suspect =
        (0..fields.len()).find(|&at| without(at).is_none_or(|other| other.to_string() != complaint))?;
    Some(format!("field {}", fields[suspect].to.written()))
}

fn check_order(mapping: &Mapping) -> Result<(), Unfit> {
    let fields: Vec<&Field> = mapping.fields.iter().collect();
    let tree = specimen(mapping, &fields, None);
    let ends = mapping.order.iter().flat_map(|order| [&order.first, &order.then]);
    for end in ends {
        if end.find(&tree).and_then(Value::as_str).is_none() {
            return Err(Unfit {
                key: format!("order of {}", end.written()),
                source: serde::de::Error::custom("no field fills it"),
            });
        }
    }
    Ok(())
}
