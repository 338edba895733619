//! Fields: what is chosen, by which rule, and what stays visible.

use jiff::civil::date;
use profile::{
    field::{ChosenBy, Difference},
    identity::{DocumentState, Soundness},
};
use records::{
    country::Country,
    document::DocumentNumber,
    identifier::Snils,
    partial_date::PartialDate,
    payload::{
        Decision, DecisionType, Direction::In, Employer, EmploymentEvent, EmploymentNotice, Payload, Permit,
        PermitState, PermitType, TaxAdvance,
    },
    region::RegionCode,
    subject::{Birth, Name, UnknownParts},
};

use crate::given::{crossing, day, folded, notice, record, subject};

#[test]
fn a_slip_is_told_from_a_conflict() {
    let mut slip = crossing("BX2", "2025-02-01T10:00", In, None);
    slip.subject.latin = Some(Name {
        surname: "KARIMV".into(),
        given: "JASUR".into(),
        ..Name::default()
    });
    let mut other = crossing("BX3", "2025-03-01T10:00", In, None);
    other.subject.latin = Some(Name {
        surname: "RAHIMOV".into(),
        given: "ALI".into(),
        ..Name::default()
    });
    let again = crossing("BX1", "2025-01-01T10:00", In, None);
    let more = crossing("BX0", "2024-12-01T10:00", In, None);
    let latin = folded(&[slip, other, again, more], "2025-03-02")
        .identity
        .latin
        .unwrap();
    assert_eq!(
        (latin.value.surname.as_str(), latin.chosen_by),
        ("KARIMOV", ChosenBy::Majority)
    );
    let differences: Vec<_> = latin
        .others
        .iter()
        .map(|o| (o.value.surname.as_str(), o.difference))
        .collect();
    assert_eq!(
        differences,
        [("KARIMV", Difference::Slip), ("RAHIMOV", Difference::Conflict)]
    );
    assert_eq!(latin.conflicts().count(), 1);
}

#[test]
fn a_source_that_knows_less_does_not_outvote_one_that_knows() {
    let border = crossing("BX1", "2025-01-01T10:00", In, None);
    let insured = |id: &str| {
        let mut record = notice(id, "2025-01-01", "2025-01-02", "2025-03-01", b"77", None);
        record.key.source = records::key::SourceName::parse("sfr").unwrap();
        let date = PartialDate::parse_iso("1985-01-01").unwrap();
        record.subject.birth = Some(Birth {
            date,
            unknown_parts: UnknownParts::WrittenAsOne,
        });
        record
    };
    let birth = folded(&[border, insured("IN1"), insured("IN2")], "2025-01-03")
        .identity
        .birth_date
        .unwrap();
    assert_eq!(
        (birth.value.to_string().as_str(), birth.chosen_by),
        ("1985-03-09", ChosenBy::SourcePriority)
    );
    assert_eq!(birth.others[0].difference, Difference::LessPrecise);
}

#[test]
fn two_citizenships_are_lawful_and_the_document_of_entry_decides() {
    let first = crossing("BX1", "2025-01-01T10:00", In, None);
    let mut second = crossing("BX2", "2025-06-01T10:00", In, None);
    second.subject.citizenship = Some(Country::constant(b"TJK"));
    let profile = folded(&[first, second], "2025-06-02");
    let held: Vec<_> = profile
        .identity
        .citizenships
        .iter()
        .map(|c| (c.country.to_string(), c.since))
        .collect();
    assert_eq!(
        held,
        [
            ("UZB".to_owned(), day("2025-01-01")),
            ("TJK".to_owned(), day("2025-06-01"))
        ]
    );
    let chosen = profile.identity.citizenship.unwrap();
    assert_eq!(
        (chosen.value.as_str(), chosen.chosen_by),
        ("TJK", ChosenBy::DocumentOfEntry)
    );
}

#[test]
fn documents_are_current_old_or_a_slip() {
    let with = |id: &str, at: &str, number: &str| {
        let mut record = crossing(id, at, In, None);
        record.subject.document.as_mut().unwrap().number = DocumentNumber::parse(number).unwrap();
        record
    };
    let records = [
        with("BX1", "2024-01-01T10:00", "FA1234567"),
        with("BX2", "2024-03-01T10:00", "FA1234567"),
        with("BX3", "2024-05-01T10:00", "FA1234567"),
        with("BX4", "2024-06-01T10:00", "FA1234657"),
        with("BX5", "2025-01-01T10:00", "FB7654321"),
        with("BX6", "2025-03-01T10:00", "FA1234567"),
    ];
    let profile = folded(&records, "2025-04-01");
    let states: Vec<_> = profile
        .identity
        .documents
        .iter()
        .map(|d| (d.document.number.as_str(), d.state))
        .collect();
    assert_eq!(
        states,
        [
            ("FA1234567", DocumentState::Old),
            ("FB7654321", DocumentState::Current),
            ("FA1234657", DocumentState::LikelySlip),
        ]
    );
}

