//! Numbers that point to one person: of documents, registers, permits, visas, cards.
//!
//! In: a record. Out: its numbers, each with its kind. Invariant: a number is compared only with numbers of its kind.

use records::{
    document::DocumentNumber,
    envelope::Record,
    identifier::{Claimed, Identifier},
    payload::{AccreditationRole, Payload, PolicyType},
    subject::{DocumentKind, Subject},
};

use crate::{evidence::Field, weight::Weight};

/// What a number is the number of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum NumberKind {
    /// Passport or identity card of the person.
    Document,
    ParentsDocument,
    Inn,
    Snils,
    Enp,
    Student,
    Permit,
    Visa,
    MigrationCard,
    Policy,
    Accreditation,
    /// The card of the employee whose family it is: shared by a family.
    PrincipalCard,
    /// An identifier whose check digit fails, compared as it stands.
    DoubtfulInn,
    DoubtfulSnils,
    DoubtfulEnp,
}

impl NumberKind {
    /// In their order.
    pub(crate) const ALL: [Self; 15] = [
        Self::Document,
        Self::ParentsDocument,
        Self::Inn,
        Self::Snils,
        Self::Enp,
        Self::Student,
        Self::Permit,
        Self::Visa,
        Self::MigrationCard,
        Self::Policy,
        Self::Accreditation,
        Self::PrincipalCard,
        Self::DoubtfulInn,
        Self::DoubtfulSnils,
        Self::DoubtfulEnp,
    ];

    pub(crate) fn field(self) -> Field {
        match self {
            Self::Document => Field::Document,
            Self::ParentsDocument => Field::ParentsDocument,
            Self::Inn | Self::DoubtfulInn => Field::Inn,
            Self::Snils | Self::DoubtfulSnils => Field::Snils,
            Self::Enp | Self::DoubtfulEnp => Field::Enp,
            Self::Student => Field::StudentId,
            Self::Permit => Field::Permit,
            Self::Visa => Field::Visa,
            Self::MigrationCard => Field::MigrationCard,
            Self::Policy => Field::PolicyNumber,
            Self::Accreditation | Self::PrincipalCard => Field::AccreditationCard,
        }
    }

    /// What it weighs that two people would share such a number: log2 of one over the chance that a stranger's is the
    /// same, by slip or by fraud.
    pub(crate) fn shared(self) -> Weight {
        Weight::whole(match self {
            // a thousand million numbers, and a check digit that catches slips
            Self::Inn | Self::Snils | Self::Enp => 30,
            Self::Permit
            | Self::Visa
            | Self::MigrationCard
            | Self::Policy
            | Self::Student
            | Self::Accreditation => 26,
            // ten million of a series, copied by hand from a page that changes hands
            Self::Document => 24,
            Self::DoubtfulInn | Self::DoubtfulSnils | Self::DoubtfulEnp => 18,
            Self::ParentsDocument | Self::PrincipalCard => 8,
        })
    }

    /// Whether a family shares it.
    pub(crate) fn is_of_family(self) -> bool {
        matches!(self, Self::ParentsDocument | Self::PrincipalCard)
    }

    /// Whether it stands for one certain person over years: not for a family, one stay or one policy.
    pub(crate) fn is_anchor(self) -> bool {
        matches!(
            self,
            Self::Document | Self::Inn | Self::Snils | Self::Enp | Self::Student | Self::Accreditation
        )
    }
}

/// A number as a record gives it. Personal data: no `Debug`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Number {
    pub kind: NumberKind,
    pub text: String,
}

/// All numbers of a record, sorted, each once.
pub(crate) fn numbers(record: &Record) -> Vec<Number> {
    let mut found = Vec::new();
    of_subject(&record.subject, &mut found);
    of_payload(record, &mut found);
    found.sort();
    found.dedup();
    found
}

/// Numbers of a subject alone.
pub(crate) fn subject_numbers(subject: &Subject) -> Vec<Number> {
    let mut found = Vec::new();
    of_subject(subject, &mut found);
    found
}

