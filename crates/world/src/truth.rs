//! What is true in a world, written from lives and never from records: for scores and tests only.

use std::fmt::Write as _;

use crate::{
    block::Case,
    day_number::{DayNumber, WINDOW_END, WINDOW_START},
    person::{Flag, Identity, IdentityKind, Person},
    report::Told,
    slip::BirthDate,
    spelling::Sex,
    world::World,
};

mod standing;
mod tables;

pub use standing::STANDING_DAYS;
pub use tables::{DayCounts, Tables};

/// Files of rows that grow with the people, and their headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFile {
    People,
    Identities,
    ChangedIdentity,
    IdentityRecords,
    Presence,
    Status,
    Links,
    Malformed,
}

impl RowFile {
    pub const COUNT: usize = 8;
    pub const ALL: [Self; Self::COUNT] = [
        Self::People,
        Self::Identities,
        Self::ChangedIdentity,
        Self::IdentityRecords,
        Self::Presence,
        Self::Status,
        Self::Links,
        Self::Malformed,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::People => "people.csv",
            Self::Identities => "identities.csv",
            Self::ChangedIdentity => "changed_identity.csv",
            Self::IdentityRecords => "identity_records.csv",
            Self::Presence => "presence.csv",
            Self::Status => "status.csv",
            Self::Links => "links.csv",
            Self::Malformed => "malformed.csv",
        }
    }

    pub const fn header(self) -> &'static str {
        match self {
            Self::People => {
                "person_id,native_surname,native_given,latin_surname,latin_given,cyrillic_surname,cyrillic_given,\
                father_given_cyrillic,sex,birth_date,citizenship,type,first_document,flags,parent_id,related_id,\
                impostor_of,snils,inn,naturalised_on,died_on\n"
            }
            Self::Identities => {
                "person_id,identity,kind,since,native_surname,native_given,latin_surname,latin_given,cyrillic_surname,\
                cyrillic_given,father_given_cyrillic,birth_date,citizenship,document\n"
            }
            Self::ChangedIdentity => {
                "person_id,changed_fields,second_identity_since,first_latin_name,first_birth_date,first_document,\
                second_latin_name,second_birth_date,second_document\n"
            }
            Self::IdentityRecords => "source,record_id,person_id,identity\n",
            Self::Presence => "person_id,from,to,region\n",
            Self::Status => "person_id,date,may_stay,may_work,ground\n",
            Self::Links => "source,record_id,person_id\n",
            Self::Malformed => "source,record_id,kind\n",
        }
    }
}

/// Rows of some people, file by file.
#[derive(Clone, Debug, Default)]
pub struct Rows(pub [String; RowFile::COUNT]);

macro_rules! row {
    ($rows:expr, $file:expr, $($part:tt)*) => {
        if writeln!($rows.0[$file as usize], $($part)*).is_err() {
            $rows.0[$file as usize].push('?');
        }
    };
}

pub(crate) fn text(day: DayNumber) -> String {
    let (year, month, day) = day.civil();
    format!("{year:04}-{month:02}-{day:02}")
}

fn text_or_empty(day: Option<DayNumber>) -> String {
    day.map(text).unwrap_or_default()
}

fn birth(date: BirthDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

/// A missing family name stands as a dash.
fn dash(name: &str) -> &str {
    if name.is_empty() { "-" } else { name }
}

/// Adds the rows of one person; `told` are the sound records about it.
pub fn add(world: &World, case: &Case, told: &[Told], is_whole: bool, rows: &mut Rows) {
    let person = &case.person;
    let id = world.person_id(person.number);
    add_person(world, person, &id, rows);
    for identity in person.identities.iter().skip(1) {
        add_identity(world, person, identity, &id, rows);
    }
    for visit in case.life.visits.iter().filter(|visit| visit.end >= WINDOW_START) {
        for stay in visit.stays.iter().filter(|stay| stay.from <= WINDOW_END) {
            row!(
                rows,
                RowFile::Presence,
                "{id},{},{},{}",
                text(stay.from),
                text_or_empty(Some(stay.to).filter(|to| *to <= WINDOW_END)),
                world.pack.regions[stay.region].code
            );
        }
    }
    for record in told {
        row!(
            rows,
            RowFile::Links,
            "{},{},{id}",
            record.source.name(),
            record.id
        );
        if record.has_changed {
            row!(
                rows,
                RowFile::IdentityRecords,
                "{},{},{id},{}",
                record.source.name(),
                record.id,
                record.identity
            );
        }
    }
    if is_whole {
        for standing in standing::judged(world, case) {
            row!(
                rows,
                RowFile::Status,
                "{id},{},{},{},{}",
                text(standing.day),
                standing.may_stay,
                standing.may_work,
                standing.ground
            );
        }
    }
}

pub fn add_spoilt(spoilt: &crate::report::Spoilt, rows: &mut Rows) {
    row!(
        rows,
        RowFile::Malformed,
        "{},{},{}",
        spoilt.source.name(),
        spoilt.id,
        spoilt.kind
    );
}

fn add_person(world: &World, person: &Person, id: &str, rows: &mut Rows) {
    let first = person.first();
    let other = |number: Option<u64>| number.map(|number| world.person_id(number)).unwrap_or_default();
    let mut flags = person.flags.clone();
    flags.sort_unstable();
    let flags: Vec<&str> = flags.into_iter().map(Flag::name).collect();
    row!(
        rows,
        RowFile::People,
        "{id},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
        dash(&first.surname.native),
        first.given.native,
        dash(&first.surname.latin),
        first.given.latin,
        dash(&first.surname.russian),
        first.given.russian,
        first.father,
        if person.sex() == Sex::Male { "M" } else { "F" },
        birth(first.birth),
        world.lists.citizenships[first.citizenship].country,
        person.way.name(),
        first.document.number,
        flags.join(" "),
        other(person.parent),
        other(person.related),
        other(person.impostor_of),
        person.snils,
        person.inn,
        text_or_empty(person.naturalised),
        text_or_empty(person.died)
    );
}

fn add_identity(world: &World, person: &Person, identity: &Identity, id: &str, rows: &mut Rows) {
    let kind = match identity.kind {
        IdentityKind::First | IdentityKind::Renewal => "renewal",
        IdentityKind::Renamed => "renamed",
        IdentityKind::Changed => "changed",
        IdentityKind::Dual => "dual",
    };
    row!(
        rows,
        RowFile::Identities,
        "{id},2,{kind},{},{},{},{},{},{},{},{},{},{},{}",
        text_or_empty(identity.since),
        dash(&identity.surname.native),
        identity.given.native,
        dash(&identity.surname.latin),
        identity.given.latin,
        dash(&identity.surname.russian),
        identity.given.russian,
        identity.father,
        birth(identity.birth),
        world.lists.citizenships[identity.citizenship].country,
        identity.document.number
    );
    if identity.kind == IdentityKind::Changed {
        let first = person.first();
        let changed = if identity.birth == first.birth {
            "surname"
        } else {
            "surname birth_date"
        };
        row!(
            rows,
            RowFile::ChangedIdentity,
            "{id},{changed},{},{} {},{},{},{} {},{},{}",
            text_or_empty(identity.since),
            first.surname.latin,
            first.given.latin,
            birth(first.birth),
            first.document.number,
            identity.surname.latin,
            identity.given.latin,
            birth(identity.birth),
            identity.document.number
        );
    }
}
