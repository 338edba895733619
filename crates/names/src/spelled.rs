//! A name as a record gives it, cut into its parts and freed of script.

use records::subject::{Name, Sex};

use crate::{
    patronymic::{self, Child},
    script::capitals_in_one_script,
    sounds::Sounds,
};

/// Parts of a name. An empty part was not given. Personal data: `Debug` hides it.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spelled {
    pub surname: Sounds,
    pub given: Sounds,
    pub father: Sounds,
    /// Whether the source said which part is which. If not, the first word is taken for the surname.
    pub cut: Cut,
}

/// How sure it is which part is which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cut {
    #[default]
    BySource,
    /// All stood in one field.
    Guessed,
}

impl std::fmt::Debug for Spelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Spelled({:?}, hidden)", self.cut)
    }
}

impl Spelled {
    pub fn of(name: &Name) -> Self {
        match &name.unsplit {
            Some(text) => Self::of_unsplit(text),
            None => Self::of_parts(&name.surname, &name.given, name.patronymic.as_deref()),
        }
    }

    fn of_parts(surname: &str, given: &str, patronymic: Option<&str>) -> Self {
        let (given, in_given) = patronymic::split_given(given);
        let father = patronymic.and_then(patronymic::parse).or(in_given);
        Self {
            surname: Sounds::of(surname),
            given: Sounds::of(&given),
            father: father.map(|p| p.father).unwrap_or_default(),
            cut: Cut::BySource,
        }
    }

    /// `ФИО` in one field: surname, given names, patronymic, of which the first or the last may be missing.
    fn of_unsplit(text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (names, father) = match words.as_slice() {
            [names @ .., father, last] if !names.is_empty() && patronymic::is_particle(last) => {
                (names, patronymic::parse(&format!("{father} {last}")))
            }
            [names @ .., last] if !names.is_empty() && patronymic::has_ending(last) => {
                (names, patronymic::parse(last))
            }
            // A third word that nearly has such an ending can hardly be anything else.
            [names @ .., last] if names.len() > 1 && patronymic::has_slipped_ending(last) => {
                (names, patronymic::parse(last))
            }
            names => (names, None),
        };
        let (surname, given) = match names {
            [] => (String::new(), String::new()),
            [only] => (String::new(), (*only).to_owned()),
            [first, rest @ ..] => ((*first).to_owned(), rest.join(" ")),
        };
        Self {
            surname: Sounds::of(&surname),
            given: Sounds::of(&given),
            father: father.map(|p| p.father).unwrap_or_default(),
            cut: Cut::Guessed,
        }
    }

    /// Surname and given names as one word.
    pub fn whole(&self) -> Sounds {
        self.surname.then(&self.given)
    }

    pub fn is_empty(&self) -> bool {
        self.surname.is_empty() && self.given.is_empty()
    }
}

/// Sex by the form of the patronymic or of a Slavic or Slavicised surname; `None` when neither tells.
pub fn sex_by_form(name: &Name) -> Option<Sex> {
    let by_patronymic = name
        .patronymic
        .as_deref()
        .and_then(patronymic::parse)
        .or_else(|| patronymic::split_given(&name.given).1)
        .and_then(|patronymic| match patronymic.child {
            Child::Son => Some(Sex::Male),
            Child::Daughter => Some(Sex::Female),
            Child::Unknown => None,
        });
    by_patronymic.or_else(|| sex_by_surname(&name.surname))
}

const FEMALE_SURNAMES: &[&str] = &["ОВА", "ЕВА", "ЁВА", "ИНА", "СКАЯ", "OVA", "EVA", "YEVA", "SKAIA"];
const MALE_SURNAMES: &[&str] = &["ОВ", "ЕВ", "ЁВ", "СКИЙ", "OV", "EV", "YEV", "SKII"];

fn sex_by_surname(surname: &str) -> Option<Sex> {
    let capitals = capitals_in_one_script(surname);
    let ends = |endings: &[&str]| endings.iter().any(|ending| capitals.ends_with(ending));
    if ends(FEMALE_SURNAMES) {
        Some(Sex::Female)
    } else if ends(MALE_SURNAMES) {
        Some(Sex::Male)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(surname: &str, given: &str, patronymic: Option<&str>) -> Name {
        Name {
            surname: surname.to_owned(),
            given: given.to_owned(),
            patronymic: patronymic.map(str::to_owned),
            unsplit: None,
        }
    }

    fn unsplit(text: &str) -> Spelled {
        Spelled::of(&Name {
            unsplit: Some(text.to_owned()),
            ..Name::default()
        })
    }

    #[test]
    fn one_field_or_three_give_the_same_parts() {
        for (text, parts) in [
            (
                "КАРИМОВ ЖАСУР РУСТАМ УГЛИ",
                split("Каримов", "Жасур", Some("Рустам угли")),
            ),
            (
                "КАРИМОВ ЖАСУР РУСТАМОВИЧ",
                split("Каримов", "Жасур", Some("Рустамович")),
            ),
            (
                "РАХИМОВ НОДИР САРДОРОВИС",
                split("Рахимов", "Нодир", Some("Сардорович")),
            ),
            ("НГУЕН ТХИ ЛАН", split("Нгуен", "Тхи Лан", None)),
            ("АНДЖАЛИ", split("", "Анджали", None)),
        ] {
            let parts = Spelled {
                cut: Cut::Guessed,
                ..Spelled::of(&parts)
            };
            assert!(unsplit(text) == parts, "{text}");
        }
    }

    #[test]
    fn latin_given_names_may_hold_the_father() {
        let passport = Spelled::of(&split("HUSEYNOV", "ALI HASAN OGLU", None));
        let form = Spelled::of(&split("Гусейнов", "Али", Some("Хасанович")));
        assert!(passport.given == form.given && passport.father == form.father);
    }

    #[test]
    fn sex_by_patronymic_then_surname() {
        assert_eq!(
            sex_by_form(&split("Шевченко", "Женя", Some("Олеговна"))),
            Some(Sex::Female)
        );
        assert_eq!(sex_by_form(&split("KARIMOVA", "ZARINA", None)), Some(Sex::Female));
        assert_eq!(sex_by_form(&split("Каримов", "Жасур", None)), Some(Sex::Male));
        assert_eq!(sex_by_form(&split("Ким", "Чиён", None)), None);
    }
}
