//! What each level of each comparison is worth: m- and u-probabilities and the frequencies of values.
//!
//! After Fellegi and Sunter (1969): weight = log2(m / u), with u taken from the frequency of the very value that agrees.
//! The probabilities below are defaults for agencies' extracts; frequencies are counted in the data at hand.

use std::collections::HashMap;

use records::{country::Country, region::RegionCode};

use crate::{
    book::{Book, Id, Part},
    namesakes,
    party::{BirthKey, Party},
    people::People,
    stays,
    weight::Weight,
};

/// Probabilities that hold for extracts as such, not for one set of them.
pub(crate) mod odds {
    /// A name part of one person, written twice: sounds the same, is close, alike.
    pub(crate) const NAME_SAME: f64 = 0.85;
    pub(crate) const NAME_CLOSE: f64 = 0.12;
    pub(crate) const NAME_ALIKE: f64 = 0.015;
    /// A given name of one person that is written quite otherwise; a surname also changes by marriage.
    pub(crate) const GIVEN_OTHER: f64 = 0.002;
    pub(crate) const SURNAME_OTHER: f64 = 0.008;
    pub(crate) const FATHER_OTHER: f64 = 0.008;
    /// Surname and given name in each other's place.
    pub(crate) const NAME_SWAPPED: f64 = 0.01;
    /// Chance that a stranger's name is alike, or close beyond those of the same key.
    pub(crate) const STRANGER_ALIKE: f64 = 0.04;
    pub(crate) const STRANGER_CLOSE: f64 = 0.003;

    pub(crate) const BIRTH_EQUAL: f64 = 0.97;
    pub(crate) const BIRTH_SWAPPED: f64 = 0.003;
    pub(crate) const BIRTH_NEAR: f64 = 0.004;
    pub(crate) const BIRTH_DIGIT: f64 = 0.003;
    pub(crate) const BIRTH_FIRST: f64 = 0.004;
    pub(crate) const BIRTH_OTHER: f64 = 0.002;
    /// A day among those on which most migrants were born (45 years of 365.25 days).
    pub(crate) const DAY_OF_BIRTH: f64 = 1.0 / 16_436.0;
    pub(crate) const YEAR_OF_BIRTH: f64 = 1.0 / 45.0;

    pub(crate) const SEX_SAME: f64 = 0.998;
    pub(crate) const CITIZENSHIP_SAME: f64 = 0.99;
    pub(crate) const CITIZENSHIP_OTHER: f64 = 0.01;
    pub(crate) const PLACE_SAME: f64 = 0.9;
    pub(crate) const PLACE_OTHER: f64 = 0.1;
    pub(crate) const REGION_SHARED: f64 = 0.7;
    pub(crate) const HOST_SHARED: f64 = 0.3;
    pub(crate) const EPISODE_SHARED: f64 = 0.5;
    /// Share of people known to one agency by name only of whom no other record holds a number.
    pub(crate) const KNOWN_NOWHERE_ELSE: f64 = 0.06;
}

