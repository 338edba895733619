//! The whole comparison of two groups of records: a waterfall of evidence, and what contradicts.

use records::subject::Sex;

use crate::{
    birth::{self, BirthLevel},
    book::Book,
    compare_names, documents,
    evidence::{Evidence, Field, Level, total},
    model::{Model, odds, weigh},
    number::{NumberKind, one_slip_apart},
    party::Party,
    stays,
    weight::Weight,
};

/// The strongest kind of number on which two groups agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tie {
    #[default]
    None,
    /// A passport or card. Children travel on a parent's, and a document changes hands.
    Document,
    /// A number that belongs to the person: of a permit, a visa, a stay.
    Own,
    /// A number of a register, whose check digit catches slips; or a document and a number of the person's own.
    Proof,
}

/// How two groups compare.
#[derive(Clone, Debug, Default)]
pub(crate) struct Comparison {
    pub evidence: Vec<Evidence>,
    /// All evidence and the prior; tells candidates apart.
    pub raw: Weight,
    /// As `raw`, but personal data alone count only up to the odds of namesakes; decides.
    pub weight: Weight,
    /// As `weight`, leaving aside that numbers differ which a person has for life: who comes again under another name
    /// takes other numbers.
    pub forgiving: Weight,
    /// Which number agrees.
    pub tie: Tie,
}

/// Namesakes born on one day are commoner than independence of names and dates would have it. For two persons with
/// documents of their own, agreement of personal data is worth no more than the odds of a renewal against a namesake;
/// what the two documents say by themselves ([`documents::OTHER`]) is counted apart and therefore taken out here.
fn namesake_limit(model: &Model) -> Weight {
    model.renewed_or_namesake - documents::OTHER
}

/// If one side has no document, the namesake would have to be missing from every other file too.
const NAMESAKE_UNDOCUMENTED: Weight = Weight::whole(12);

/// Of the two hundred numbers one slip away, two pass the check; that one of them is a given person's is no chance.
const REPAIRED_NUMBER: Weight = Weight::whole(20);
const OTHER_LIFELONG: Weight = Weight::whole(-20);
const OTHER_POLICY: Weight = Weight::whole(-4);
/// However many numbers agree, they were often copied from one another.
const NUMBERS_MAX: Weight = Weight::whole(40);
/// Two breaks of the sequence where crossings are hardly ever missing.
const STAYS_CONTRADICT: Weight = Weight::whole(-6);
const HOST_MAX: Weight = Weight::whole(5);
/// People are hired in groups, so the same employer on the same day tells less than its rarity has it.
const EPISODE_MAX: Weight = Weight::whole(8);

pub(crate) fn compare(one: &Party, other: &Party, model: &Model, book: &Book) -> Comparison {
    let mut personal = compare_names::compare(one, other, model, book);
    personal.extend(births(one, other, model));
    personal.extend(sexes(one, other, model));
    personal.extend(citizenships(one, other, model));
    personal.extend(birth_places(one, other, model));

    let mut rest = numbers(one, other, book);
    rest.extend(documents::compare(one, other, book));
    let by_number = total(&rest).min(NUMBERS_MAX);
    let tie = tie(&rest);
    let differing: Weight = rest
        .iter()
        .filter(|step| matches!(step.field, Field::Inn | Field::Snils) && step.level == Level::Different)
        .map(|step| step.weight)
        .sum();
    let around = around(one, other, model);

    let mut prior = Evidence {
        field: Field::Population,
        level: Level::Prior,
        weight: model.prior,
    };
    // Documents that could have agreed and do not.
    let documented = one.has(NumberKind::Document) && other.has(NumberKind::Document);
    let limit = if documented {
        namesake_limit(model)
    } else {
        NAMESAKE_UNDOCUMENTED
    };
    // The prior is that of a record whose person may be anybody, or nobody that is known. A record without a number of
    // its own nearly always is of somebody known elsewhere, and rivals are looked for before it is joined.
    if one.is_anchored() != other.is_anchored() {
        prior.weight += weigh(1.0, odds::KNOWN_NOWHERE_ELSE);
    }
    let by_person = prior.weight + total(&personal);
    let by_rest = by_number + total(&around);
    Comparison {
        raw: by_person + by_rest,
        weight: by_person.min(limit) + by_rest,
        forgiving: by_person.min(limit) + by_rest - differing,
        tie,
        evidence: [vec![prior], personal, rest, around].concat(),
    }
}

