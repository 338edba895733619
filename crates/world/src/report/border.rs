//! `border/crossings.csv`: crossings of the state border, with the machine-readable zone of booklets.

use records::mrz::check_digit;

use super::{
    Outbox, Source,
    clerk::{Clerk, alpha3, sex_latin},
    outbox::Header,
    writing::{self, BirthForm, Row},
};
use crate::{
    block::Case,
    day_number::{DayNumber, WINDOW_END},
    draw::Draw,
    life::{Ending, Visit},
    lists::Regime,
    person::{Document, DocumentKind, Identity, Person},
    slip::{self, BirthDate},
    way::Purpose,
    world::World,
};

pub(super) const HEADER: &str = "\u{feff}crossing_id;version;direction;crossed_at;recorded_on;checkpoint;surname;\
    given_names;sex;birth_date;nationality;doc_type;doc_number;doc_issuer;doc_expiry;mrz1;mrz2;purpose;migration_card;\
    visa_no\n";

/// By land where the country has a land route. Sample: 42 to 48 in 100 of each citizenship.
const BY_LAND: f64 = 0.46;

struct Crossing<'c> {
    is_entry: bool,
    day: DayNumber,
    second_of_day: u64,
    checkpoint: usize,
    purpose: Purpose,
    card: &'c str,
    visa: &'c str,
}

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    let Case { person, life } = case;
    let regime = person.citizenship(world).regime;
    for (nth, visit) in life.visits.iter().enumerate() {
        let no_card = match regime {
            Regime::Belarus => true,
            Regime::Eaeu => out.draw().chance(world.rates.eaeu_no_card),
            Regime::Free | Regime::Visa => false,
        };
        let card = if no_card {
            String::new()
        } else {
            world.card_number(person.number, nth as u64)
        };
        let visa = visit.visa.map_or("", |visa| life.visas[visa].number.as_str());
        for crossing in crossings(world, person, visit, &card, visa, out.draw()) {
            let missing = match regime {
                Regime::Belarus => world.rates.crossing_missing_belarus,
                _ => world.rates.crossing_missing,
            };
            if !out.draw().chance(missing) {
                out.send(Source::Border, crossing.day, |draw, header, line| {
                    write(world, person, &crossing, header, draw, line);
                });
            }
        }
    }
}

fn crossings<'c>(
    world: &World,
    person: &Person,
    visit: &Visit,
    card: &'c str,
    visa: &'c str,
    draw: &mut Draw,
) -> Vec<Crossing<'c>> {
    let mut crossings = Vec::new();
    let mut add = |is_entry, day, purpose| {
        crossings.push(Crossing {
            is_entry,
            day,
            second_of_day: draw.below(86_400),
            checkpoint: checkpoint(world, person, draw),
            purpose,
            card,
            visa,
        });
    };
    if visit.entered.in_window() && !visit.born_here {
        add(true, visit.entered, visit.declared);
    }
    if visit.ending == Ending::Exit && visit.end <= WINDOW_END && visit.end.in_window() {
        add(false, visit.end, visit.purpose);
    }
    // Who comes and goes on one day comes first.
    if let [entry, exit] = crossings.as_mut_slice()
        && entry.day == exit.day
        && entry.second_of_day > exit.second_of_day
    {
        std::mem::swap(&mut entry.second_of_day, &mut exit.second_of_day);
    }
    crossings
}

fn checkpoint(world: &World, person: &Person, draw: &mut Draw) -> usize {
    let land = &person.citizenship(world).land_checkpoints;
    let by_land = if !land.is_empty() && draw.chance(BY_LAND) {
        let code: &String = draw.pick(land);
        world.lists.checkpoint(code)
    } else {
        None
    };
    by_land.unwrap_or_else(|| world.lists.airports[world.lists.airport_traffic.draw(draw)])
}

fn write(
    world: &World,
    person: &Person,
    crossing: &Crossing<'_>,
    header: &Header,
    draw: &mut Draw,
    line: &mut String,
) {
    let clerk = Clerk::of(world, Source::Border);
    let known = person.known_on(crossing.day);
    let document = clerk.shown(&known, draw);
    let [surname, given] = clerk.latin(known.identity, clerk.keyboard(), draw);
    let checkpoint = &world.lists.checkpoints[crossing.checkpoint];
    let mut row = Row::new(line, ';');
    row.text(&header.id);
    row.value(header.version);
    row.text(if crossing.is_entry { "IN" } else { "OUT" });
    row.iso(crossing.day);
    instant(row.tail(), crossing.second_of_day, checkpoint.utc_offset_h);
    row.iso(header.recorded);
    row.text(&checkpoint.code);
    row.text(&surname);
    row.text(&given);
    row.text(sex_latin(person.sex()));
    row.birth(clerk.birth(&known, crossing.day, draw), BirthForm::Ymd);
    row.text(alpha3(world, known.identity));
    row.text(match document.kind {
        DocumentKind::Passport => "P",
        DocumentKind::Card => "I",
        DocumentKind::Parents => "C",
    });
    row.text(&clerk.number(document, draw));
    row.text(document.issuer.as_str());
    writing::ymd(row.next(), document.expires);
    let [first, second] = machine_readable(world, known.identity, document, person, draw);
    row.text(&first);
    row.text(&second);
    row.text(crossing.purpose.code());
    row.text(crossing.card);
    row.text(crossing.visa);
}

