//! A hundred people made at once: relatives, namesakes and impostors are found within a block, never across blocks.
//!
//! That is what lets people be made in any order: nobody outside a block has to be known to make it.

use crate::{
    draw::{Draw, Topic, Weighted},
    life::{self, Life, Visit},
    lists::Citizenship,
    person::{self, DocumentKind, Flag, Person, Roots, Spell, draw_given, draw_roots, name_list},
    slip::BirthDate,
    spelling::Sex,
    way::Way,
    world::World,
};

/// People of one block.
pub const BLOCK_PEOPLE: u64 = 100;

/// One person with what happened to them.
#[derive(Clone, Debug)]
pub struct Case {
    pub person: Person,
    pub life: Life,
}

/// Persons by their numbers.
#[derive(Clone, Debug)]
pub struct Block {
    pub cases: Vec<Case>,
}

/// What somebody is to an earlier person of the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Child,
    Spouse,
    Twin,
    Namesake,
    Homonym,
    Impostor,
}

/// How many blocks a world has.
pub fn count(world: &World) -> u64 {
    world.recipe.people.div_ceil(BLOCK_PEOPLE)
}

/// Makes block `nth`, from 0.
pub fn make(world: &World, nth: u64) -> Block {
    let mut draw = world.draw(nth, Topic::Relations);
    let first = nth * BLOCK_PEOPLE;
    let last = (first + BLOCK_PEOPLE).min(world.recipe.people);
    let mut block = Block { cases: Vec::new() };
    for number in first..last {
        let case = match relation(world, &mut draw) {
            Some(relation) => block.related(world, number, relation, &mut draw),
            None => None,
        };
        block.cases.push(case.unwrap_or_else(|| alone(world, number)));
    }
    block
}

fn relation(world: &World, draw: &mut Draw) -> Option<Relation> {
    let rates = &world.rates;
    let mut left = draw.unit();
    for (relation, rate) in [
        (Relation::Child, rates.child),
        (Relation::Spouse, rates.spouse),
        (Relation::Twin, rates.twin),
        (Relation::Namesake, rates.namesake),
        (Relation::Homonym, rates.homonym),
        (Relation::Impostor, rates.impostor),
    ] {
        if left < rate {
            return Some(relation);
        }
        left -= rate;
    }
    None
}

fn alone(world: &World, number: u64) -> Case {
    let mut draw = world.draw(number, Topic::Person);
    let (citizenship, way) = world.lists.origins[world.lists.origin_shares.draw(&mut draw)];
    let roots = draw_roots(world, citizenship, way, &mut draw);
    grow(world, number, way, roots, &mut draw)
}

fn grow(world: &World, number: u64, way: Way, roots: Roots, draw: &mut Draw) -> Case {
    let mut person = person::make(world, number, way, roots, draw);
    let life = life::live(world, &mut person);
    Case { person, life }
}

