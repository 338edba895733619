//! The row that leaves for statistics: what is needed to count, nothing that names.
//!
//! Invariant: no name, no number of a document, no address, no employer, no record id; the birth date is cut to its
//! month. Who the row is about only the holder of the pseudonymisation key can tell.

use std::collections::BTreeMap;

use records::{
    Day,
    country::Country,
    payload::{Direction, PermitType, Purpose},
    region::RegionCode,
    subject::Sex,
};
use serde::{Deserialize, Serialize};

pub use crate::signs::SignKind;
use crate::{
    cite::Citation,
    presence::{Entry, Exit, Stay},
    signs,
    view::Profile,
};

/// 32 bytes made by whoever keeps the statistical key from the profile id; hexadecimal on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pseudonym([u8; 32]);

impl Pseudonym {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(&self.0[..4]))
    }
}

impl From<Pseudonym> for String {
    fn from(pseudonym: Pseudonym) -> String {
        hex::encode(pseudonym.0)
    }
}

impl TryFrom<String> for Pseudonym {
    type Error = hex::FromHexError;
    fn try_from(text: String) -> Result<Self, hex::FromHexError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

/// One person in the extract for statistics.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub pseudonym: Pseudonym,
    pub sex: Option<Sex>,
    pub birth_year: Option<i16>,
    pub birth_month: Option<i8>,
    /// Citizenship by which the person was treated, from which day on; the first holds for all days before as well.
    pub citizenships: Vec<CitizenshipFrom>,
    pub stays: Vec<StayRow>,
    pub signs: Vec<SignRow>,
    pub permits: Vec<PermitRow>,
    pub payments: Vec<PaymentRow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CitizenshipFrom {
    pub from: Day,
    pub country: Country,
}

/// A stay as records show it, with what is missing named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StayRow {
    pub entry: EntryRow,
    pub exit: ExitRow,
    pub purpose: Option<Purpose>,
    pub places: Vec<PlaceFrom>,
    /// Last day on which a record proves presence.
    pub last_sign: Day,
    /// Last day of stay that a notice of arrival names.
    pub notified_until: Option<Day>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum EntryRow {
    Crossed { on: Day },
    Notified { on: Day },
    Missing { not_before: Option<Day>, not_after: Day },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum ExitRow {
    Crossed { on: Day },
    Open,
    Missing { not_before: Day, not_after: Day },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceFrom {
    pub from: Day,
    pub region: Option<RegionCode>,
}

/// A sign of presence or a tie; `until` is the last day of a tie that lasts, `None` while it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignRow {
    pub kind: SignKind,
    pub from: Day,
    pub until: Option<Day>,
    pub region: Option<RegionCode>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermitRow {
    pub permit_type: PermitType,
    pub from: Day,
    pub until: Option<Day>,
    pub region: RegionCode,
    /// Day on which it was annulled, which `until` already respects.
    pub annulled_on: Option<Day>,
}

/// An advance of income tax; `permit` points into `permits` where the payment names its patent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRow {
    pub paid_on: Day,
    pub amount_kopecks: i64,
    pub region: RegionCode,
    pub permit: Option<usize>,
}

/// Cuts a profile down to what statistics may know.
pub fn row(profile: &Profile, pseudonym: Pseudonym) -> Row {
    let birth = profile.identity.birth_date.as_ref().map(|field| field.value);
    Row {
        pseudonym,
        sex: profile.identity.sex.as_ref().map(|field| field.value),
        birth_year: birth.map(|date| date.year()),
        birth_month: birth.and_then(|date| date.month()),
        citizenships: citizenships(profile),
        stays: profile.stays.iter().map(|stay| stay_row(profile, stay)).collect(),
        signs: sign_rows(profile),
        permits: profile
            .events
            .permits
            .iter()
            .map(|permit| PermitRow {
                permit_type: permit.fact.permit_type,
                from: permit.valid.from,
                until: permit.valid.until,
                region: permit.fact.region,
                annulled_on: permit.fact.annulled_on,
            })
            .collect(),
        payments: payments(profile),
    }
}

/// Citizenship by the document of each entry (RU.CITIZENSHIP.DOC); without an entry, the one chosen.
fn citizenships(profile: &Profile) -> Vec<CitizenshipFrom> {
    let stated: BTreeMap<&Citation, Country> = profile
        .identity
        .citizenships
        .iter()
        .flat_map(|held| held.cited.iter().map(|cited| (cited, held.country)))
        .collect();
    let mut over_time: Vec<CitizenshipFrom> = Vec::new();
    for crossing in profile
        .events
        .crossings
        .iter()
        .filter(|crossing| crossing.fact.direction == Direction::In)
    {
        let Some(&country) = stated.get(&crossing.cited) else {
            continue;
        };
        if over_time.last().is_none_or(|last| last.country != country) {
            over_time.push(CitizenshipFrom {
                from: crossing.fact.crossed_on,
                country,
            });
        }
    }
    if over_time.is_empty() {
        over_time.extend(profile.citizenship().map(|country| CitizenshipFrom {
            from: Day::MIN,
            country,
        }));
    }
    over_time
}

fn stay_row(profile: &Profile, stay: &Stay) -> StayRow {
    let notices = profile
        .events
        .notices
        .iter()
        .filter(|notice| stay.notices.contains(&notice.cited));
    StayRow {
        entry: match stay.entry {
            Entry::Crossed { on, .. } => EntryRow::Crossed { on },
            Entry::Notified { on, .. } => EntryRow::Notified { on },
            Entry::Unrecorded {
                not_before,
                not_after,
                ..
            } => EntryRow::Missing {
                not_before,
                not_after,
            },
        },
        exit: match stay.exit {
            Exit::Crossed { on, .. } => ExitRow::Crossed { on },
            Exit::Open => ExitRow::Open,
            Exit::Unrecorded {
                not_before,
                not_after,
                ..
            } => ExitRow::Missing {
                not_before,
                not_after,
            },
        },
        purpose: stay.purpose,
        places: stay
            .segments
            .iter()
            .map(|segment| PlaceFrom {
                from: segment.span.from,
                region: segment.region,
            })
            .collect(),
        last_sign: stay.last_sign,
        notified_until: notices.filter_map(|notice| notice.fact.stay.until).max(),
    }
}

fn sign_rows(profile: &Profile) -> Vec<SignRow> {
    signs::signs(&profile.events)
        .into_iter()
        .map(|sign| SignRow {
            kind: sign.kind,
            from: sign.span.from,
            until: sign.span.until,
            region: sign.region,
        })
        .collect()
}

fn payments(profile: &Profile) -> Vec<PaymentRow> {
    let numbers: BTreeMap<String, usize> = profile
        .events
        .permits
        .iter()
        .enumerate()
        .map(|(at, permit)| (permit.fact.full_number(), at))
        .collect();
    profile
        .events
        .payments
        .iter()
        .map(|payment| PaymentRow {
            paid_on: payment.fact.paid_on,
            amount_kopecks: payment.fact.amount_kopecks,
            region: payment.fact.region,
            permit: payment
                .fact
                .patent_number
                .as_ref()
                .and_then(|number| numbers.get(number).copied()),
        })
        .collect()
}
