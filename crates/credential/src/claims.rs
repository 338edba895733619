//! A statement as the claims of a CWT (RFC 8392), and back.
//!
//! | key | claim | form |
//! |---|---|---|
//! | 1 `iss` | issuer | text |
//! | 4 `exp`, 5 `nbf` (may be absent), 6 `iat` | times | seconds since 1970 |
//! | 7 `cti` | credential id | 8 bytes |
//! | 65535 `status` | reserved for the status list; not written, and undetermined when read | |
//! | -65537 | the answer | map: 0 purpose, 1 answer, 2 until, 3 regions, 4 conditions, 5 reason, 6 since, 7 binding |
//!
//! Days are counted from 1970-01-01 as in RFC 8943. Absent: no end, the whole country, no conditions, no document.
//! Invariant: a claim that is not understood is never skipped, for it may narrow the answer.

use std::collections::BTreeSet;

use ciborium::Value;
use jiff::{Timestamp, Unit};
use records::{Day, region::RegionCode};

use crate::{
    Answer, Binding, CredentialId, Grant, IssuerId, Purpose, ReasonCode, Statement,
    cbor::{self, CborError},
    statement::Condition,
};

const ISS: i64 = 1;
const EXP: i64 = 4;
const NBF: i64 = 5;
const IAT: i64 = 6;
const CTI: i64 = 7;
const STATUS: i64 = 65_535;
/// First key that RFC 8392 section 9.1 leaves to private use.
const ANSWER: i64 = -65_537;

const PURPOSE: i64 = 0;
const KIND: i64 = 1;
const UNTIL: i64 = 2;
const REGIONS: i64 = 3;
const CONDITIONS: i64 = 4;
const REASON: i64 = 5;
const SINCE: i64 = 6;
const BINDING: i64 = 7;

const NO: u64 = 0;
const YES: u64 = 1;
const UNDETERMINED: u64 = 2;