impl Block {
    /// Persons whose family a person is, who came on the day of a visit's entry.
    pub fn company<'b>(&'b self, person: &'b Person, visit: &'b Visit) -> impl Iterator<Item = &'b Person> {
        let came = |life: &Life| {
            life.visits
                .iter()
                .any(|own| own.entered == visit.entered && !own.born_here)
        };
        self.cases
            .iter()
            .filter(move |case| case.person.parent == Some(person.number) && came(&case.life))
            .map(|case| &case.person)
    }

    pub fn by_number(&self, number: u64) -> Option<&Case> {
        self.cases.iter().find(|case| case.person.number == number)
    }

    /// None when the block holds nobody to be related to.
    fn related(
        &mut self,
        world: &World,
        number: u64,
        relation: Relation,
        relations: &mut Draw,
    ) -> Option<Case> {
        let fit: Vec<usize> = (0..self.cases.len())
            .filter(|&at| self.fits(at, relation))
            .collect();
        if fit.is_empty() {
            return None;
        }
        let other = *relations.pick(&fit);
        let mut draw = world.draw(number, Topic::Person);
        match relation {
            Relation::Child | Relation::Spouse => {
                Some(self.companion(world, number, other, relation, &mut draw))
            }
            Relation::Twin | Relation::Namesake | Relation::Homonym => {
                Some(self.double(world, number, other, relation, &mut draw))
            }
            Relation::Impostor => Some(self.impostor(world, number, &fit, &mut draw)),
        }
    }

    fn fits(&self, at: usize, relation: Relation) -> bool {
        let Case { person, life } = &self.cases[at];
        let is_free = person.related.is_none()
            && person.parent.is_none()
            && person.impostor_of.is_none()
            && !person.has(Flag::ChangedIdentity);
        let age = 2024 - person.roots.birth.year;
        let number = Some(person.number);
        match relation {
            Relation::Child => person.way.brings_family() && age >= 22 && !life.visits.is_empty(),
            Relation::Spouse => {
                let married = self
                    .cases
                    .iter()
                    .any(|case| case.person.parent == number && case.person.way == Way::Spouse);
                person.way.brings_family() && age >= 18 && !life.visits.is_empty() && !married
            }
            Relation::Twin | Relation::Homonym => is_free,
            Relation::Namesake => is_free && person.sex() == Sex::Male && age >= 46,
            Relation::Impostor => is_free && lends_papers(person.way) && !life.visits.is_empty(),
        }
    }

    fn companion(
        &self,
        world: &World,
        number: u64,
        other: usize,
        relation: Relation,
        draw: &mut Draw,
    ) -> Case {
        let Case {
            person: principal,
            life: theirs,
        } = &self.cases[other];
        let is_child = relation == Relation::Child;
        let way = if is_child { Way::Child } else { Way::Spouse };
        let roots = if is_child {
            child_roots(world, principal, draw)
        } else {
            spouse_roots(world, principal, draw)
        };
        let mut person = person::make(world, number, way, roots, draw);
        person.parent = Some(principal.number);
        person.home = principal.home;
        person.birth_place.clone_from(&principal.birth_place);
        let age = 2024 - roots.birth.year;
        if is_child && age < 14 && draw.chance(world.rates.on_parents_document) {
            person.identities.truncate(1);
            person.flags.retain(|flag| *flag != Flag::NewPassport);
            person.flags.push(Flag::ChildOnParentDocument);
            let document = &mut person.identities[0].document;
            document.clone_from(&principal.first().document);
            document.kind = DocumentKind::Parents;
        }
        let mut luck = world.draw(number, Topic::Life);
        let mut life = Life {
            visits: life::follow(&person, theirs, &mut luck),
            ..Life::default()
        };
        life::fill(world, &mut person, &mut life, &mut luck);
        life::accredit_family(&mut life, theirs, principal.number, is_child);
        Case { person, life }
    }

    /// Somebody who shares birth, names or both with an earlier person.
    fn double(
        &mut self,
        world: &World,
        number: u64,
        other: usize,
        relation: Relation,
        draw: &mut Draw,
    ) -> Case {
        let model = &self.cases[other].person;
        let names = name_list(world, model.roots.citizenship);
        let mut roots = model.roots;
        let flag = match relation {
            Relation::Twin => {
                roots.sex = if draw.chance(0.5) { Sex::Male } else { Sex::Female };
                roots.given = other_given(world, &model.roots, roots.sex, draw);
                Flag::Twin
            }
            Relation::Namesake => {
                roots.father = model.roots.given;
                roots.birth.year += draw.between(20, 27);
                roots.birth = whole_date(roots.birth);
                Flag::Namesake
            }
            _ => {
                roots.father = names.draw_male(draw);
                Flag::Homonym
            }
        };
        let ways = Weighted::new(model.citizenship(world).ways);
        let way = Way::ALL[ways.draw(draw)];
        let (model_number, birth_place) = (model.number, model.birth_place.clone());
        let mut case = grow(world, number, way, roots, draw);
        case.person.flags.push(flag);
        case.person.related = Some(model_number);
        if relation != Relation::Homonym {
            case.person.birth_place = birth_place;
        }
        let model = &mut self.cases[other].person;
        model.flags.push(flag);
        model.related = Some(number);
        case
    }

    /// Somebody who on one visit goes by the papers of one of the `owners`, who may be here or abroad.
    fn impostor(&self, world: &World, number: u64, owners: &[usize], draw: &mut Draw) -> Case {
        let compatriot = &self.cases[*draw.pick(owners)].person;
        let (citizenship, sex) = (compatriot.roots.citizenship, compatriot.sex());
        let way = working_way(compatriot.citizenship(world), compatriot.way, draw);
        let mut roots = draw_roots(world, citizenship, way, draw);
        roots.sex = sex;
        roots.given = draw_given(name_list(world, citizenship), sex, draw);
        let mut case = grow(world, number, way, roots, draw);
        let is_lent = draw.chance(LENT);
        let owner = owners.iter().map(|at| &self.cases[*at]).find_map(|owner| {
            let is_alike = owner.person.roots.citizenship == citizenship && owner.person.sex() == sex;
            let used = |visit: &&Visit| is_alike && is_good_for(&owner.life, visit, is_lent);
            let visit = case.life.visits.iter().find(used)?;
            Some((&owner.person, visit.entered, visit.end))
        });
        let is_plain = case.person.identities.len() == 1;
        if let Some((owner, from, to)) = owner.filter(|_| is_plain) {
            case.person.spells.push(Spell {
                from,
                to,
                identity: owner.known_on(from).identity.clone(),
                patronymic: owner.patronymic,
                snils: owner.snils.clone(),
                inn: owner.inn.clone(),
            });
            if case.person.way.takes_patents() {
                work_in_the_shadow(&mut case.life);
            }
            case.person.flags.push(Flag::Impostor);
            case.person.impostor_of = Some(owner.number);
        }
        case
    }
}

