//! The words of explanations, by key and language.
//!
//! In: `texts.csv` (key, en, ru); `{name}` in a text stands for an argument.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{PackError, table};
use crate::status::Text;

pub(crate) const FILE: &str = "texts.csv";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Russian,
}

#[derive(Clone, Debug, Deserialize)]
struct Row {
    key: String,
    en: String,
    ru: String,
}

/// The table of texts.
#[derive(Clone, Debug, Default)]
pub struct Texts(BTreeMap<String, Row>);

impl Texts {
    pub(super) fn parse(text: &str) -> Result<Self, PackError> {
        let mut texts = BTreeMap::new();
        for (line, row) in table::rows::<Row>(FILE, text)? {
            if row.en.is_empty() || row.ru.is_empty() {
                return Err(PackError::at(FILE, line, "en or ru", "is empty"));
            }
            if let Some(earlier) = texts.insert(row.key.clone(), row) {
                return Err(PackError::at(
                    FILE,
                    line,
                    "key",
                    format!("{} stands twice", earlier.key),
                ));
            }
        }
        Ok(Self(texts))
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn contains(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The text in words. A key that the table lacks is shown as it is.
    pub fn say(&self, text: &Text, language: Language) -> String {
        let Some(row) = self.0.get(&text.key) else {
            return text.key.clone();
        };
        let template = match language {
            Language::English => &row.en,
            Language::Russian => &row.ru,
        };
        let fill =
            |said: String, (name, value): (&String, &String)| said.replace(&format!("{{{name}}}"), value);
        text.arguments.iter().fold(template.clone(), fill)
    }
}
