//! Second personal data: a new passport, another family name, a second citizenship, a false one after a ban.

use super::{Document, DocumentKind, Flag, IdentityKind, Person, name_list, respell_latin};
use crate::{
    day_number::{DayNumber, WINDOW_DAYS, WINDOW_START},
    draw::Draw,
    lists::LatinStyle,
    slip::BirthDate,
    spelling::{Sex, Spelling},
    way::Way,
    world::World,
};

/// Persons whose passport runs out and is renewed in the window. Sample: 424 of 2,000.
const RENEWED: f64 = 0.216;
/// A passport is renewed up to so many days before it expires. Sample: 0 to 300.
const RENEWED_BEFORE_DAYS: i32 = 300;
/// Of those who come again after a ban, so many also give another birth date. Chosen: the sample's three did not.
const OTHER_BIRTH: f64 = 0.25;

pub(super) fn draw(world: &World, person: &mut Person, draw: &mut Draw) {
    let age = person.age_on(DayNumber::of(2024, 1, 1));
    let is_marriageable = person.sex() == Sex::Female && (18..=45).contains(&age);
    let may_hide = matches!(
        person.way,
        Way::Visitor | Way::Seasonal | Way::Long | Way::EaeuWorker
    );
    let has_surname = !person.has(Flag::SingleName);
    if is_marriageable && has_surname && draw.chance(world.rates.renamed) {
        rename(world, person, draw);
    } else if may_hide && has_surname && draw.chance(world.rates.changed_identity * 2.0) {
        // twice, for these ways are about half of all people
        change(world, person, draw);
    } else if person.way == Way::EaeuWorker && draw.chance(world.rates.dual_citizen * 8.0) {
        // eight times, for these are an eighth of all people
        add_citizenship(world, person, draw);
    } else if draw.chance(RENEWED) {
        renew(world, person, draw);
    }
}

fn day_in_window(draw: &mut Draw) -> DayNumber {
    WINDOW_START.plus(draw.index(WINDOW_DAYS) as i32)
}

/// A new document of the same state, valid ten years from a week before it is first used.
fn next_document(world: &World, person: &Person, since: DayNumber, draw: &mut Draw) -> Document {
    let citizenship = person.citizenship(world);
    let (_, shape) = citizenship.draw_document(true, draw);
    Document {
        kind: if shape.is_card {
            DocumentKind::Card
        } else {
            DocumentKind::Passport
        },
        number: world.document_number(person.number, 1, citizenship.country.as_str(), &shape.shape),
        issuer: citizenship.country,
        expires: since.minus(8).plus_months(120),
    }
}

fn renew(world: &World, person: &mut Person, draw: &mut Draw) {
    let since = day_in_window(draw);
    person.identities[0].document.expires = since.plus(draw.between(0, RENEWED_BEFORE_DAYS));
    let mut next = person.first().clone();
    next.kind = IdentityKind::Renewal;
    next.since = Some(since);
    next.document = next_document(world, person, since, draw);
    let citizenship = person.citizenship(world);
    if citizenship.latin != LatinStyle::Fixed && draw.chance(world.rates.new_passport_spelling) {
        respell_latin(world, &mut next.surname, &mut next.given, draw);
    }
    for name in [&mut next.surname, &mut next.given] {
        if draw.chance(world.rates.new_passport_spelling) {
            name.respell_russian(draw);
        }
    }
    person.flags.push(Flag::NewPassport);
    person.identities.push(next);
}

/// Another family name of the same nation, spelt in the usual way.
fn other_family_name(world: &World, person: &Person, draw: &mut Draw) -> Spelling {
    let names = name_list(world, person.roots.citizenship);
    let mut family = names.draw_family(draw);
    if family == person.roots.family {
        family = (family + 1) % names.family.len();
    }
    Spelling::usual(names.family[family][usize::from(person.sex() == Sex::Female)])
}

fn rename(world: &World, person: &mut Person, draw: &mut Draw) {
    let since = day_in_window(draw);
    let mut next = person.first().clone();
    next.kind = IdentityKind::Renamed;
    next.since = Some(since);
    next.surname = other_family_name(world, person, draw);
    next.document = next_document(world, person, since, draw);
    person.flags.push(Flag::Renamed);
    person.identities.push(next);
}

/// False personal data for coming again after a ban; since when, the life decides.
fn change(world: &World, person: &mut Person, draw: &mut Draw) {
    let mut next = person.first().clone();
    next.kind = IdentityKind::Changed;
    next.surname = other_family_name(world, person, draw);
    if draw.chance(OTHER_BIRTH) {
        next.birth = BirthDate::of(next.birth.earliest().plus(draw.between(-400, 400)));
    }
    next.document = next_document(world, person, WINDOW_START, draw);
    person.identities.push(next);
}

fn add_citizenship(world: &World, person: &mut Person, draw: &mut Draw) {
    let others: Vec<usize> = (0..world.lists.citizenships.len())
        .filter(|&at| ["ISR", "TUR", "DEU", "USA"].contains(&world.lists.citizenships[at].country.as_str()))
        .collect();
    let other = *draw.pick(&others);
    let citizenship = &world.lists.citizenships[other];
    let (_, shape) = citizenship.draw_document(false, draw);
    let mut next = person.first().clone();
    next.kind = IdentityKind::Dual;
    next.citizenship = other;
    next.document = Document {
        kind: DocumentKind::Passport,
        number: world.document_number(person.number, 1, citizenship.country.as_str(), &shape.shape),
        issuer: citizenship.country,
        expires: DayNumber::of(2028, 1, 1).plus(draw.between(0, 1_800)),
    };
    person.flags.push(Flag::DualCitizen);
    person.identities.push(next);
}
