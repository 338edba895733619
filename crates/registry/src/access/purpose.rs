//! The closed list of purposes, each with its legal basis. Data of the pack, not code.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    action::{Action, FieldGroup},
    actor::Role,
};

/// Days for which a law may keep a look from the person. More is a mistake in the list.
const SHOWN_AFTER_DAYS_MAX: u16 = 365;

/// Name of a purpose: `own_data`, `registration`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PurposeId(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a purpose is named by 1 to 40 characters out of a-z, 0-9 and '_'")]
pub struct PurposeIdError;

impl PurposeId {
    pub fn parse(raw: &str) -> Result<Self, PurposeIdError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if (1..=40).contains(&raw.len()) && raw.bytes().all(allowed) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(PurposeIdError)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PurposeId {
    type Error = PurposeIdError;
    fn try_from(raw: String) -> Result<Self, PurposeIdError> {
        Self::parse(&raw)
    }
}

impl From<PurposeId> for String {
    fn from(id: PurposeId) -> String {
        id.0
    }
}

impl std::fmt::Display for PurposeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why data may be read, by whom, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    pub id: PurposeId,
    pub legal_basis: String,
    pub roles: BTreeSet<Role>,
    pub actions: BTreeSet<Action>,
    #[serde(default)]
    pub fields: BTreeSet<FieldGroup>,
    /// Key of the purpose's human words in the texts.
    pub text_key: String,
    /// Whether the office must name its case first.
    #[serde(default)]
    pub case: CaseRule,
    /// Days after which the person sees the look, where a law keeps it back; the person sees at once that there is one.
    #[serde(default)]
    pub shown_after_days: u16,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseRule {
    #[default]
    Optional,
    Required,
}

/// All purposes there are.
#[derive(Clone, Debug, Default)]
pub struct Purposes(BTreeMap<PurposeId, Purpose>);

#[derive(Debug, thiserror::Error)]
pub enum PurposesError {
    #[error("the list of purposes cannot be read")]
    Form(#[from] toml::de::Error),
    #[error("purpose {id} stands twice")]
    Twice { id: PurposeId },
    #[error("purpose {id} {problem}")]
    Row { id: PurposeId, problem: &'static str },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    purpose: Vec<Purpose>,
}

impl Purposes {
    /// From `purposes.toml`.
    pub fn parse(text: &str) -> Result<Self, PurposesError> {
        let mut purposes = BTreeMap::new();
        for purpose in toml::from_str::<List>(text)?.purpose {
            let id = purpose.id.clone();
            if let Some(problem) = fault(&purpose) {
                return Err(PurposesError::Row { id, problem });
            }
            if purposes.insert(id.clone(), purpose).is_some() {
                return Err(PurposesError::Twice { id });
            }
        }
        Ok(Self(purposes))
    }

    pub fn find(&self, id: &PurposeId) -> Option<&Purpose> {
        self.0.get(id)
    }

    /// The purposes that a role may choose for an action, by name: what a form offers.
    pub fn open_to(&self, role: Role, action: Action) -> impl Iterator<Item = &Purpose> {
        self.0
            .values()
            .filter(move |purpose| purpose.roles.contains(&role) && purpose.actions.contains(&action))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Purpose> {
        self.0.values()
    }
}

fn fault(purpose: &Purpose) -> Option<&'static str> {
    let shows_a_person = purpose.actions.contains(&Action::ViewProfile);
    if purpose.legal_basis.trim().is_empty() {
        Some("names no legal basis")
    } else if purpose.roles.is_empty() || purpose.actions.is_empty() {
        Some("is open to nobody or for nothing")
    } else if shows_a_person && purpose.fields.is_empty() {
        Some("shows profiles but names no fields")
    } else if shows_a_person
        && purpose
            .roles
            .iter()
            .any(|role| matches!(role, Role::Verifier | Role::Analyst))
    {
        // The least answer: these roles never see a profile, whatever the list says.
        Some("shows profiles to a role that never sees one")
    } else if purpose.shown_after_days > SHOWN_AFTER_DAYS_MAX {
        Some("keeps looks from the person for more than a year")
    } else {
        None
    }
}