fn tie(numbers: &[Evidence]) -> Tie {
    let equal = || numbers.iter().filter(|step| step.level == Level::Equal);
    let has = |field| equal().any(|step| step.field == field);
    let own = equal().any(|step| step.field != Field::Document);
    if has(Field::Inn) || has(Field::Snils) || has(Field::Enp) || (own && has(Field::Document)) {
        Tie::Proof
    } else if own {
        Tie::Own
    } else if has(Field::Document) {
        Tie::Document
    } else {
        Tie::None
    }
}

fn births(one: &Party, other: &Party, model: &Model) -> Option<Evidence> {
    let (level, date) = one
        .births()
        .foremost()
        .flat_map(|a| {
            other
                .births()
                .foremost()
                .map(move |b| (birth::compare(a.into(), b.into()), a.max(b)))
        })
        .min()?;
    let share = model.birth_share(date);
    let (level, weight) = match level {
        BirthLevel::Equal => (Level::Equal, weigh(odds::BIRTH_EQUAL, share)),
        BirthLevel::KnownPartsEqual => {
            let share = if date.date.month().is_some() {
                odds::YEAR_OF_BIRTH / 6.0
            } else {
                odds::YEAR_OF_BIRTH
            };
            (Level::UnknownPart, weigh(odds::BIRTH_EQUAL, share))
        }
        BirthLevel::FirstForUnknown => (
            Level::UnknownPart,
            weigh(odds::BIRTH_FIRST, odds::YEAR_OF_BIRTH * 0.02),
        ),
        BirthLevel::DayMonthSwapped => (
            Level::DayMonthSwapped,
            weigh(odds::BIRTH_SWAPPED, odds::DAY_OF_BIRTH),
        ),
        BirthLevel::OffByOne => (Level::NearDate, weigh(odds::BIRTH_NEAR, 8.0 * odds::DAY_OF_BIRTH)),
        BirthLevel::OneDigit => (Level::Slip, weigh(odds::BIRTH_DIGIT, 30.0 * odds::DAY_OF_BIRTH)),
        BirthLevel::Different => (Level::Different, weigh(odds::BIRTH_OTHER, 1.0)),
    };
    Some(Evidence {
        field: Field::BirthDate,
        level,
        weight,
    })
}

fn sexes(one: &Party, other: &Party, model: &Model) -> Option<Evidence> {
    let said = |party: &Party| -> Option<Sex> { party.sexes().first_choice() };
    let (ones, others) = (said(one), said(other));
    let by_form = ones.is_none() || others.is_none();
    let a = ones.or_else(|| one.sexes_by_form().first_choice())?;
    let b = others.or_else(|| other.sexes_by_form().first_choice())?;
    let (level, weight) = if a == b {
        (Level::Equal, weigh(odds::SEX_SAME, model.sex_share(a)))
    } else if by_form {
        (Level::Different, Weight::whole(-5))
    } else {
        (Level::Different, weigh(1.0 - odds::SEX_SAME, 0.5))
    };
    Some(Evidence {
        field: Field::Sex,
        level,
        weight,
    })
}

fn citizenships(one: &Party, other: &Party, model: &Model) -> Option<Evidence> {
    if one.citizenships().is_empty() || other.citizenships().is_empty() {
        return None;
    }
    let shared = one.citizenships().shares_with(other.citizenships()).next();
    let (level, weight) = match shared {
        Some(country) => (
            Level::Equal,
            weigh(odds::CITIZENSHIP_SAME, model.citizenship_share(country)),
        ),
        None => (Level::Different, weigh(odds::CITIZENSHIP_OTHER, 1.0)),
    };
    Some(Evidence {
        field: Field::Citizenship,
        level,
        weight,
    })
}

fn birth_places(one: &Party, other: &Party, model: &Model) -> Option<Evidence> {
    if one.birth_places().is_empty() || other.birth_places().is_empty() {
        return None;
    }
    let shared = one.birth_places().shares_with(other.birth_places()).next();
    let (level, weight) = match shared {
        Some(place) => (
            Level::Equal,
            weigh(odds::PLACE_SAME, model.place_share(place).max(0.1)),
        ),
        None => (Level::Different, weigh(odds::PLACE_OTHER, 0.6)),
    };
    Some(Evidence {
        field: Field::BirthPlace,
        level,
        weight,
    })
}

