//! `mvd/arrival_forms.xml`: notices of arrival with the seventeen statistical questions.

use super::{
    Outbox, Source,
    clerk::{Address, Clerk, alpha3},
    outbox::Header,
    writing::{self, BirthForm, element, push, xml},
};
use crate::{
    block::{Block, Case},
    day_number::DayNumber,
    draw::{Draw, Spread},
    life::{PermitKind, Visit},
    lists::Regime,
    person::{Document, DocumentKind, Known, Person},
    rates::LATIN_KEYBOARD,
    spelling::Sex,
    way::{Purpose, Way},
    world::World,
};

/// The first notice after entry. Sample: 0 to 10 days.
const FIRST_AFTER: Spread = Spread([0, 1, 1, 3, 5, 8, 9, 10, 10]);
/// The first notice is good for the visa-free term. Sample: all.
const FIRST_DAYS: i32 = 89;
/// Belarusians need give notice after 90 days only (agreement of 24.01.2006). Sample: 32 of 250 visits.
const BELARUS: f64 = 0.15;
/// Stay prolonged after a patent: notices, days after its issue. Sample: 1,043 of 1,340; 1 to 8.
const PROLONGED: f64 = 0.78;
const PROLONGED_AFTER: (i32, i32) = (1, 8);
const MOVED_AFTER: (i32, i32) = (1, 8);

/// Why a notice is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Registration {
    First,
    Prolonged,
    Moved,
}

impl Registration {
    const fn code(self) -> &'static str {
        match self {
            Self::First => "1",
            Self::Prolonged => "2",
            Self::Moved => "3",
        }
    }
}

/// One notice before it is told.
struct Notice {
    kind: Registration,
    visit: usize,
    from: DayNumber,
    until: DayNumber,
    address: Address,
    region: usize,
}

pub(super) fn report(world: &World, block: &Block, case: &Case, out: &mut Outbox<'_>) {
    let Case { person, life } = case;
    // Accredited persons are outside 109-FZ.
    if person.way == Way::Diplomat || life.accreditation.is_some() {
        return;
    }
    for nth in 0..life.visits.len() {
        for notice in notices(world, case, nth, out.draw()) {
            if notice.from.in_window() {
                out.send(Source::Arrival, notice.from, |draw, header, line| {
                    write(world, block, case, &notice, header, draw, line);
                });
            }
        }
    }
}

fn notices(world: &World, case: &Case, nth: usize, draw: &mut Draw) -> Vec<Notice> {
    let Case { person, life } = case;
    let visit = &life.visits[nth];
    let mut notices = Vec::new();
    let mut address = None;
    for (at, stay) in visit.stays.iter().enumerate() {
        let here = Address::draw(world, stay.region, draw);
        let after = draw.spread(&FIRST_AFTER).min(stay.to.since(visit.entered));
        let first = visit.entered.plus(after);
        let moved = stay.from.plus(draw.between(MOVED_AFTER.0, MOVED_AFTER.1));
        let (kind, from, share) = match at {
            0 => (Registration::First, first, first_notice(world, person, visit)),
            _ => (Registration::Moved, moved, world.rates.move_notified),
        };
        if from <= stay.to && !visit.born_here && draw.chance(share) {
            notices.push(Notice {
                kind,
                visit: nth,
                from,
                until: visit.entered.plus(FIRST_DAYS).max(from),
                address: here.clone(),
                region: stay.region,
            });
        }
        address.get_or_insert((here, stay.region));
    }
    let Some((address, region)) = address else {
        return notices;
    };
    let patents = life
        .permits
        .iter()
        .filter(|permit| permit.kind == PermitKind::Patent && visit.contains(permit.issued));
    for patent in patents {
        let from = patent
            .issued
            .plus(draw.between(PROLONGED_AFTER.0, PROLONGED_AFTER.1));
        if from <= visit.end && draw.chance(PROLONGED) {
            notices.push(Notice {
                kind: Registration::Prolonged,
                visit: nth,
                from,
                until: from.plus_months(12).minus(1),
                address: address.clone(),
                region,
            });
        }
    }
    notices
}

