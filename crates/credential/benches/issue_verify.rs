//! What one core does in a second: signing, checking, refusing, drawing, comparing with a passport.
//!
//! `cargo bench -p credential`; figures go to `docs/performance.md`.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use credential::{
    Answer, Binding, CredentialId, Es256Signer, Grant, IssuerId, Purpose, QrText, Statement, TrustList,
    issue, qr_svg, trust::TrustedKey, verify,
};
use divan::{Bencher, counter::ItemsCount};
use jiff::{SignedDuration, Timestamp};
use records::{
    Day, country::Country, document::DocumentNumber, partial_date::PartialDate, region::RegionCode,
};

fn main() {
    divan::main();
}

struct Desk {
    signer: Es256Signer,
    trust: TrustList,
    statement: Statement,
    text: QrText,
    now: Timestamp,
}

fn document() -> (Country, DocumentNumber, PartialDate) {
    let number = DocumentNumber::parse("AA1234567").unwrap();
    (
        Country::constant(b"UZB"),
        number,
        PartialDate::parse_iso("1990-05-01").unwrap(),
    )
}

fn desk() -> Desk {
    let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
    let signer = Es256Signer::from_pem(include_str!("../tests/vectors/issuer.pem")).unwrap();
    let issuer = IssuerId::parse("RU-MVD").unwrap();
    let key = TrustedKey {
        issuer: issuer.clone(),
        key: signer.public_key().clone(),
        valid_from: now - SignedDuration::from_hours(1),
        valid_until: now + SignedDuration::from_hours(1),
        purposes: Purpose::ALL.to_vec(),
    };
    let trust = TrustList::new(now, now + SignedDuration::from_hours(1), [key]).unwrap();
    let (country, number, born) = document();
    let statement = Statement {
        issuer,
        credential: CredentialId::from_random_bytes([7; 8]),
        purpose: Purpose::Work,
        answer: Answer::Yes(Grant {
            until: Some(Day::constant(2026, 12, 31)),
            regions: BTreeSet::from([RegionCode::constant(b"50"), RegionCode::constant(b"77")]),
            conditions: BTreeSet::new(),
        }),
        binding: Some(Binding::of(country, &number, &born)),
        issued_at: now,
        not_before: None,
        expires_at: now + SignedDuration::from_mins(10),
    };
    let text = issue(&statement, &signer).unwrap();
    Desk {
        signer,
        trust,
        statement,
        text,
        now,
    }
}

#[divan::bench]
fn issue_one(bencher: Bencher<'_, '_>) {
    let desk = desk();
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench_local(|| issue(&desk.statement, &desk.signer).unwrap());
}

#[divan::bench]
fn verify_one(bencher: Bencher<'_, '_>) {
    let desk = desk();
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench_local(|| verify(desk.text.as_str(), &desk.trust, desk.now));
}

/// The last letter changed: everything but the content is looked at.
#[divan::bench]
fn refuse_one(bencher: Bencher<'_, '_>) {
    let desk = desk();
    let text = desk.text.as_str();
    let last = if text.ends_with('0') { '1' } else { '0' };
    let forged = format!("{}{last}", &text[..text.len() - 1]);
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench_local(|| verify(&forged, &desk.trust, desk.now));
}

#[divan::bench]
fn draw_one(bencher: Bencher<'_, '_>) {
    let desk = desk();
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench_local(|| qr_svg(&desk.text, "May work").unwrap());
}

#[divan::bench]
fn compare_with_passport(bencher: Bencher<'_, '_>) {
    let (country, number, born) = document();
    let binding = desk().statement.binding.unwrap();
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench_local(|| binding.fits(country, &number, &born));
}
