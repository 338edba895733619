//! What a clerk writes down of a person: the names, the birth date, the document, each with the slips of the source.

use super::Source;
use crate::{
    day_number::DayNumber,
    draw::Draw,
    lists::OddPatronymics,
    person::{Document, Identity, Known},
    rates::Slips,
    slip::{self, BirthDate, Script},
    spelling::Sex,
    world::World,
};

/// Names in Cyrillic as one record has them.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) surname: String,
    pub(super) given: String,
    pub(super) patronymic: String,
}

/// A clerk of one source.
#[derive(Clone, Copy)]
pub(super) struct Clerk<'w> {
    slips: &'w Slips,
    odd_patronymics: &'w OddPatronymics,
}

impl<'w> Clerk<'w> {
    pub(super) fn of(world: &'w World, source: Source) -> Self {
        Self {
            slips: &world.slips[source as usize],
            odd_patronymics: &world.lists.odd_patronymics,
        }
    }

    pub(super) fn cyrillic(self, known: &Known<'_>, sex: Sex, draw: &mut Draw) -> Names {
        let patronymic = if draw.chance(self.slips.no_patronymic) {
            String::new()
        } else {
            known
                .patronymic
                .of(&known.identity.father, sex, self.odd_patronymics, draw)
        };
        let mut names = Names {
            surname: self.by_ear(&known.identity.surname.russian, draw),
            given: self.by_ear(&known.identity.given.russian, draw),
            patronymic: self.by_ear(&patronymic, draw),
        };
        if !names.surname.is_empty() && draw.chance(self.slips.swapped) {
            std::mem::swap(&mut names.surname, &mut names.given);
        }
        names
    }

    fn by_ear(self, name: &str, draw: &mut Draw) -> String {
        let mut heard = if draw.chance(self.slips.by_ear) {
            slip::respelt(name, Script::Cyrillic, draw)
        } else {
            name.to_owned()
        };
        if heard.contains(['ё', 'Ё']) && draw.chance(self.slips.no_yo) {
            heard = heard.replace('ё', "е").replace('Ё', "Е");
        }
        self.typed(heard, self.slips.keyboard, draw)
    }

    fn typed(self, name: String, rate: f64, draw: &mut Draw) -> String {
        if !name.is_empty() && draw.chance(rate) {
            slip::mistyped(&name, draw)
        } else {
            name
        }
    }

    /// Family and given names in Latin letters; `rate` is that of slips of the keyboard in each.
    pub(super) fn latin(self, identity: &Identity, rate: f64, draw: &mut Draw) -> [String; 2] {
        let mut names =
            [&identity.surname, &identity.given].map(|name| self.typed(name.latin.clone(), rate, draw));
        if !names[0].is_empty() && draw.chance(self.slips.swapped) {
            names.swap(0, 1);
        }
        names
    }

    /// Rate of slips in Latin names where no other is told.
    pub(super) fn keyboard(self) -> f64 {
        self.slips.keyboard
    }

    /// Never after `event`, which the agency would see.
    pub(super) fn birth(self, known: &Known<'_>, event: DayNumber, draw: &mut Draw) -> BirthDate {
        if draw.chance(self.slips.birth) {
            known.identity.birth.mistaken(event, draw)
        } else {
            known.identity.birth
        }
    }

    /// The document that is shown: after a renewal the old one now and then.
    pub(super) fn shown<'k>(self, known: &Known<'k>, draw: &mut Draw) -> &'k Document {
        match known.before {
            Some(old) if draw.chance(self.slips.old_document) => old,
            _ => &known.identity.document,
        }
    }

    /// Its number as typed; empty when it is left out.
    pub(super) fn number(self, document: &Document, draw: &mut Draw) -> String {
        if draw.chance(self.slips.no_document) {
            return String::new();
        }
        let mut number = document.number.clone();
        if draw.chance(self.slips.document) {
            number = slip::mistyped_number(&number, draw);
        }
        let has_series = number.len() > 2 && number[..2].bytes().all(|sign| sign.is_ascii_alphabetic());
        if has_series && draw.chance(self.slips.spaced) {
            number.insert(2, ' ');
        }
        if draw.chance(self.slips.cyrillic) {
            number = slip::in_cyrillic(&number, draw);
        }
        number
    }

    /// Number of whatever document is shown.
    pub(super) fn document(self, known: &Known<'_>, draw: &mut Draw) -> String {
        self.number(self.shown(known, draw), draw)
    }
}

/// Country as a Russian form names it.
pub(super) fn country_name<'w>(world: &'w World, identity: &Identity, draw: &mut Draw) -> &'w str {
    let citizenship = &world.lists.citizenships[identity.citizenship];
    citizenship
        .draw_russian_name(draw)
        .unwrap_or_else(|| world.pack.country_name(citizenship.country))
}

pub(super) fn alpha3<'w>(world: &'w World, identity: &Identity) -> &'w str {
    world.lists.citizenships[identity.citizenship].country.as_str()
}

pub(super) fn alpha2<'w>(world: &'w World, identity: &Identity) -> &'w str {
    let country = world.lists.citizenships[identity.citizenship].country;
    world
        .pack
        .countries
        .row(country)
        .map_or("", |row| row.alpha2.as_str())
}

pub(super) fn numeric<'w>(world: &'w World, identity: &Identity) -> &'w str {
    let country = world.lists.citizenships[identity.citizenship].country;
    world
        .pack
        .countries
        .row(country)
        .map_or("", |row| row.numeric.as_str())
}

/// `M` or `F`.
pub(super) fn sex_latin(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "M",
        Sex::Female => "F",
    }
}

/// `М` or `Ж`.
pub(super) fn sex_cyrillic(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "М",
        Sex::Female => "Ж",
    }
}

/// An address in its region; the same place may be written in four ways.
#[derive(Clone, Debug)]
pub(super) struct Address {
    /// Empty for a city of federal rank.
    region: String,
    city: String,
    street: String,
    house: i32,
    flat: i32,
    pub(super) oktmo: String,
}

/// Cities that are subjects themselves.
const FEDERAL_CITIES: [&str; 3] = ["77", "78", "92"];

impl Address {
    pub(super) fn draw(world: &World, region: usize, draw: &mut Draw) -> Self {
        let subject = &world.pack.regions[region];
        let is_federal = FEDERAL_CITIES.contains(&subject.code.as_str());
        Self {
            region: if is_federal {
                String::new()
            } else {
                format!("{}, ", subject.name)
            },
            city: draw.pick(&world.cities[region]).clone(),
            street: draw.pick(&world.lists.words.streets).clone(),
            house: draw.between(1, 180),
            flat: draw.between(1, 230),
            oktmo: subject.oktmo.clone(),
        }
    }

    pub(super) fn written(&self, draw: &mut Draw) -> String {
        let Self {
            region,
            city,
            street,
            house,
            flat,
            ..
        } = self;
        match draw.below(4) {
            0 => format!("{region}г {city}, ул {street}, {house}-{flat}"),
            1 => format!("{region}г. {city}, ул. {street}, д. {house}, кв. {flat}"),
            2 => format!("{region}{city}, улица {street}, дом {house}, квартира {flat}"),
            _ => format!("{region}г.{city}, {street} ул., д.{house}, кв.{flat}"),
        }
    }
}