/// Sample: short stays go mostly without notice.
fn first_notice(world: &World, person: &Person, visit: &Visit) -> f64 {
    let shares = &world.rates.notice_by_length;
    let share = match visit.days() {
        ..3 => shares[0],
        3..6 => shares[1],
        6..9 => shares[2],
        _ => shares[3],
    };
    match person.citizenship(world).regime {
        Regime::Belarus => share * BELARUS,
        _ => share,
    }
}

/// Left out in forms. Sample: birth place 6, former residence 10, education with marital status 8 in 100, migration
/// card 15; one digit of a card wrong in 1.7.
const NO_BIRTH_PLACE: f64 = 0.06;
const NO_FORMER: f64 = 0.10;
const NO_ANSWERS: f64 = 0.08;
const NO_CARD: f64 = 0.15;
const CARD_SLIP: f64 = 0.017;

fn write(
    world: &World,
    block: &Block,
    case: &Case,
    notice: &Notice,
    header: &Header,
    draw: &mut Draw,
    line: &mut String,
) {
    let person = &case.person;
    let visit = &case.life.visits[notice.visit];
    let clerk = Clerk::of(world, Source::Arrival);
    let known = person.known_on(notice.from);
    let country = alpha3(world, known.identity);
    let (id, version) = (&header.id, header.version);
    push(
        line,
        format_args!("<form id=\"{id}\" version=\"{version}\" recorded_on=\""),
    );
    writing::iso(line, header.recorded);
    line.push_str("\">");
    names(clerk, &known, person.sex(), draw, line);
    element(line, "registration_type", notice.kind.code());
    for (name, day) in [
        ("<stay entered", visit.entered),
        (" from", notice.from),
        (" to", notice.until),
    ] {
        push(line, format_args!("{name}=\""));
        writing::iso(line, day);
        line.push('"');
    }
    line.push_str("/><birth_date>");
    let birth = clerk.birth(&known, visit.entered, draw);
    writing::birth(line, birth, BirthForm::Iso);
    line.push_str("</birth_date>");
    if !draw.chance(NO_BIRTH_PLACE) {
        element(line, "birth_place", &person.birth_place);
    }
    element(line, "sex", if person.sex() == Sex::Male { "1" } else { "2" });
    element(line, "citizenship", country);
    residence(notice, person, country, draw, line);
    element(line, "reason", visit.purpose.code());
    answers(person, visit, draw, line);
    family(block, person, visit, draw, line);
    document(clerk.shown(&known, draw), clerk, draw, line);
    papers(world, case, notice, draw, line);
    host(world, notice.region, draw, line);
    line.push_str("</form>");
}

fn names(clerk: Clerk<'_>, known: &Known<'_>, sex: Sex, draw: &mut Draw, line: &mut String) {
    line.push_str("<name>");
    let names = clerk.cyrillic(known, sex, draw);
    element(line, "surname", &names.surname);
    element(line, "given", &names.given);
    if !names.patronymic.is_empty() {
        element(line, "patronymic", &names.patronymic);
    }
    let [surname, given] = clerk.latin(known.identity, LATIN_KEYBOARD, draw);
    element(line, "latin_surname", &surname);
    element(line, "latin_given", &given);
    line.push_str("</name>");
}

fn residence(notice: &Notice, person: &Person, country: &str, draw: &mut Draw, line: &mut String) {
    let oktmo = &notice.address.oktmo;
    push(line, format_args!("<residence_new oktmo=\"{oktmo}\">"));
    xml(line, &notice.address.written(draw));
    line.push_str("</residence_new>");
    if !draw.chance(NO_FORMER) {
        push(line, format_args!("<residence_former country=\"{country}\">"));
        xml(line, &person.birth_place);
        line.push_str("</residence_former>");
    }
}