const EPOCH: Day = Day::constant(1970, 1, 1);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ClaimsError {
    #[error("the claims cannot be read")]
    Form(#[from] CborError),
    #[error("claim {0} is missing or wrong")]
    Claim(&'static str),
    /// Well formed, but newer than this verifier.
    #[error("claim {0} is not known here")]
    Unknown(&'static str),
    #[error("the credential refers to a status list")]
    StatusList,
}

pub(crate) fn encode(statement: &Statement) -> Result<Vec<u8>, ClaimsError> {
    let mut claims = vec![
        entry(ISS, statement.issuer.as_str()),
        entry(EXP, statement.expires_at.as_second()),
    ];
    claims.extend(statement.not_before.map(|time| entry(NBF, time.as_second())));
    claims.push(entry(IAT, statement.issued_at.as_second()));
    claims.push(entry(CTI, statement.credential.as_bytes().to_vec()));
    claims.push(entry(ANSWER, Value::Map(answer_entries(statement)?)));
    Ok(cbor::encode(&Value::Map(claims))?)
}

fn answer_entries(statement: &Statement) -> Result<Vec<(Value, Value)>, ClaimsError> {
    let mut entries = vec![entry(PURPOSE, purpose_code(statement.purpose))];
    match &statement.answer {
        Answer::Yes(grant) => {
            entries.push(entry(KIND, YES));
            if let Some(until) = grant.until {
                entries.push(entry(UNTIL, day_number(until)?));
            }
            if !grant.regions.is_empty() {
                let regions = grant
                    .regions
                    .iter()
                    .map(|region| region.as_str().into())
                    .collect();
                entries.push(entry(REGIONS, Value::Array(regions)));
            }
            if !grant.conditions.is_empty() {
                let codes = grant
                    .conditions
                    .iter()
                    .map(|&condition| condition_code(condition).into());
                entries.push(entry(CONDITIONS, Value::Array(codes.collect())));
            }
        }
        Answer::No { reason } => {
            entries.extend([entry(KIND, NO), entry(REASON, reason.as_str())]);
        }
        Answer::Undetermined { reason, since } => {
            entries.extend([entry(KIND, UNDETERMINED), entry(REASON, reason.as_str())]);
            entries.push(entry(SINCE, day_number(*since)?));
        }
    }
    entries.extend(statement.binding.map(|binding| entry(BINDING, binding.to_wire())));
    Ok(entries)
}

fn entry(key: i64, value: impl Into<Value>) -> (Value, Value) {
    (key.into(), value.into())
}

pub(crate) fn decode(bytes: &[u8]) -> Result<Statement, ClaimsError> {
    let mut claims = Fields::of(cbor::decode(bytes)?, "claims")?;
    if claims.take(STATUS).is_some() {
        return Err(ClaimsError::StatusList);
    }
    let issuer = claims
        .text(ISS)
        .and_then(|raw| IssuerId::parse(&raw).ok())
        .ok_or(ClaimsError::Claim("iss"))?;
    let expires_at = claims.time(EXP, "exp")?.ok_or(ClaimsError::Claim("exp"))?;
    let not_before = claims.time(NBF, "nbf")?;
    let issued_at = claims.time(IAT, "iat")?.ok_or(ClaimsError::Claim("iat"))?;
    let id = claims.take(CTI).and_then(|value| value.into_bytes().ok());
    let id = id
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(ClaimsError::Claim("cti"))?;
    let answer = claims.take(ANSWER).ok_or(ClaimsError::Claim("answer"))?;
    claims.end("beside the answer", &[])?;

    let mut fields = Fields::of(answer, "answer")?;
    let purpose = decode_purpose(fields.number(PURPOSE, "purpose")?)?;
    let answer = decode_answer(&mut fields)?;
    let binding = fields.binding()?;
    fields.end("inside the answer", &[UNTIL, REGIONS, CONDITIONS, REASON, SINCE])?;
    let credential = CredentialId::from_random_bytes(id);
    Ok(Statement {
        issuer,
        credential,
        purpose,
        answer,
        binding,
        issued_at,
        not_before,
        expires_at,
    })
}

fn decode_answer(fields: &mut Fields) -> Result<Answer, ClaimsError> {
    match fields.number(KIND, "answer")? {
        NO => Ok(Answer::No {
            reason: fields.reason()?,
        }),
        YES => Ok(Answer::Yes(Grant {
            until: fields.day(UNTIL, "until")?,
            regions: fields.regions()?,
            conditions: fields.conditions()?,
        })),
        UNDETERMINED => Ok(Answer::Undetermined {
            reason: fields.reason()?,
            since: fields.day(SINCE, "since")?.ok_or(ClaimsError::Claim("since"))?,
        }),
        _ => Err(ClaimsError::Unknown("answer")),
    }
}

const fn purpose_code(purpose: Purpose) -> u64 {
    match purpose {
        Purpose::Stay => 1,
        Purpose::Work => 2,
    }
}

fn decode_purpose(code: u64) -> Result<Purpose, ClaimsError> {
    let known = Purpose::ALL
        .into_iter()
        .find(|&purpose| purpose_code(purpose) == code);
    known.ok_or(ClaimsError::Unknown("purpose"))
}

const fn condition_code(condition: Condition) -> u64 {
    match condition {
        Condition::NamedEmployer => 1,
        Condition::NamedProfession => 2,
    }
}

fn decode_condition(code: u64) -> Result<Condition, ClaimsError> {
    let known = [Condition::NamedEmployer, Condition::NamedProfession];
    known
        .into_iter()
        .find(|&condition| condition_code(condition) == code)
        .ok_or(ClaimsError::Unknown("conditions"))
}

fn day_number(day: Day) -> Result<i64, ClaimsError> {
    let span = EPOCH
        .until((Unit::Day, day))
        .map_err(|_| ClaimsError::Claim("day"))?;
    Ok(span.get_days().into())
}

fn day_of(number: i64) -> Option<Day> {
    let span = jiff::Span::new().try_days(number).ok()?;
    EPOCH.checked_add(span).ok()
}

fn unsigned(value: Value) -> Option<u64> {
    value
        .into_integer()
        .ok()
        .and_then(|number| number.try_into().ok())
}

/// The entries of a map that are not yet read.
struct Fields(Vec<(Value, Value)>);

impl Fields {
    fn of(value: Value, name: &'static str) -> Result<Self, ClaimsError> {
        value.into_map().map(Self).map_err(|_| ClaimsError::Claim(name))
    }

    fn take(&mut self, key: i64) -> Option<Value> {
        let at = self.0.iter().position(|(found, _)| *found == Value::from(key))?;
        Some(self.0.remove(at).1)
    }

    /// All must be read by now. What is left is of ours in the wrong place, or of a later edition.
    fn end(self, place: &'static str, ours: &[i64]) -> Result<(), ClaimsError> {
        if self
            .0
            .iter()
            .any(|(key, _)| ours.iter().any(|&known| *key == Value::from(known)))
        {
            return Err(ClaimsError::Claim(place));
        }
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(ClaimsError::Unknown(place))
        }
    }

    fn text(&mut self, key: i64) -> Option<String> {
        self.take(key)?.into_text().ok()
    }

    fn number(&mut self, key: i64, name: &'static str) -> Result<u64, ClaimsError> {
        self.take(key).and_then(unsigned).ok_or(ClaimsError::Claim(name))
    }

    fn signed(&mut self, key: i64, name: &'static str) -> Result<Option<i64>, ClaimsError> {
        let Some(value) = self.take(key) else {
            return Ok(None);
        };
        let number = value
            .into_integer()
            .ok()
            .and_then(|number| number.try_into().ok());
        number.map(Some).ok_or(ClaimsError::Claim(name))
    }

    fn time(&mut self, key: i64, name: &'static str) -> Result<Option<Timestamp>, ClaimsError> {
        let second = self.signed(key, name)?;
        second
            .map(Timestamp::from_second)
            .transpose()
            .map_err(|_| ClaimsError::Claim(name))
    }

    fn day(&mut self, key: i64, name: &'static str) -> Result<Option<Day>, ClaimsError> {
        let number = self.signed(key, name)?;
        number
            .map(|number| day_of(number).ok_or(ClaimsError::Claim(name)))
            .transpose()
    }

    fn binding(&mut self) -> Result<Option<Binding>, ClaimsError> {
        let Some(value) = self.take(BINDING) else {
            return Ok(None);
        };
        let binding = value
            .into_bytes()
            .ok()
            .and_then(|bytes| Binding::from_wire(&bytes));
        binding.map(Some).ok_or(ClaimsError::Claim("binding"))
    }

    fn reason(&mut self) -> Result<ReasonCode, ClaimsError> {
        self.text(REASON)
            .and_then(|raw| ReasonCode::parse(&raw).ok())
            .ok_or(ClaimsError::Claim("reason"))
    }

    fn regions(&mut self) -> Result<BTreeSet<RegionCode>, ClaimsError> {
        self.set(REGIONS, "regions", |code| {
            code.into_text().ok().and_then(|raw| RegionCode::parse(&raw).ok())
        })
    }

    fn conditions(&mut self) -> Result<BTreeSet<Condition>, ClaimsError> {
        let codes = self.set(CONDITIONS, "conditions", unsigned)?;
        codes.into_iter().map(decode_condition).collect()
    }

    /// Each once and in ascending order. An empty list would read as no bounds at all, so it is none.
    fn set<T: Ord>(
        &mut self,
        key: i64,
        name: &'static str,
        parse: impl Fn(Value) -> Option<T>,
    ) -> Result<BTreeSet<T>, ClaimsError> {
        let Some(value) = self.take(key) else {
            return Ok(BTreeSet::new());
        };
        let values = value.into_array().map_err(|_| ClaimsError::Claim(name))?;
        let parsed = values
            .into_iter()
            .map(parse)
            .collect::<Option<Vec<T>>>()
            .ok_or(ClaimsError::Claim(name))?;
        let sound = !parsed.is_empty() && parsed.is_sorted_by(|a, b| a < b);
        if sound {
            Ok(parsed.into_iter().collect())
        } else {
            Err(ClaimsError::Claim(name))
        }
    }
}
