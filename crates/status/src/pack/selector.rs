//! Picks facts by kind and attributes: how the pack's files point at facts.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{PackError, schema::Schema};
use crate::facts::{Fact, FactKind, Value};

/// Facts of one kind whose attributes have one of the listed values, and none of the excepted ones.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selector {
    pub fact: FactKind,
    #[serde(default)]
    pub only: BTreeMap<String, Vec<Value>>,
    #[serde(default)]
    pub except: BTreeMap<String, Vec<Value>>,
}

impl Selector {
    pub fn picks(&self, fact: &Fact) -> bool {
        picks(&self.fact, &self.only, &self.except, fact)
    }

    pub(super) fn check(&self, file: &str, place: &str, schema: &Schema) -> Result<(), PackError> {
        if schema.kind(self.fact.as_str()).as_ref() != Some(&self.fact) {
            return Err(PackError::in_row(
                file,
                place,
                "fact",
                format!("{} is not in facts.csv", self.fact),
            ));
        }
        for (attribute, values) in self.only.iter().chain(&self.except) {
            if let Some(value) = values
                .iter()
                .find(|value| !schema.can_be(&self.fact, attribute, value))
            {
                let problem = format!("{} never has {attribute} = {value}", self.fact);
                return Err(PackError::in_row(file, place, "only", problem));
            }
        }
        Ok(())
    }
}

/// Whether a fact is of a kind, has one of the listed values of each attribute, and none of the excepted ones.
pub(super) fn picks(
    kind: &FactKind,
    only: &BTreeMap<String, Vec<Value>>,
    except: &BTreeMap<String, Vec<Value>>,
    fact: &Fact,
) -> bool {
    let listed = |(attribute, values): (&String, &Vec<Value>)| {
        fact.attributes
            .get(attribute)
            .is_some_and(|value| values.contains(value))
    };
    fact.is(kind) && only.iter().all(listed) && !except.iter().any(listed)
}