fn document(shown: &Document, clerk: Clerk<'_>, draw: &mut Draw, line: &mut String) {
    let kind = match shown.kind {
        DocumentKind::Passport => "P",
        DocumentKind::Card => "I",
        DocumentKind::Parents => "C",
    };
    push(
        line,
        format_args!(
            "<document type=\"{kind}\" number=\"{}\" issuer=\"{}\"/>",
            clerk.number(shown, draw),
            shown.issuer
        ),
    );
}

/// Answers of the statistical part: they vary from form to form.
fn answers(person: &Person, visit: &Visit, draw: &mut Draw, line: &mut String) {
    let age = person.age_on(visit.entered);
    let is_minor = age < 18;
    let before = match person.way {
        Way::Student => "student",
        _ if is_minor => "dependant",
        _ if age >= 60 && draw.chance(0.4) => "pensioner",
        _ => *draw.pick(&["employed", "self_employed", "unemployed"]),
    };
    let now = match visit.purpose {
        Purpose::Study => "student",
        _ if is_minor => "dependant",
        Purpose::Work if person.way != Way::Rvp => "employed",
        _ => "none",
    };
    let security = match person.way {
        Way::Child if draw.chance(0.85) => "child_benefit",
        _ if age >= 63 && draw.chance(0.7) => "old_age_pension",
        _ => "none",
    };
    element(line, "employment_before", before);
    element(line, "employment_now", now);
    element(line, "social_security", security);
    if draw.chance(NO_ANSWERS) {
        return;
    }
    let education = if age < 12 {
        *draw.pick(&["none", "none", "general"])
    } else {
        *draw.pick(&["general", "secondary", "vocational", "higher"])
    };
    let marital = match draw.below(100) {
        _ if age < 18 => "never_married",
        0..54 => "married",
        54..86 => "never_married",
        86..96 => "divorced",
        _ => "widowed",
    };
    element(line, "education", education);
    element(line, "marital_status", marital);
}

fn family(block: &Block, person: &Person, visit: &Visit, draw: &mut Draw, line: &mut String) {
    let company: Vec<&Person> = block.company(person, visit).collect();
    if company.is_empty() {
        line.push_str("<family arrived=\"alone\"></family>");
        return;
    }
    line.push_str("<family arrived=\"with_family\">");
    for member in company {
        let identity = member.known_on(visit.entered).identity;
        let relation = if member.way == Way::Child {
            "child"
        } else {
            "spouse"
        };
        push(line, format_args!("<member relation=\"{relation}\">"));
        element(line, "surname", &identity.surname.russian);
        element(line, "given", &identity.given.russian);
        line.push_str("<birth_date>");
        let mut birth = identity.birth;
        if draw.chance(0.01) {
            birth = birth.mistaken(visit.entered, draw);
        }
        writing::birth(line, birth, BirthForm::Iso);
        line.push_str("</birth_date></member>");
    }
    line.push_str("</family>");
}

fn papers(world: &World, case: &Case, notice: &Notice, draw: &mut Draw, line: &mut String) {
    let Case { person, life } = case;
    let is_belarusian = person.citizenship(world).regime == Regime::Belarus;
    if !is_belarusian && !draw.chance(NO_CARD) {
        let mut card = world.card_number(person.number, notice.visit as u64);
        if draw.chance(CARD_SLIP) {
            let at = 5 + draw.index(7);
            card.replace_range(at..=at, &draw.below(10).to_string());
        }
        element(line, "migration_card", &card);
    }
    if let Some(visa) = life.visits[notice.visit].visa {
        element(line, "visa", &life.visas[visa].number);
    }
}

fn host(world: &World, region: usize, draw: &mut Draw, line: &mut String) {
    if draw.chance(world.rates.host_is_firm) {
        let firm = world.employer(region, draw);
        line.push_str("<host kind=\"legal\">");
        element(line, "name", &firm.name);
        element(line, "inn", &firm.inn);
    } else {
        let (name, phone) = world.host(region, draw);
        line.push_str("<host kind=\"person\">");
        element(line, "name", &name);
        element(line, "phone", &phone);
    }
    line.push_str("</host>");
}