fn of_subject(subject: &Subject, into: &mut Vec<Number>) {
    if let Some(document) = &subject.document {
        let kind = match document.kind {
            DocumentKind::ParentsDocument => NumberKind::ParentsDocument,
            DocumentKind::Passport | DocumentKind::IdentityCard | DocumentKind::Unstated => {
                NumberKind::Document
            }
        };
        push(into, kind, document.number.as_str());
    }
    if let Some(inn) = &subject.inn {
        claimed(into, inn, NumberKind::Inn, NumberKind::DoubtfulInn);
    }
    if let Some(snils) = &subject.snils {
        claimed(into, snils, NumberKind::Snils, NumberKind::DoubtfulSnils);
    }
    if let Some(enp) = &subject.enp {
        claimed(into, enp, NumberKind::Enp, NumberKind::DoubtfulEnp);
    }
    if let Some(student) = &subject.student_id {
        push(into, NumberKind::Student, student);
    }
}

fn claimed<T: Identifier>(
    into: &mut Vec<Number>,
    value: &Claimed<T>,
    sound: NumberKind,
    doubtful: NumberKind,
) {
    let kind = if value.sound().is_some() { sound } else { doubtful };
    push(into, kind, value.as_str());
}

fn of_payload(record: &Record, into: &mut Vec<Number>) {
    match &record.payload {
        Payload::Crossing(crossing) => {
            optional(
                into,
                NumberKind::MigrationCard,
                crossing.migration_card.as_deref(),
            );
            optional(into, NumberKind::Visa, crossing.visa_number.as_deref());
            // The zone has check digits of its own: where they hold, its number is right whatever was typed beside it.
            if record
                .subject
                .document
                .as_ref()
                .is_some_and(|d| d.kind != DocumentKind::ParentsDocument)
                && let Some(number) = crossing.mrz.as_ref().and_then(checked_zone_number)
            {
                push(into, NumberKind::Document, &number);
            }
        }
        Payload::ArrivalNotice(notice) => {
            optional(into, NumberKind::MigrationCard, notice.migration_card.as_deref());
            optional(into, NumberKind::Visa, notice.visa_number.as_deref());
        }
        // Patents have ten digits after the series, the others seven: two kinds do not collide.
        Payload::Permit(permit) => push(into, NumberKind::Permit, &permit.full_number()),
        Payload::TaxAdvance(advance) => {
            optional(into, NumberKind::Permit, advance.patent_number.as_deref());
        }
        Payload::MedicalPolicy(policy) if policy.policy_type == PolicyType::Voluntary => {
            push(into, NumberKind::Policy, &policy.policy_number);
        }
        Payload::Visa(visa) => push(into, NumberKind::Visa, &visa.visa_number),
        Payload::Accreditation(card) => match card.role {
            AccreditationRole::FamilySpouse | AccreditationRole::FamilyChild => {
                optional(into, NumberKind::PrincipalCard, card.principal_card.as_deref());
            }
            AccreditationRole::Diplomat
            | AccreditationRole::AdministrativeTechnical
            | AccreditationRole::Staff => push(into, NumberKind::Accreditation, record.key.id.as_str()),
        },
        Payload::Residence(residence) => {
            optional(into, NumberKind::Permit, residence.residence_permit.as_deref());
        }
        Payload::EmploymentNotice(notice) => {
            optional(into, NumberKind::Permit, notice.permit_number.as_deref());
        }
        Payload::Decision(_)
        | Payload::Insurance(_)
        | Payload::Benefit(_)
        | Payload::MedicalPolicy(_)
        | Payload::MedicalCertificate(_)
        | Payload::Enrolment(_)
        | Payload::Amendment(_) => {}
    }
}