/// Frequencies of values among groups of records, and the size of the population.
#[derive(Default)]
pub(crate) struct Model {
    /// Odds that two groups drawn at random are one person's.
    pub prior: Weight,
    /// Odds that two documents under one name and birth date are one person's.
    pub renewed_or_namesake: Weight,
    people: f64,
    groups: f64,
    sounds: HashMap<(PartKind, Id), u32>,
    skeletons: HashMap<(PartKind, Id), u32>,
    sounds_by_country: HashMap<(PartKind, Country, Id), u32>,
    skeletons_by_country: HashMap<(PartKind, Country, Id), u32>,
    /// How many groups give this pair of Latin and Cyrillic sounds for one name part.
    pairs: HashMap<(PartKind, Id, Id), u32>,
    births: HashMap<BirthKey, u32>,
    citizenships: HashMap<Country, u32>,
    places: HashMap<Id, u32>,
    regions: HashMap<RegionCode, u32>,
    hosts: HashMap<Id, u32>,
    episodes: HashMap<Id, u32>,
    males: f64,
    /// Crossings of one document: followed by one of the other direction, by one of the same.
    breaks: HashMap<Option<Country>, (f64, f64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum PartKind {
    Surname,
    Given,
    Father,
}

/// How much a country's own frequencies are drawn towards those of all: as if so many of its people had been
/// counted by the common table.
const DRAWN: f64 = 20.0;

/// No name counts as rarer than this: what looks rarer is a slip or a spelling of a commoner one.
const NAME_SHARE_MIN: f64 = 1.0 / 4096.0;

/// So many groups must pair two spellings before they count as one name.
const PAIRED_MIN: u32 = 3;

impl Model {
    /// Nothing counted: every value as rare as values may be among so many people.
    pub(crate) fn assumed(people: usize) -> Self {
        Self {
            prior: Weight::bits(-(people.max(2) as f64).log2()),
            people: people.max(1) as f64,
            groups: people.max(1) as f64,
            males: 0.5,
            renewed_or_namesake: Weight::whole(6),
            ..Self::default()
        }
    }

    /// Counts names, dates and countries by person as guessed, and what belongs to events by group.
    pub(crate) fn count(groups: &[Party], people: &People, book: &Book) -> Self {
        let mut model = Self {
            prior: Weight::bits(-(people.heads.len().max(2) as f64).log2()),
            renewed_or_namesake: namesakes::odds(groups, people, book),
            people: people.heads.len().max(1) as f64,
            groups: groups.len().max(1) as f64,
            ..Self::default()
        };
        let (mut male, mut sexed) = (0.0, 0.0);
        for head in people.heads.iter().map(|&head| &groups[head as usize]) {
            model.count_person(head, book);
            if let Some(sex) = head.sexes_by_form().first_choice() {
                sexed += 1.0;
                male += f64::from(u8::from(sex == records::subject::Sex::Male));
            }
        }
        model.males = (male + 1.0) / (sexed + 2.0);
        for group in groups {
            model.count_pairs(group, book);
            model.count_events(group);
        }
        model
    }

    fn count_person(&mut self, person: &Party, book: &Book) {
        let country = person.citizenships().first_choice();
        let names = [person.cyrillic().first_choice(), person.latin().first_choice()];
        let mut counted = Vec::with_capacity(6);
        for name in names.into_iter().flatten().map(|id| book.name(id)) {
            for (kind, part) in [
                (PartKind::Surname, name.surname),
                (PartKind::Given, name.given),
                (PartKind::Father, name.father),
            ] {
                counted.push((kind, part.sound, part.skeleton));
            }
        }
        counted.sort_unstable();
        counted.dedup();
        for (kind, sound, skeleton) in counted {
            *self.sounds.entry((kind, sound)).or_default() += 1;
            *self.skeletons.entry((kind, skeleton)).or_default() += 1;
            if let Some(country) = country {
                *self.sounds_by_country.entry((kind, country, sound)).or_default() += 1;
                *self
                    .skeletons_by_country
                    .entry((kind, country, skeleton))
                    .or_default() += 1;
            }
        }
        if let Some(country) = country {
            *self.citizenships.entry(country).or_default() += 1;
        }
        if let Some(birth) = person.births().first_choice() {
            *self.births.entry(birth).or_default() += 1;
        }
        if let Some(place) = person.birth_places().first_choice() {
            *self.places.entry(place).or_default() += 1;
        }
    }

    fn count_events(&mut self, group: &Party) {
        let (fitting, broken) = stays::own_sequence(&group.crossings);
        for of in [group.citizenships().first_choice(), None] {
            let counted = self.breaks.entry(of).or_default();
            counted.0 += f64::from(fitting);
            counted.1 += f64::from(broken);
        }
        for region in group.regions().values() {
            *self.regions.entry(region).or_default() += 1;
        }
        for host in group.hosts().values() {
            *self.hosts.entry(host).or_default() += 1;
        }
        for episode in group.episodes().values() {
            *self.episodes.entry(episode).or_default() += 1;
        }
    }

    fn count_pairs(&mut self, group: &Party, book: &Book) {
        let (Some(latin), Some(cyrillic)) = (group.latin().first_choice(), group.cyrillic().first_choice())
        else {
            return;
        };
        let [latin, cyrillic] = [latin, cyrillic].map(|id| book.name(id));
        for (kind, a, b) in [
            (PartKind::Surname, latin.surname, cyrillic.surname),
            (PartKind::Given, latin.given, cyrillic.given),
        ] {
            if a.sound != b.sound && !book.sounds(a).is_empty() && !book.sounds(b).is_empty() {
                *self.pairs.entry((kind, a.sound, b.sound)).or_default() += 1;
            }
        }
    }

    /// Share of people, of that country if it is known, whose name part has these very sounds.
    pub(crate) fn sound_share(&self, kind: PartKind, part: Part, country: Option<Country>) -> f64 {
        let all = self.share(self.sounds.get(&(kind, part.sound)), self.people);
        let share = match country {
            Some(country) => {
                let own = self.sounds_by_country.get(&(kind, country, part.sound));
                self.drawn(own, country, all)
            }
            None => all,
        };
        share.max(NAME_SHARE_MIN)
    }

    /// Share of people whose name part has this lookup key.
    pub(crate) fn skeleton_share(&self, kind: PartKind, part: Part, country: Option<Country>) -> f64 {
        let all = self.share(self.skeletons.get(&(kind, part.skeleton)), self.people);
        let share = match country {
            Some(country) => {
                let own = self.skeletons_by_country.get(&(kind, country, part.skeleton));
                self.drawn(own, country, all)
            }
            None => all,
        };
        share.max(NAME_SHARE_MIN)
    }

    /// Whether records in both scripts give these two sounds for one name part, and not once only by mistake.
    pub(crate) fn are_paired(&self, kind: PartKind, one: Part, other: Part) -> bool {
        let count = |a: Part, b: Part| self.pairs.get(&(kind, a.sound, b.sound)).copied().unwrap_or(0);
        count(one, other) + count(other, one) >= PAIRED_MIN
    }

    fn drawn(&self, own: Option<&u32>, country: Country, all: f64) -> f64 {
        let people = f64::from(self.citizenships.get(&country).copied().unwrap_or(0));
        (f64::from(own.copied().unwrap_or(0)) + DRAWN * all) / (people + DRAWN)
    }

    fn share(&self, count: Option<&u32>, of: f64) -> f64 {
        (f64::from(count.copied().unwrap_or(0)) + 0.5) / (of + 1.0)
    }

    /// Chance that a stranger was born on that very date: rarely less than of any day, more where agencies heap dates.
    pub(crate) fn birth_share(&self, birth: BirthKey) -> f64 {
        let counted = f64::from(self.births.get(&birth).copied().unwrap_or(0));
        // One count is the person's own.
        let others = (counted - 1.0).max(0.0) / self.people;
        odds::DAY_OF_BIRTH + 0.5 * others
    }

    pub(crate) fn citizenship_share(&self, country: Country) -> f64 {
        self.share(self.citizenships.get(&country), self.people)
    }

    pub(crate) fn place_share(&self, place: Id) -> f64 {
        self.share(self.places.get(&place), self.people)
    }

    pub(crate) fn region_share(&self, region: RegionCode) -> f64 {
        self.share(self.regions.get(&region), self.groups)
    }

    pub(crate) fn host_share(&self, host: Id) -> f64 {
        self.share(self.hosts.get(&host), self.groups)
    }

    pub(crate) fn episode_share(&self, episode: Id) -> f64 {
        self.share(self.episodes.get(&episode), self.groups)
    }

    /// Chance that a crossing of somebody of this country is followed by one of the same direction, because one
    /// between them is not in the file.
    pub(crate) fn break_share(&self, country: Option<Country>) -> f64 {
        let counted = |of| self.breaks.get(&of).copied().unwrap_or((0.0, 0.0));
        let (fitting, broken) = counted(None);
        let all = (broken + 1.0) / (fitting + broken + 50.0);
        let (fitting, broken) = if country.is_some() {
            counted(country)
        } else {
            (0.0, 0.0)
        };
        (broken + DRAWN * all) / (fitting + broken + DRAWN)
    }

    pub(crate) fn sex_share(&self, sex: records::subject::Sex) -> f64 {
        match sex {
            records::subject::Sex::Male => self.males,
            records::subject::Sex::Female => 1.0 - self.males,
        }
    }
}

/// log2(m / u).
pub(crate) fn weigh(m: f64, u: f64) -> Weight {
    Weight::bits((m / u.max(1e-12)).log2())
}