/// `T14:05:11+03:00`
fn instant(out: &mut String, second_of_day: u64, utc_offset_h: i32) {
    let (hour, minute, second) = (second_of_day / 3_600, second_of_day / 60 % 60, second_of_day % 60);
    writing::push(
        out,
        format_args!("T{hour:02}:{minute:02}:{second:02}+{utc_offset_h:02}:00"),
    );
}

const ZONE_LENGTH: usize = 44;

/// Both lines of a TD3 zone (ICAO 9303 part 4), as the scanner read them; empty for cards, children and now and then.
/// What the clerk mistypes the scanner reads rightly: the zone tells the document as it is.
fn machine_readable(
    world: &World,
    identity: &Identity,
    document: &Document,
    person: &Person,
    draw: &mut Draw,
) -> [String; 2] {
    if document.kind != DocumentKind::Passport || draw.chance(world.rates.mrz_missing) {
        return [String::new(), String::new()];
    }
    let mut zone = [
        name_line(identity, alpha3(world, identity)),
        data_line(
            document,
            alpha3(world, identity),
            identity.birth,
            sex_latin(person.sex()),
        ),
    ];
    if draw.chance(world.rates.mrz_slip) {
        let which = draw.index(2);
        let at = 5 + draw.index(ZONE_LENGTH - 5);
        let mut signs = std::mem::take(&mut zone[which]).into_bytes();
        signs[at] = slip::misread(signs[at], draw);
        zone[which] = signs.into_iter().map(char::from).collect();
    }
    zone
}

fn filled(mut line: String) -> String {
    line.truncate(ZONE_LENGTH);
    while line.len() < ZONE_LENGTH {
        line.push('<');
    }
    line
}

fn name_line(identity: &Identity, nationality: &str) -> String {
    let zone = |name: &str| name.replace([' ', '-'], "<");
    let (surname, given) = (zone(&identity.surname.latin), zone(&identity.given.latin));
    filled(if surname.is_empty() {
        format!("P<{nationality}{given}")
    } else {
        format!("P<{nationality}{surname}<<{given}")
    })
}

fn data_line(document: &Document, nationality: &str, birth: BirthDate, sex: &str) -> String {
    let check = |field: &str| check_digit(field).unwrap_or('<');
    let part = |value: i32| match value {
        0 => "<<".to_owned(),
        known => format!("{known:02}"),
    };
    let number = format!("{:<<9}", document.number);
    let born = format!("{:02}{}{}", birth.year % 100, part(birth.month), part(birth.day));
    let (year, month, day) = document.expires.civil();
    let expires = format!("{:02}{month:02}{day:02}", year % 100);
    let numbered = format!("{number}{}", check(&number));
    let dated = format!("{born}{}", check(&born));
    let ended = format!("{expires}{}", check(&expires));
    let optional = "<".repeat(15);
    let composite = check(&format!("{numbered}{dated}{ended}{optional}"));
    format!("{numbered}{nationality}{dated}{sex}{ended}{optional}{composite}")
}

#[cfg(test)]
mod tests {
    use records::{country::Country, mrz::MrzLines};

    use super::*;
    use crate::{person::IdentityKind, spelling::Spelling};

    #[test]
    fn the_zone_passes_its_checks() {
        let name = |latin: &str| Spelling {
            native: String::new(),
            latin: latin.to_owned(),
            russian: String::new(),
        };
        let document = Document {
            kind: DocumentKind::Passport,
            number: "B9033760".to_owned(),
            issuer: Country::constant(b"VNM"),
            expires: DayNumber::of(2031, 2, 9),
        };
        let identity = Identity {
            kind: IdentityKind::First,
            since: None,
            surname: name("HOANG"),
            given: name("THI HUONG"),
            father: String::new(),
            birth: BirthDate {
                year: 1989,
                month: 5,
                day: 0,
            },
            citizenship: 0,
            document: document.clone(),
        };
        let lines = vec![
            name_line(&identity, "VNM"),
            data_line(&document, "VNM", identity.birth, "F"),
        ];
        assert!(lines.iter().all(|line| line.len() == ZONE_LENGTH));
        let mrz = MrzLines(lines).read().unwrap();
        assert_eq!(mrz.failed_checks, []);
        assert_eq!(
            (mrz.surname.as_str(), mrz.given_names.as_str()),
            ("HOANG", "THI HUONG")
        );
        assert_eq!(mrz.birth_date, "8905<<");
    }
}