fn checked_zone_number(lines: &records::mrz::MrzLines) -> Option<String> {
    let zone = lines.read().ok()?;
    let sound = !zone
        .failed_checks
        .contains(&records::mrz::Checked::DocumentNumber)
        && !zone.failed_checks.contains(&records::mrz::Checked::Composite);
    let number = DocumentNumber::parse(&zone.document_number).ok()?;
    sound.then(|| number.as_str().to_owned())
}

fn optional(into: &mut Vec<Number>, kind: NumberKind, text: Option<&str>) {
    if let Some(text) = text {
        push(into, kind, text);
    }
}

/// Letters and digits only, in capitals: agencies put spaces and hyphens where they like.
fn push(into: &mut Vec<Number>, kind: NumberKind, text: &str) {
    let plain: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if !plain.is_empty() {
        into.push(Number { kind, text: plain });
    }
}

/// Whether one slip leads from one number to the other: a character wrong, lost or added, or two neighbours swapped.
pub(crate) fn one_slip_apart(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let head = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let tail = short[head..]
        .iter()
        .rev()
        .zip(long[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (short, long) = (&short[head..short.len() - tail], &long[head..long.len() - tail]);
    match (short, long) {
        ([], [_]) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// Sound numbers from which one slip leads to the doubtful one; there are a handful at most.
pub(crate) fn repairs<T: Identifier>(doubtful: &[u8]) -> Vec<String> {
    let digits: Vec<u8> = doubtful.iter().copied().filter(u8::is_ascii_digit).collect();
    if digits.len() > 20 {
        return Vec::new();
    }
    let mut variants: Vec<Vec<u8>> = Vec::new();
    for at in 0..digits.len() {
        for digit in b'0'..=b'9' {
            let mut replaced = digits.clone();
            replaced[at] = digit;
            variants.push(replaced);
            let mut longer = digits.clone();
            longer.insert(at, digit);
            variants.push(longer);
        }
        let mut shorter = digits.clone();
        shorter.remove(at);
        variants.push(shorter);
        if at + 1 < digits.len() {
            let mut swapped = digits.clone();
            swapped.swap(at, at + 1);
            variants.push(swapped);
        }
    }
    for digit in b'0'..=b'9' {
        let mut longer = digits.clone();
        longer.push(digit);
        variants.push(longer);
    }
    let mut sound: Vec<String> = variants
        .into_iter()
        .filter_map(|variant| String::from_utf8(variant).ok())
        .filter(|text| T::parse(text).is_ok())
        .collect();
    sound.sort();
    sound.dedup();
    sound
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use records::identifier::SocialNumber;

    use super::*;

    #[test]
    fn each_kind_stands_in_its_place() {
        for (at, kind) in NumberKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, at);
        }
    }

    #[test]
    fn one_slip_of_each_kind() {
        for (one, other) in [
            ("FA1234567", "FA1234568"),
            ("FA1234567", "FA124567"),
            ("FA1234567", "FA12344567"),
            ("FA1234567", "FA1324567"),
        ] {
            assert!(
                one_slip_apart(one.as_bytes(), other.as_bytes())
                    && one_slip_apart(other.as_bytes(), one.as_bytes()),
                "{one} {other}"
            );
        }
        assert!(!one_slip_apart(b"FA1234567", b"FA1234567"));
        assert!(!one_slip_apart(b"FA1234567", b"FA1243576"));
    }

    #[test]
    fn a_doubtful_snils_leads_back_to_the_sound_one() {
        for slip in ["79383137549", "79383137594", "7983137549", "793831337549"] {
            let found = repairs::<SocialNumber>(slip.as_bytes());
            let direct = SocialNumber::parse(slip).is_ok();
            assert!(direct || found.contains(&"79383137549".to_owned()), "{slip}");
            assert!(found.len() < 12, "{}", found.len());
        }
    }

    proptest! {
        #[test]
        fn slips_are_symmetric(one in "[A-C0-3]{0,6}", other in "[A-C0-3]{0,6}") {
            let (one, other) = (one.as_bytes(), other.as_bytes());
            prop_assert_eq!(one_slip_apart(one, other), one_slip_apart(other, one));
        }
    }
}
