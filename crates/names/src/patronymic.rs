//! The father's name in all the forms that documents give it.
//!
//! Russian -ович/-овна and their kin, Turkic угли/оглы/қизи/кызы as a word of its own or grown together (Нурланулы),
//! Kyrgyz уулу. Out: the father's name as far as the form betrays it, so `Джавидович`, `Джавид угли` and
//! `JAVID OGLU` agree.

use crate::{
    script::capitals_in_one_script,
    similarity::{SLIP, price},
    sounds::Sounds,
};

/// Whose child, by the form of the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Child {
    Son,
    Daughter,
    /// The form does not say.
    Unknown,
}

/// Father's name and whose child the form speaks of. Personal data: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Patronymic {
    pub father: Sounds,
    pub child: Child,
}

impl std::fmt::Debug for Patronymic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Patronymic({:?}, hidden)", self.child)
    }
}

/// Words that follow the father's name. Latin forms as passports of Azerbaijan, Uzbekistan and Turkmenistan print them.
const PARTICLES: &[(&str, Child)] = &[
    ("УГЛИ", Child::Son),
    ("УГЛЫ", Child::Son),
    ("ОГЛИ", Child::Son),
    ("ОГЛЫ", Child::Son),
    ("ОГЛУ", Child::Son),
    ("ЎҒЛИ", Child::Son),
    ("ЎГЛИ", Child::Son),
    ("УЛЫ", Child::Son),
    ("ҰЛЫ", Child::Son),
    ("УУЛУ", Child::Son),
    ("КИЗИ", Child::Daughter),
    ("КЫЗЫ", Child::Daughter),
    ("КЫЗИ", Child::Daughter),
    ("КИЗЫ", Child::Daughter),
    ("ҚИЗИ", Child::Daughter),
    ("ҚЫЗЫ", Child::Daughter),
    ("ГЫЗЫ", Child::Daughter),
    ("ГИЗИ", Child::Daughter),
    ("ЗОДА", Child::Unknown),
    ("OGLU", Child::Son),
    ("OGLY", Child::Son),
    ("OGLI", Child::Son),
    ("UGLI", Child::Son),
    ("UGLY", Child::Son),
    ("ULY", Child::Son),
    ("UULU", Child::Son),
    ("QIZI", Child::Daughter),
    ("GIZI", Child::Daughter),
    ("KIZI", Child::Daughter),
    ("KYZY", Child::Daughter),
    ("QYZY", Child::Daughter),
    ("GYZY", Child::Daughter),
    ("ZODA", Child::Unknown),
];

/// Endings grown onto the father's name, longest first.
const ENDINGS: &[(&str, Child)] = &[
    ("ИНИЧНА", Child::Daughter),
    ("ЬЕВНА", Child::Daughter),
    ("ЬЕВИЧ", Child::Son),
    ("ИЕВНА", Child::Daughter),
    ("ИЕВИЧ", Child::Son),
    ("ОВНА", Child::Daughter),
    ("ОВИЧ", Child::Son),
    ("ЁВНА", Child::Daughter),
    ("ЁВИЧ", Child::Son),
    ("ЕВНА", Child::Daughter),
    ("ЕВИЧ", Child::Son),
    ("ИЧНА", Child::Daughter),
    ("ОГЛЫ", Child::Son),
    ("УГЛИ", Child::Son),
    ("КЫЗЫ", Child::Daughter),
    ("ҚЫЗЫ", Child::Daughter),
    ("КИЗИ", Child::Daughter),
    ("УЛЫ", Child::Son),
    ("ҰЛЫ", Child::Son),
    ("ИЧ", Child::Son),
    ("OVICH", Child::Son),
    ("EVICH", Child::Son),
    ("OVNA", Child::Daughter),
    ("EVNA", Child::Daughter),
];

/// A stem shorter than this is no father's name: `Ильич` has one, `Кирич` the surname has not.
const STEM_MIN: usize = 2;

/// Whether the word is one that only follows a father's name.
pub fn is_particle(word: &str) -> bool {
    particle(&capitals_in_one_script(word)).is_some()
}

fn particle(capitals: &str) -> Option<Child> {
    PARTICLES
        .iter()
        .find(|(text, _)| *text == capitals)
        .map(|&(_, child)| child)
}

/// A particle with a slip in it, where only a particle can stand: `углии`, `кзи`.
fn slipped_particle(capitals: &str) -> Option<Child> {
    let sounds = Sounds::of(capitals);
    PARTICLES
        .iter()
        .map(|(text, child)| (price(&sounds, &Sounds::of(text)), *child))
        .min_by_key(|(price, _)| *price)
        .filter(|(price, _)| *price <= SLIP && sounds.len() > 2)
        .map(|(_, child)| child)
}

/// Whether the word looks like a patronymic in one word. A surname such as `Абрамович` looks so too: the place decides.
pub fn has_ending(word: &str) -> bool {
    ending(&capitals_in_one_script(word)).is_some_and(|(stem, _)| stem.chars().count() > STEM_MIN)
}

/// Whether the word ends in a patronymic's ending with one slip in it: `САРДОРОВИС`, `АЗИЗОВЧ`.
pub fn has_slipped_ending(word: &str) -> bool {
    slipped_ending(&capitals_in_one_script(word)).is_some()
}

