//! Which kinds of facts the pack knows, what attributes each has, and other words for their values.
//!
//! In: `facts.csv` (fact, attribute, form, also, default) and `words.csv` (fact, attribute, word, means, sets).
//! Out: a fact's raw attributes turned into typed ones, or the field that is wrong.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{PackError, table};
use crate::facts::{FactKind, Value};

pub(super) const FACTS: &str = "facts.csv";
pub(super) const WORDS: &str = "words.csv";

/// What values an attribute takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    /// One of the words of `words.csv`.
    Word,
    Text,
    Flag,
    Number,
    Day,
}

#[derive(Deserialize)]
struct FactRow {
    fact: String,
    attribute: Option<String>,
    form: Option<Form>,
    /// Other spellings of the attribute, or of the fact where no attribute stands; `;` between them.
    also: String,
    /// Value taken when the attribute is not given.
    default: String,
}

#[derive(Deserialize)]
struct WordRow {
    fact: String,
    attribute: String,
    word: String,
    means: String,
    /// Further attributes that the word says: `of=vnzh`.
    sets: String,
}

#[derive(Clone, Debug)]
struct Attribute {
    form: Form,
    also: Vec<String>,
    default: Option<Value>,
}

#[derive(Clone, Debug)]
struct Meaning {
    word: String,
    sets: Vec<(String, String)>,
}

/// The kinds of facts of a pack.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    kinds: BTreeMap<String, BTreeMap<String, Attribute>>,
    spelt: BTreeMap<String, String>,
    words: BTreeMap<(String, String, String), Meaning>,
}

/// Why an attribute of a fact was not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttributeError {
    /// The attribute is not listed for this kind of fact.
    #[error("is not an attribute of {kind}")]
    Unknown { kind: String },
    #[error("is not one of the words known here: {known}")]
    Word { known: String },
    #[error("is no {form}")]
    Form { form: &'static str },
}

impl Schema {
    pub(super) fn parse(facts: &str, words: &str) -> Result<Self, PackError> {
        let mut schema = Self::default();
        for (line, row) in table::rows::<FactRow>(FACTS, facts)? {
            schema.add(line, row)?;
        }
        for (line, row) in table::rows::<WordRow>(WORDS, words)? {
            schema.add_word(line, row)?;
        }
        Ok(schema)
    }

    fn add(&mut self, line: u64, row: FactRow) -> Result<(), PackError> {
        let also: Vec<String> = row
            .also
            .split(';')
            .filter(|s| !s.is_empty())
            .map(str::to_owned)
            .collect();
        let attributes = self.kinds.entry(row.fact.clone()).or_default();
        let Some(name) = row.attribute else {
            self.spelt
                .extend(also.into_iter().map(|spelling| (spelling, row.fact.clone())));
            return Ok(());
        };
        let Some(form) = row.form else {
            return Err(PackError::at(FACTS, line, "form", "is empty"));
        };
        let default = match row.default.as_str() {
            "" => None,
            text => Some(
                plain(form, &serde_json::Value::String(text.to_owned()))
                    .map_err(|error| PackError::at(FACTS, line, "default", error.to_string()))?,
            ),
        };
        if attributes
            .insert(name, Attribute { form, also, default })
            .is_some()
        {
            return Err(PackError::at(FACTS, line, "attribute", "stands twice"));
        }
        Ok(())
    }