#[test]
fn a_number_is_sound_doubtful_or_contested() {
    let with = |id: &str, snils: &str| {
        let mut record = crossing(id, "2025-01-01T10:00", In, None);
        record.key.source = records::key::SourceName::parse("sfr").unwrap();
        record.subject.snils = Some(Snils::new(snils));
        record
    };
    let states = |records: &[records::envelope::Record]| -> Vec<Soundness> {
        folded(records, "2025-01-02")
            .identity
            .snils
            .iter()
            .map(|held| held.soundness)
            .collect()
    };
    let sound = with("IN1", "793-831-375 49");
    let slip = with("IN2", "793-831-375 48");
    let other = with("IN3", "276-547-498 30");
    assert_eq!(
        states(&[sound.clone(), slip.clone()]),
        [Soundness::Sound, Soundness::CheckDigitFails]
    );
    assert_eq!(
        states(&[sound, other]),
        [Soundness::Contested, Soundness::Contested]
    );
}

fn patent(id: &str, recorded: &str) -> records::envelope::Record {
    let payload = Payload::Permit(Permit {
        permit_type: PermitType::Patent,
        series: "77".into(),
        number: "0699632730".into(),
        issued_on: day("2025-01-10"),
        valid_from: day("2025-01-10"),
        valid_until: Some(day("2026-01-09")),
        region: RegionCode::constant(b"77"),
        profession: Some("каменщик".into()),
        state: PermitState::InForce,
        annulled_on: None,
    });
    record("permits", id, day(recorded), subject(), payload)
}

fn payment(id: &str, number: Option<&str>) -> records::envelope::Record {
    let payload = Payload::TaxAdvance(TaxAdvance {
        paid_on: day("2025-01-08"),
        amount_kopecks: 890_000,
        region: RegionCode::constant(b"77"),
        patent_number: number.map(str::to_owned),
    });
    record("pit", id, day("2025-01-09"), subject(), payload)
}

#[test]
fn a_report_sent_again_is_one_event_and_the_fullest_speaks() {
    let profile = folded(
        &[
            patent("PM1", "2025-01-11"),
            patent("PM2", "2025-01-30"),
            payment("PY1", None),
            payment("PY2", Some("770699632730")),
        ],
        "2025-01-12",
    );
    assert_eq!(
        (profile.events.permits.len(), profile.events.payments.len()),
        (1, 1)
    );
    assert_eq!(profile.events.permits[0].repeated_by.len(), 1);
    assert!(profile.events.payments[0].fact.patent_number.is_some());
}

#[test]
fn payments_for_two_patents_are_two() {
    let profile = folded(
        &[
            payment("PY1", Some("770699632730")),
            payment("PY2", Some("770000000001")),
        ],
        "2025-01-12",
    );
    assert_eq!(profile.events.payments.len(), 2);
}

#[test]
fn a_report_recorded_long_after_is_another_event() {
    let profile = folded(
        &[patent("PM1", "2025-01-11"), patent("PM2", "2025-06-30")],
        "2025-01-12",
    );
    assert_eq!(profile.events.permits.len(), 2);
}

fn employment(id: &str, event: EmploymentEvent, on: &str) -> records::envelope::Record {
    let payload = Payload::EmploymentNotice(EmploymentNotice {
        event,
        event_on: day(on),
        notified_on: day(on),
        employer: Employer {
            name: "ООО «Стройка»".into(),
            inn: None,
            ogrn: None,
            region: RegionCode::constant(b"77"),
        },
        permit_number: None,
        profession: "каменщик".into(),
    });
    record("contracts", id, day(on), subject(), payload)
}

#[test]
fn notices_of_one_employer_make_jobs() {
    use EmploymentEvent::{Concluded, Terminated};
    let profile = folded(
        &[
            employment("CN1", Concluded, "2024-01-10"),
            employment("CN2", Concluded, "2024-06-01"),
            employment("CN3", Terminated, "2024-09-01"),
        ],
        "2025-01-01",
    );
    let jobs: Vec<_> = profile.jobs.iter().map(|job| (job.from, job.until)).collect();
    assert_eq!(
        jobs,
        [
            (Some(day("2024-01-10")), Some(day("2024-05-31"))),
            (Some(day("2024-06-01")), Some(day("2024-09-01"))),
        ],
        "a second contract ends the first, whose termination is missing"
    );
}

fn ban() -> records::envelope::Record {
    let payload = Payload::Decision(Box::new(Decision {
        decision_type: DecisionType::EntryBan,
        legal_basis: "ст. 27 114-ФЗ".into(),
        body: "УВМ".into(),
        region: RegionCode::constant(b"77"),
        official: "O12345".into(),
        decided_on: day("2025-02-01"),
        valid_from: day("2025-02-01"),
        valid_until: Some(day("2028-02-01")),
        revoked_on: None,
        revocation_reason: None,
    }));
    record("decisions", "DC1", day("2025-02-03"), subject(), payload)
}

/// The wire form that the API, the portals and the status engine read.
#[test]
fn a_profile_reads_the_same_each_time() {
    let profile = folded(
        &[
            crossing("BX1", "2025-01-01T10:00", In, Some("0111 1111111")),
            notice(
                "AF1",
                "2025-01-01",
                "2025-01-04",
                "2025-03-31",
                b"77",
                Some("0111 1111111"),
            ),
            patent("PM1", "2025-01-11"),
            payment("PY1", Some("770699632730")),
            employment("CN1", EmploymentEvent::Concluded, "2025-01-12"),
            ban(),
        ],
        "2025-02-05",
    );
    assert_eq!(profile.in_force(&profile.events.decisions).count(), 1);
    assert_eq!(profile.on, date(2025, 2, 5));
    insta::assert_json_snapshot!(profile);
}