/// The father's name before an ending with a slip in it. Only the long endings can bear one.
fn slipped_ending(capitals: &str) -> Option<(String, Child)> {
    // The commonest surnames lack one letter only.
    if ["ОВА", "ЕВА", "ЁВА", "ОВ", "ЕВ"]
        .iter()
        .any(|surname| capitals.ends_with(surname))
    {
        return None;
    }
    let letters: Vec<char> = capitals.chars().collect();
    ENDINGS
        .iter()
        .filter(|(text, _)| text.chars().count() == 4)
        .flat_map(|(text, child)| [3, 4, 5].map(|length| (*text, *child, length)))
        .filter(|(_, _, length)| letters.len() > length + STEM_MIN)
        .map(|(text, child, length)| {
            let (stem, tail) = letters.split_at(letters.len() - length);
            let price = price(&Sounds::of(&String::from_iter(tail)), &Sounds::of(text));
            (price, length != 4, String::from_iter(stem), child)
        })
        .filter(|(price, ..)| *price <= SLIP)
        .min_by_key(|(price, uneven, ..)| (*price, *uneven))
        .map(|(_, _, stem, child)| (stem, child))
}

fn ending(capitals: &str) -> Option<(&str, Child)> {
    ENDINGS.iter().find_map(|(text, child)| {
        let stem = capitals.strip_suffix(text)?;
        (stem.chars().count() >= STEM_MIN).then_some((stem, *child))
    })
}

/// What stands in a field for the patronymic: any form, or the father's bare name.
pub fn parse(field: &str) -> Option<Patronymic> {
    let capitals = capitals_in_one_script(field);
    let mut words: Vec<&str> = capitals
        .split([' ', '-'])
        .filter(|word| !word.is_empty())
        .collect();
    let mut child = Child::Unknown;
    if words.len() > 1
        && let Some(found) = words
            .last()
            .and_then(|word| particle(word).or_else(|| slipped_particle(word)))
    {
        child = found;
        words.pop();
    } else if let [only] = words.as_slice()
        && let Some((stem, found)) = ending(only)
    {
        return known(stem, found);
    } else if let [only] = words.as_slice()
        && let Some((stem, found)) = slipped_ending(only)
    {
        return known(&stem, found);
    }
    known(&words.concat(), child)
}

fn known(father: &str, child: Child) -> Option<Patronymic> {
    let father = Sounds::of(father);
    (!father.is_empty()).then_some(Patronymic { father, child })
}

/// Cuts `ALI HASAN OGLU` into the given names and the patronymic, when a particle shows where.
pub fn split_given(given: &str) -> (String, Option<Patronymic>) {
    let words: Vec<&str> = given.split_whitespace().collect();
    match words.as_slice() {
        [names @ .., father, last] if !names.is_empty() && is_particle(last) => {
            (names.join(" "), parse(&format!("{father} {last}")))
        }
        _ => (given.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::similarity::{Grade, grade};

    fn father(field: &str) -> Sounds {
        parse(field).unwrap().father
    }

    #[test]
    fn every_form_betrays_the_same_father() {
        for (one, other) in [
            ("Джавидович", "JAVID OGLU"),
            ("Джавидовна", "Джавид кызы"),
            ("Жавохир угли", "Жавохир огли"),
            ("Шерзод углии", "Шерзод угли"),
            ("Али кзи", "Али кизи"),
            ("Сардоровис", "Сардорович"),
            ("Азизовн", "Азизовна"),
            ("Нурланулы", "Нурланович"),
            ("Нурланкызы", "Нурлан кызы"),
            ("Азизович", "Азиз"),
        ] {
            assert_eq!(father(one), father(other), "{one} {other}");
        }
        assert!(grade(&father("Сергеевич"), &Sounds::of("Сергей")) <= Grade::Close);
        assert!(grade(&father("Анатольевна"), &Sounds::of("Анатолий")) <= Grade::Close);
    }

    #[test]
    fn the_form_tells_son_from_daughter() {
        assert_eq!(parse("Юсуфович").unwrap().child, Child::Son);
        assert_eq!(parse("Ильинична").unwrap().child, Child::Daughter);
        assert_eq!(parse("ALI QIZI").unwrap().child, Child::Daughter);
        assert_eq!(parse("Азиз").unwrap().child, Child::Unknown);
    }

    #[test]
    fn given_names_of_azerbaijan_carry_the_father() {
        let (given, patronymic) = split_given("ALI HASAN OGLU");
        assert_eq!(given, "ALI");
        assert_eq!(
            patronymic.unwrap().father,
            Sounds::of("Гасан").clone().max(Sounds::of("HASAN"))
        );
        assert_eq!(split_given("VAN HUNG"), ("VAN HUNG".to_owned(), None));
        assert_eq!(
            split_given("ALI OGLU").0,
            "ALI OGLU",
            "no given name would be left"
        );
    }

    #[test]
    fn a_short_word_has_no_ending() {
        assert!(!has_ending("Ич"));
        assert!(has_ending("Ильич"));
        assert!(has_ending("ДАВРОНОВИЧ"));
        assert!(!has_ending("Азиз"));
        assert!(has_slipped_ending("САРДОРОВИС"));
        assert!(!has_slipped_ending("ХЫОНГ") && !has_slipped_ending("Бахтиёр"));
        assert!(!has_slipped_ending("РАХИМОВА"));
        assert_eq!(parse(" "), None);
    }
}