/// Numbers other than of documents, one step a field.
fn numbers(one: &Party, other: &Party, book: &Book) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut shared: Vec<NumberKind> = one
        .shared_numbers(other)
        .map(|(kind, _)| kind)
        .filter(|kind| *kind != NumberKind::Document)
        .collect();
    shared.dedup();
    for kind in shared {
        evidence.push(Evidence {
            field: kind.field(),
            level: if kind.is_of_family() {
                Level::Alike
            } else {
                Level::Equal
            },
            weight: kind.shared(),
        });
    }
    for (sound, doubtful, other_weight) in [
        (NumberKind::Inn, NumberKind::DoubtfulInn, OTHER_LIFELONG),
        (NumberKind::Snils, NumberKind::DoubtfulSnils, OTHER_LIFELONG),
        (NumberKind::Enp, NumberKind::DoubtfulEnp, OTHER_POLICY),
        (NumberKind::Student, NumberKind::Student, OTHER_POLICY),
    ] {
        if evidence.iter().any(|step| step.field == sound.field()) {
            continue;
        }
        let step = |level, weight| Evidence {
            field: sound.field(),
            level,
            weight,
        };
        if repaired(one, other, sound, doubtful, book) || repaired(other, one, sound, doubtful, book) {
            evidence.push(step(Level::Slip, REPAIRED_NUMBER));
        } else if one.has(sound) && other.has(sound) {
            evidence.push(step(Level::Different, other_weight));
        }
    }
    evidence
}

fn repaired(one: &Party, other: &Party, sound: NumberKind, doubtful: NumberKind, book: &Book) -> bool {
    let text = |id| book.number_text(id);
    sound != doubtful
        && one
            .numbers_of(doubtful)
            .any(|a| other.numbers_of(sound).any(|b| one_slip_apart(text(a), text(b))))
}

/// Where and with whom, and in what order of time.
fn around(one: &Party, other: &Party, model: &Model) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    if let Some(episode) = one.episodes().shares_with(other.episodes()).next() {
        let weight = weigh(odds::EPISODE_SHARED, model.episode_share(episode));
        let weight = weight.min(EPISODE_MAX).max(Weight::ZERO);
        evidence.push(Evidence {
            field: Field::Host,
            level: Level::Equal,
            weight,
        });
    } else if let Some(host) = one.hosts().shares_with(other.hosts()).next() {
        let weight = weigh(odds::HOST_SHARED, model.host_share(host));
        let weight = weight.min(HOST_MAX).max(Weight::ZERO);
        evidence.push(Evidence {
            field: Field::Host,
            level: Level::Alike,
            weight,
        });
    } else if let Some(region) = one.regions().shares_with(other.regions()).next() {
        let weight = weigh(odds::REGION_SHARED, model.region_share(region))
            .min(Weight::whole(2))
            .max(Weight::ZERO);
        evidence.push(Evidence {
            field: Field::Region,
            level: Level::Equal,
            weight,
        });
    }
    evidence.extend(stays::compare(one, other, model));
    evidence
}

/// What forbids that two groups are one person's, whatever else agrees.
pub(crate) fn contradictions(one: &Party, other: &Party, comparison: &Comparison) -> Vec<Field> {
    let level = |field| {
        comparison
            .evidence
            .iter()
            .find(|step| step.field == field)
            .map(|step| step.level)
    };
    let mut fields = Vec::new();
    // One account and one tax number for life: 27-FZ art. 6, Tax Code art. 84 p. 7.
    for kind in [NumberKind::Inn, NumberKind::Snils] {
        let shared = || {
            one.numbers_of(kind)
                .any(|id| other.numbers_of(kind).any(|theirs| theirs == id))
        };
        if one.has(kind) && other.has(kind) && !shared() {
            fields.push(kind.field());
        }
    }
    if level(Field::Sex) == Some(Level::Different) && !one.sexes().is_empty() && !other.sexes().is_empty() {
        fields.push(Field::Sex);
    }
    let other_name = level(Field::GivenName) == Some(Level::Different);
    let other_birth = level(Field::BirthDate) == Some(Level::Different);
    // Against proof, one of both may be a gross slip or a change of name. With no more than a document in common it is a
    // child on a parent's passport or somebody else with it; with no more than a permit, a slip in its number.
    if other_name && (other_birth || comparison.tie < Tie::Proof) {
        fields.push(Field::GivenName);
    }
    if other_birth && (other_name || comparison.tie < Tie::Proof) {
        fields.push(Field::BirthDate);
    }
    let stays = comparison.evidence.iter().find(|step| step.field == Field::Stays);
    if comparison.tie == Tie::None && stays.is_some_and(|step| step.weight <= STAYS_CONTRADICT) {
        fields.push(Field::Stays);
    }
    fields
}