/// Whether an owner's papers can be used on somebody else's visit: lent, within one of the owner's stays, or while the
/// owner is abroad.
fn is_good_for(owner: &Life, visit: &Visit, is_lent: bool) -> bool {
    let mut own = owner.visits.iter();
    let is_whole = visit.entered.in_window() && visit.end.in_window() && visit.days() > 2;
    is_whole
        && if is_lent {
            own.any(|own| own.entered < visit.entered && visit.end < own.end)
        } else {
            own.all(|own| own.end < visit.entered || visit.end < own.entered)
        }
}

/// Papers used while their owner is in the country too. Sample: 1 of 2.
const LENT: f64 = 0.5;

/// Who hides asks for no patent in any name. Sample: the one of this kind.
fn work_in_the_shadow(life: &mut Life) {
    life.permits.clear();
    life.payments.clear();
    life.jobs.clear();
    life.benefits.clear();
    life.examinations.clear();
}

/// Papers that are good for work are lent.
const fn lends_papers(way: Way) -> bool {
    matches!(
        way,
        Way::Long | Way::Seasonal | Way::EaeuWorker | Way::Rvp | Way::Vnzh | Way::Naturalised
    )
}

/// One of the ways in which citizens of a state come to work; `other` where there is none.
fn working_way(citizenship: &Citizenship, other: Way, draw: &mut Draw) -> Way {
    let working = [Way::Long, Way::Seasonal, Way::EaeuWorker];
    let shares = working.map(|way| citizenship.ways[way as usize]);
    if shares.iter().sum::<f64>() > 0.0 {
        working[Weighted::new(shares).draw(draw)]
    } else {
        other
    }
}

/// A birth date without unknown parts, 29 February being no day of most years.
fn whole_date(birth: BirthDate) -> BirthDate {
    BirthDate::of(birth.earliest())
}

fn other_given(world: &World, model: &Roots, sex: Sex, draw: &mut Draw) -> usize {
    let names = name_list(world, model.citizenship);
    let given = draw_given(names, sex, draw);
    let length = match sex {
        Sex::Male => names.male.len(),
        Sex::Female => names.female.len(),
    };
    if given == model.given && sex == model.sex {
        (given + 1) % length
    } else {
        given
    }
}

/// Father and mother have the same share in this; a mother's child may bear another family name. Sample: 10 of 43.
const MOTHERS_OTHER_NAME: f64 = 0.23;

fn child_roots(world: &World, parent: &Person, draw: &mut Draw) -> Roots {
    let mut roots = draw_roots(world, parent.roots.citizenship, Way::Child, draw);
    let oldest = parent.roots.birth.year + 18;
    roots.birth.year = roots.birth.year.max(oldest);
    roots.birth = match roots.birth.day {
        0 => roots.birth,
        _ => whole_date(roots.birth),
    };
    match parent.sex() {
        Sex::Male => {
            roots.father = parent.roots.given;
            roots.family = parent.roots.family;
        }
        Sex::Female if !draw.chance(MOTHERS_OTHER_NAME) => roots.family = parent.roots.family,
        Sex::Female => {}
    }
    roots
}

/// Spouses bear one family name. Sample: 38 of 55.
const ONE_NAME: f64 = 0.69;
/// The other is younger or older by so many years at most. Sample: 5.
const YEARS_APART: i32 = 5;

fn spouse_roots(world: &World, other: &Person, draw: &mut Draw) -> Roots {
    let mut roots = draw_roots(world, other.roots.citizenship, Way::Spouse, draw);
    roots.sex = match other.sex() {
        Sex::Male => Sex::Female,
        Sex::Female => Sex::Male,
    };
    roots.given = draw_given(name_list(world, roots.citizenship), roots.sex, draw);
    if draw.chance(ONE_NAME) {
        roots.family = other.roots.family;
    }
    roots.birth.year = other.roots.birth.year + draw.between(-YEARS_APART, YEARS_APART);
    roots.birth.year = roots.birth.year.min(2006);
    roots.birth = match roots.birth.day {
        0 => roots.birth,
        _ => whole_date(roots.birth),
    };
    roots
}
