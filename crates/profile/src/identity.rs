//! Who the person is, by all records together.

use records::{
    Day,
    country::Country,
    identifier::{Enp, Inn, Snils},
    partial_date::PartialDate,
    subject::{Document, Name, Sex},
};
use serde::{Deserialize, Serialize};

use crate::{cite::Citation, field::Field};

/// Names, birth, sex, citizenships, documents and numbers.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latin: Option<Field<Name>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cyrillic: Option<Field<Name>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Field<PartialDate>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_place: Option<Field<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Field<Sex>>,
    /// The citizenship by which the person is treated; several are lawful, see `citizenships`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citizenship: Option<Field<Country>>,
    /// All citizenships stated, the earliest first.
    pub citizenships: Vec<CitizenshipHeld>,
    /// All documents, the latest used first.
    pub documents: Vec<DocumentHeld>,
    pub inn: Vec<Held<Inn>>,
    pub snils: Vec<Held<Snils>>,
    pub enp: Vec<Held<Enp>>,
    pub student_ids: Vec<Held<String>>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitizenshipHeld {
    pub country: Country,
    /// First day on which a record states it; the person may have held it before.
    pub since: Day,
    pub last_stated: Day,
    pub cited: Vec<Citation>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentHeld {
    pub document: Document,
    pub state: DocumentState,
    pub first_used: Day,
    pub last_used: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Day>,
    pub cited: Vec<Citation>,
}

/// What the records tell of a document, on the day asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// The one used last.
    Current,
    /// Another valid document used beside the current one: of a second citizenship, a card.
    Other,
    /// Replaced: a later document of the same issuer took over, or it has expired.
    Old,
    /// One character away from a number that more records state.
    LikelySlip,
    /// Number of a parent's document on which a child travels.
    Parents,
    /// First used after the day asked about.
    Later,
    /// An official decided that the person never held it.
    Overruled,
}

/// A number that a source knows the person by.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held<T> {
    pub value: T,
    pub soundness: Soundness,
    pub cited: Vec<Citation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Soundness {
    Sound,
    /// Its check digits fail.
    CheckDigitFails,
    /// Sound, yet other records state another sound number; a person has one.
    Contested,
    /// An official decided that it is not the person's.
    Overruled,
}