    fn add_word(&mut self, line: u64, row: WordRow) -> Result<(), PackError> {
        let form = self
            .kinds
            .get(&row.fact)
            .and_then(|of| of.get(&row.attribute))
            .map(|a| a.form);
        if !matches!(form, Some(Form::Word | Form::Number)) {
            return Err(PackError::at(
                WORDS,
                line,
                "attribute",
                "is neither a word nor a number of facts.csv",
            ));
        }
        let sets: Option<Vec<_>> = row
            .sets
            .split(';')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())))
            .collect();
        let sets =
            sets.ok_or_else(|| PackError::at(WORDS, line, "sets", "is not written attribute=value"))?;
        let meaning = Meaning {
            word: row.means,
            sets,
        };
        match self.words.insert((row.fact, row.attribute, row.word), meaning) {
            Some(_) => Err(PackError::at(WORDS, line, "word", "stands twice")),
            None => Ok(()),
        }
    }

    /// The kind that a name stands for.
    pub fn kind(&self, name: &str) -> Option<FactKind> {
        let own = self.kinds.contains_key(name).then_some(name);
        own.or_else(|| self.spelt.get(name).map(String::as_str))
            .map(FactKind::new)
    }

    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.kinds.keys().map(String::as_str)
    }

    pub(super) fn has(&self, kind: &FactKind, attribute: &str) -> bool {
        self.kinds
            .get(kind.as_str())
            .is_some_and(|attributes| attributes.contains_key(attribute))
    }

    /// Whether `value` can occur, so that a rule which asks for it is no dead letter.
    pub(super) fn can_be(&self, kind: &FactKind, attribute: &str, value: &Value) -> bool {
        let form = self
            .kinds
            .get(kind.as_str())
            .and_then(|of| of.get(attribute))
            .map(|a| a.form);
        match (form, value) {
            (Some(Form::Word), Value::Text(word)) => self.words.iter().any(|((fact, of, _), meaning)| {
                fact == kind.as_str()
                    && ((of == attribute && meaning.word == *word)
                        || meaning.sets.iter().any(|(k, v)| k == attribute && v == word))
            }),
            (Some(Form::Text), Value::Text(_))
            | (Some(Form::Flag), Value::Flag(_))
            | (Some(Form::Number), Value::Number(_))
            | (Some(Form::Day), Value::Day(_)) => true,
            (Some(_) | None, _) => false,
        }
    }

    /// Reads one raw attribute into `into`, under the name that the rules use.
    pub fn read(
        &self,
        kind: &FactKind,
        spelling: &str,
        raw: &serde_json::Value,
        into: &mut BTreeMap<String, Value>,
    ) -> Result<(), AttributeError> {
        let unknown = || AttributeError::Unknown {
            kind: kind.to_string(),
        };
        let attributes = self.kinds.get(kind.as_str()).ok_or_else(unknown)?;
        let is_spelt = |(name, attribute): &(&String, &Attribute)| {
            name.as_str() == spelling || attribute.also.iter().any(|also| also == spelling)
        };
        let (name, attribute) = attributes.iter().find(is_spelt).ok_or_else(unknown)?;
        if raw.is_null() {
            return Ok(());
        }
        // A number may be written as a word: `multiple` entries.
        let spelt = raw.as_str().filter(|_| attribute.form == Form::Number);
        if let Some(meaning) = spelt.and_then(|word| self.meaning(kind, name, word).ok()) {
            let number = serde_json::Value::String(meaning.word.clone());
            into.insert(name.clone(), plain(Form::Number, &number)?);
            return Ok(());
        }
        let value = plain(attribute.form, raw)?;
        let (Form::Word, Value::Text(word)) = (attribute.form, &value) else {
            into.insert(name.clone(), value);
            return Ok(());
        };
        let meaning = self.meaning(kind, name, word)?;
        into.insert(name.clone(), Value::Text(meaning.word.clone()));
        for (set, to) in &meaning.sets {
            into.entry(set.clone()).or_insert_with(|| Value::Text(to.clone()));
        }
        Ok(())
    }

    fn meaning(&self, kind: &FactKind, name: &str, word: &str) -> Result<&Meaning, AttributeError> {
        let key = (kind.as_str().to_owned(), name.to_owned(), word.to_owned());
        self.words.get(&key).ok_or_else(|| {
            let of_this = |key: &&(String, String, String)| key.0 == kind.as_str() && key.1 == name;
            let known: Vec<&str> = self
                .words
                .keys()
                .filter(of_this)
                .map(|key| key.2.as_str())
                .collect();
            AttributeError::Word {
                known: known.join(", "),
            }
        })
    }

    /// Gives the attributes that are not said their defaults.
    pub fn complete(&self, kind: &FactKind, attributes: &mut BTreeMap<String, Value>) {
        for (name, attribute) in self.kinds.get(kind.as_str()).into_iter().flatten() {
            if let Some(default) = &attribute.default {
                attributes.entry(name.clone()).or_insert_with(|| default.clone());
            }
        }
    }
}

fn plain(form: Form, raw: &serde_json::Value) -> Result<Value, AttributeError> {
    let text = match raw {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let wrong = |form| AttributeError::Form { form };
    match form {
        Form::Word | Form::Text => Ok(Value::Text(text)),
        Form::Flag => text.parse().map(Value::Flag).map_err(|_| wrong("yes or no")),
        Form::Number => text.parse().map(Value::Number).map_err(|_| wrong("whole number")),
        Form::Day => text.parse().map(Value::Day).map_err(|_| wrong("day")),
    }
}
