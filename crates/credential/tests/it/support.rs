//! One issuer, one stranger, a trust list and a statement, all at fixed times.

use std::{collections::BTreeSet, sync::LazyLock};

use credential::{
    Answer, Binding, CredentialId, Es256Signer, Grant, IssuerId, Purpose, Statement, TrustList,
    trust::TrustedKey,
};
use jiff::{SignedDuration, Timestamp};
use records::{
    Day, country::Country, document::DocumentNumber, partial_date::PartialDate, region::RegionCode,
};

pub(crate) fn issuer() -> Es256Signer {
    Es256Signer::from_pem(include_str!("../vectors/issuer.pem")).unwrap()
}

pub(crate) fn stranger() -> Es256Signer {
    Es256Signer::from_pem(include_str!("../vectors/stranger.pem")).unwrap()
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The moment at which everything is in force.
pub(crate) fn noon() -> Timestamp {
    time("2026-11-24T12:00:00Z")
}

pub(crate) fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

pub(crate) fn trusted_key() -> TrustedKey {
    TrustedKey {
        issuer: IssuerId::parse("RU-MVD").unwrap(),
        key: issuer().public_key().clone(),
        valid_from: time("2026-11-01T00:00:00Z"),
        valid_until: time("2026-12-15T00:00:00Z"),
        purposes: Purpose::ALL.to_vec(),
    }
}

pub(crate) fn trust_of(key: TrustedKey) -> TrustList {
    TrustList::new(time("2026-11-20T00:00:00Z"), time("2026-12-20T00:00:00Z"), [key]).unwrap()
}

pub(crate) fn trust() -> TrustList {
    trust_of(trusted_key())
}

/// Computed once: it is slow on purpose.
static BINDING: LazyLock<Binding> = LazyLock::new(|| {
    let number = DocumentNumber::parse("AA1234567").unwrap();
    Binding::of(
        Country::constant(b"UZB"),
        &number,
        &PartialDate::parse_iso("1990-05-01").unwrap(),
    )
});

/// May work in Moscow and its region until 2026-12-31.
pub(crate) fn may_work() -> Statement {
    Statement {
        issuer: IssuerId::parse("RU-MVD").unwrap(),
        credential: CredentialId::from_random_bytes(*b"\x01\x23\x45\x67\x89\xab\xcd\xef"),
        purpose: Purpose::Work,
        answer: Answer::Yes(Grant {
            until: Some(Day::constant(2026, 12, 31)),
            regions: BTreeSet::from([RegionCode::constant(b"50"), RegionCode::constant(b"77")]),
            conditions: BTreeSet::new(),
        }),
        binding: Some(*BINDING),
        issued_at: noon() - minutes(5),
        not_before: None,
        expires_at: noon() + minutes(10),
    }
}
