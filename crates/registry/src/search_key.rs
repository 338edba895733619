//! Keys under which a profile is found: every number that its records name, and their names by year of birth.
//!
//! In: what a record says. Out: its keys, sorted, none twice. Pure, so that a backend's index can be rebuilt from
//! records and links.
//! Invariant: a doubtful number is a key as well; who types it from the paper must find the paper.

use std::collections::BTreeSet;

use names::{patronymic, skeleton::skeleton, sounds::Sounds};
use records::{
    identifier::Claimed,
    payload::Payload,
    subject::{Name, Subject},
};

/// Words of a name that become keys; a longer name is found by its first words.
const NAME_WORDS_MAX: usize = 6;

/// What kind of thing is searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchKind {
    Document,
    Inn,
    Snils,
    Enp,
    StudentId,
    Permit,
    Visa,
    MigrationCard,
    /// One word of a name, or two in either order, by their comparison keys, and the year of birth.
    NameAndYear,
}

impl SearchKind {
    pub const ALL: [Self; 9] = [
        Self::Document,
        Self::Inn,
        Self::Snils,
        Self::Enp,
        Self::StudentId,
        Self::Permit,
        Self::Visa,
        Self::MigrationCard,
        Self::NameAndYear,
    ];

    /// The kind of a number that somebody names; a document is asked for with its issuer, a name with its date.
    pub fn of_number(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .filter(|kind| !matches!(kind, Self::Document | Self::NameAndYear))
            .find(|kind| kind.as_str() == name)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Inn => "inn",
            Self::Snils => "snils",
            Self::Enp => "enp",
            Self::StudentId => "student_id",
            Self::Permit => "permit",
            Self::Visa => "visa",
            Self::MigrationCard => "migration_card",
            Self::NameAndYear => "name_and_year",
        }
    }
}

/// One key. Personal data: `Debug` hides the value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SearchKey {
    kind: SearchKind,
    value: String,
}

impl std::fmt::Debug for SearchKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SearchKey({}, hidden)", self.kind.as_str())
    }
}

impl SearchKey {
    /// A number as it is compared: letters and digits alone, capitals.
    pub fn number(kind: SearchKind, raw: &str) -> Self {
        let value = raw
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_uppercase)
            .collect();
        Self { kind, value }
    }

    pub fn kind(&self) -> SearchKind {
        self.kind
    }

    pub fn value(&self) -> &str {
        &self.value
    }

    fn name(words: &[&str], year: i16) -> Self {
        let mut words = words.to_vec();
        words.sort_unstable();
        Self {
            kind: SearchKind::NameAndYear,
            value: format!("{}|{year}", words.join(" ")),
        }
    }
}

/// All keys under which whoever a record is about is found.
pub fn search_keys(subject: &Subject, payload: &Payload) -> BTreeSet<SearchKey> {
    let mut keys = BTreeSet::new();
    add_subject(&mut keys, subject);
    add_payload(&mut keys, payload);
    keys.retain(|key| !key.value.is_empty());
    keys
}

fn add_subject(keys: &mut BTreeSet<SearchKey>, subject: &Subject) {
    let mut add = |kind, raw: Option<&str>| keys.extend(raw.map(|raw| SearchKey::number(kind, raw)));
    add(
        SearchKind::Document,
        subject.document.as_ref().map(|document| document.number.as_str()),
    );
    add(SearchKind::Inn, subject.inn.as_ref().map(Claimed::as_str));
    add(SearchKind::Snils, subject.snils.as_ref().map(Claimed::as_str));
    add(SearchKind::Enp, subject.enp.as_ref().map(Claimed::as_str));
    add(SearchKind::StudentId, subject.student_id.as_deref());
    let Some(birth) = &subject.birth else { return };
    for name in [&subject.latin, &subject.cyrillic].into_iter().flatten() {
        keys.extend(name_keys(&name_words(name), birth.date.year()));
    }
}

fn add_payload(keys: &mut BTreeSet<SearchKey>, payload: &Payload) {
    let mut add = |kind, raw: Option<&str>| keys.extend(raw.map(|raw| SearchKey::number(kind, raw)));
    match payload {
        Payload::Crossing(crossing) => {
            add(SearchKind::MigrationCard, crossing.migration_card.as_deref());
            add(SearchKind::Visa, crossing.visa_number.as_deref());
        }
        Payload::ArrivalNotice(notice) => {
            add(SearchKind::MigrationCard, notice.migration_card.as_deref());
            add(SearchKind::Visa, notice.visa_number.as_deref());
        }
        Payload::Permit(permit) => add(SearchKind::Permit, Some(&permit.full_number())),
        Payload::TaxAdvance(advance) => add(SearchKind::Permit, advance.patent_number.as_deref()),
        Payload::EmploymentNotice(notice) => add(SearchKind::Permit, notice.permit_number.as_deref()),
        Payload::Residence(residence) => add(SearchKind::Permit, residence.residence_permit.as_deref()),
        Payload::Visa(visa) => add(SearchKind::Visa, Some(&visa.visa_number)),
        Payload::Decision(_)
        | Payload::Insurance(_)
        | Payload::Benefit(_)
        | Payload::MedicalPolicy(_)
        | Payload::MedicalCertificate(_)
        | Payload::Enrolment(_)
        | Payload::Accreditation(_)
        | Payload::Amendment(_) => {}
    }
}

/// Words of a name that tell persons apart: all but the father's name.
fn name_words(name: &Name) -> Vec<&str> {
    let own = [name.surname.as_str(), name.given.as_str()]
        .into_iter()
        .flat_map(words);
    let unsplit = name
        .unsplit
        .as_deref()
        .into_iter()
        .flat_map(words)
        .filter(|word| !patronymic::has_ending(word));
    own.chain(unsplit).take(NAME_WORDS_MAX).collect()
}

/// Words of a text that names a person.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == '-')
        .filter(|word| !word.is_empty())
}

/// Keys of a name with a year of birth: each word, and each two of them.
pub(crate) fn name_keys(words: &[&str], year: i16) -> Vec<SearchKey> {
    let words: Vec<String> = words
        .iter()
        .map(|word| skeleton(&Sounds::of(word)))
        .filter(|word| !word.is_empty())
        .collect();
    let mut keys = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        keys.insert(SearchKey::name(&[word], year));
        keys.extend(
            words[at + 1..]
                .iter()
                .map(|other| SearchKey::name(&[word, other], year)),
        );
    }
    keys.into_iter().collect()
}
