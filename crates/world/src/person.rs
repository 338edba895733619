//! Who somebody is: names, birth, papers, and the other personal data that some come to have.

use records::country::Country;

use crate::{
    day_number::{DayNumber, WINDOW_DAYS, WINDOW_END, WINDOW_START, age_on},
    draw::Draw,
    lists::{Citizenship, LatinStyle, NameList},
    slip::BirthDate,
    spelling::{Patronymic, Sex, Spelling},
    way::Way,
    world::World,
};

mod second;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    Passport,
    Card,
    /// The child is entered in a parent's document.
    Parents,
}

#[derive(Clone, Debug)]
pub struct Document {
    pub kind: DocumentKind,
    pub number: String,
    pub issuer: Country,
    pub expires: DayNumber,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityKind {
    First,
    Renewal,
    Renamed,
    Changed,
    Dual,
}

/// Personal data as one set of papers has them.
#[derive(Clone, Debug)]
pub struct Identity {
    pub kind: IdentityKind,
    /// None of the first one, and of a second citizenship, which runs beside it.
    pub since: Option<DayNumber>,
    pub surname: Spelling,
    pub given: Spelling,
    /// The father's name in Russian.
    pub father: String,
    pub birth: BirthDate,
    pub citizenship: usize,
    pub document: Document,
}

/// What `people.csv` marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    Twin,
    Namesake,
    Homonym,
    Renamed,
    NewPassport,
    DualCitizen,
    ChildOnParentDocument,
    BirthDatePartial,
    SingleName,
    ChangedIdentity,
    Impostor,
}

impl Flag {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Twin => "twin",
            Self::Namesake => "namesake",
            Self::Homonym => "homonym",
            Self::Renamed => "renamed",
            Self::NewPassport => "new_passport",
            Self::DualCitizen => "dual_citizen",
            Self::ChildOnParentDocument => "child_on_parent_document",
            Self::BirthDatePartial => "birth_date_partial",
            Self::SingleName => "single_name",
            Self::ChangedIdentity => "changed_identity",
            Self::Impostor => "impostor",
        }
    }
}

/// What relatives and strangers may share: names by their place in the list of the nation, birth, origin.
#[derive(Clone, Copy, Debug)]
pub struct Roots {
    pub citizenship: usize,
    pub sex: Sex,
    pub family: usize,
    pub given: usize,
    /// The father's given name.
    pub father: usize,
    pub birth: BirthDate,
}

/// Other papers that somebody uses for a time: a second citizenship's, or another person's.
#[derive(Clone, Debug)]
pub struct Spell {
    pub from: DayNumber,
    pub to: DayNumber,
    pub identity: Identity,
    pub patronymic: Patronymic,
    pub snils: String,
    pub inn: String,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub number: u64,
    pub way: Way,
    pub roots: Roots,
    pub patronymic: Patronymic,
    /// The first, and at most one more.
    pub identities: Vec<Identity>,
    pub spells: Vec<Spell>,
    pub flags: Vec<Flag>,
    pub parent: Option<u64>,
    pub related: Option<u64>,
    pub impostor_of: Option<u64>,
    pub snils: String,
    pub inn: String,
    pub birth_place: String,
    /// Region of the first visit, place in the pack's list.
    pub home: usize,
    pub naturalised: Option<DayNumber>,
    pub died: Option<DayNumber>,
}

/// Papers by which an agency knows a person on a day.
#[derive(Clone, Copy, Debug)]
pub struct Known<'p> {
    pub identity: &'p Identity,
    /// The document before a renewal, which may still be shown.
    pub before: Option<&'p Document>,
    pub patronymic: Patronymic,
    pub snils: &'p str,
    pub inn: &'p str,
}

impl Person {
    pub fn sex(&self) -> Sex {
        self.roots.sex
    }

    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    pub fn first(&self) -> &Identity {
        &self.identities[0]
    }

    pub fn citizenship<'w>(&self, world: &'w World) -> &'w Citizenship {
        &world.lists.citizenships[self.roots.citizenship]
    }

    pub fn age_on(&self, day: DayNumber) -> i32 {
        age_on(self.roots.birth.earliest(), day)
    }

    pub fn known_on(&self, day: DayNumber) -> Known<'_> {
        if let Some(spell) = self
            .spells
            .iter()
            .find(|spell| (spell.from..=spell.to).contains(&day))
        {
            return Known {
                identity: &spell.identity,
                before: None,
                patronymic: spell.patronymic,
                snils: &spell.snils,
                inn: &spell.inn,
            };
        }
        let second = self
            .identities
            .get(1)
            .filter(|identity| identity.since.is_some_and(|since| since < day));
        let kept = second.filter(|identity| identity.kind != IdentityKind::Changed);
        Known {
            identity: second.unwrap_or(&self.identities[0]),
            before: kept.map(|_| &self.identities[0].document),
            patronymic: self.patronymic,
            snils: &self.snils,
            inn: &self.inn,
        }
    }

    /// Whether the person goes by the second personal data on a day: 1 or 2, as `identity_records.csv` counts.
    pub fn identity_number_on(&self, day: DayNumber) -> u8 {
        match self.known_on(day).identity.kind {
            IdentityKind::Changed => 2,
            _ => 1,
        }
    }
}

fn draw_birth(world: &World, citizenship: usize, way: Way, draw: &mut Draw) -> BirthDate {
    let country = world.lists.citizenships[citizenship].country;
    let year = 2024 - draw.spread(&way.rhythm().age);
    let birth = BirthDate::of(DayNumber::of(year, 1, 1).plus(draw.between(0, 364)));
    world.draw_birth(birth, country.as_str(), draw)
}

/// Names and birth of a person who is nobody's relative.
pub fn draw_roots(world: &World, citizenship: usize, way: Way, draw: &mut Draw) -> Roots {
    let sex = if draw.chance(way.rhythm().men) {
        Sex::Male
    } else {
        Sex::Female
    };
    let names = name_list(world, citizenship);
    Roots {
        citizenship,
        sex,
        family: names.draw_family(draw),
        given: draw_given(names, sex, draw),
        father: names.draw_male(draw),
        birth: draw_birth(world, citizenship, way, draw),
    }
}

pub fn name_list(world: &World, citizenship: usize) -> &NameList {
    &world.lists.names[world.lists.citizenships[citizenship].names]
}

pub fn draw_given(names: &NameList, sex: Sex, draw: &mut Draw) -> usize {
    match sex {
        Sex::Male => names.draw_male(draw),
        Sex::Female => names.draw_female(draw),
    }
}

/// A person grown from `roots`: the spellings of its papers, its documents, what happens to them.
pub fn make(world: &World, number: u64, way: Way, roots: Roots, draw: &mut Draw) -> Person {
    let citizenship = &world.lists.citizenships[roots.citizenship];
    let mut flags = Vec::new();
    let (surname, given) = spell_names(world, &roots, &mut flags, draw);
    if roots.birth.day == 0 {
        flags.push(Flag::BirthDatePartial);
    }
    let names = name_list(world, roots.citizenship);
    let home = world.draw_region(draw);
    let (_, shape) = citizenship.draw_document(false, draw);
    let first = Identity {
        kind: IdentityKind::First,
        since: None,
        surname,
        given,
        father: names.male[roots.father].russian.to_owned(),
        birth: roots.birth,
        citizenship: roots.citizenship,
        document: Document {
            kind: if shape.is_card {
                DocumentKind::Card
            } else {
                DocumentKind::Passport
            },
            number: world.document_number(number, 0, citizenship.country.as_str(), &shape.shape),
            issuer: citizenship.country,
            expires: DayNumber::of(2027, 1, 1).plus(draw.between(0, 2_190)),
        },
    };
    let birth_place = match citizenship.towns.as_slice() {
        [] => world.pack.country_name(citizenship.country).to_owned(),
        towns => draw.pick(towns).clone(),
    };
    let mut person = Person {
        number,
        way,
        roots,
        patronymic: Patronymic::draw(citizenship.patronymic, citizenship.no_patronymic, draw),
        identities: vec![first],
        spells: Vec::new(),
        flags,
        parent: None,
        related: None,
        impostor_of: None,
        snils: world.snils(number),
        inn: world.inn(number, home),
        birth_place,
        home,
        naturalised: None,
        died: None,
    };
    second::draw(world, &mut person, draw);
    draw_ends(world, &mut person, draw);
    person
}

fn spell_names(world: &World, roots: &Roots, flags: &mut Vec<Flag>, draw: &mut Draw) -> (Spelling, Spelling) {
    let citizenship = &world.lists.citizenships[roots.citizenship];
    let names = name_list(world, roots.citizenship);
    let form = usize::from(roots.sex == Sex::Female);
    let mut surname = Spelling::usual(names.family[roots.family][form]);
    let mut given = Spelling::usual(match roots.sex {
        Sex::Male => names.male[roots.given],
        Sex::Female => names.female[roots.given],
    });
    let single = matches!(citizenship.country.as_str(), "IND" | "MMR" | "LKA" | "AFG");
    if single && draw.chance(world.rates.single_name) {
        surname = Spelling::none();
        flags.push(Flag::SingleName);
    }
    if citizenship.latin == LatinStyle::Oglu {
        let child_of = ["OGLU", "QIZI"][form];
        given.latin = format!("{} {} {child_of}", given.latin, names.male[roots.father].latin);
    }
    if citizenship.latin != LatinStyle::Fixed && draw.chance(world.rates.own_latin_spelling) {
        respell_latin(world, &mut surname, &mut given, draw);
    }
    for name in [&mut surname, &mut given] {
        if draw.chance(world.rates.own_russian_spelling) {
            name.respell_russian(draw);
        }
    }
    (surname, given)
}

fn respell_latin(world: &World, surname: &mut Spelling, given: &mut Spelling, draw: &mut Draw) {
    for name in [surname, given] {
        if draw.chance(world.rates.own_spelling_each) {
            name.respell_latin(draw);
        }
    }
}

/// Death and naturalisation.
fn draw_ends(world: &World, person: &mut Person, draw: &mut Draw) {
    let in_window = |draw: &mut Draw| WINDOW_START.plus(draw.index(WINDOW_DAYS) as i32);
    if person.way == Way::Naturalised {
        person.naturalised = draw
            .chance(world.rates.naturalised_in_window)
            .then(|| in_window(draw).plus(30).min(WINDOW_END));
    } else if draw.chance(world.rates.death) {
        person.died = Some(in_window(draw));
    }
}
