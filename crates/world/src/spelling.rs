//! A person's name in the three scripts that it is written in, and the patronymic.

use crate::{
    draw::Draw,
    lists::{Name, OddPatronymics, PatronymicStyle},
    slip,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    Male,
    Female,
}

/// One name: as the nation writes it, as the passport's machine-readable zone does, as Russian papers do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    pub native: String,
    pub latin: String,
    pub russian: String,
}

impl Spelling {
    pub fn usual(name: Name) -> Self {
        Self {
            native: name.native.to_owned(),
            latin: name.latin.to_owned(),
            russian: name.russian.to_owned(),
        }
    }

    /// A person with one name has no other.
    pub fn none() -> Self {
        Self {
            native: String::new(),
            latin: String::new(),
            russian: String::new(),
        }
    }

    pub fn respell_latin(&mut self, draw: &mut Draw) {
        self.latin = slip::respelt(&self.latin, slip::Script::Latin, draw);
    }

    pub fn respell_russian(&mut self, draw: &mut Draw) {
        self.russian = slip::respelt(&self.russian, slip::Script::Cyrillic, draw);
    }
}

/// How the papers of one person write the father's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patronymic {
    None,
    /// `Рустамович`, `Рустамовна`.
    Ovich,
    /// `Рустам угли`, `Рустам кизи`.
    Ogli,
    /// `Рустам оглы`, `Рустам кызы`.
    Ogly,
}

/// Uzbek papers write `угли` for seven in ten of those who have a patronymic at all. Sample: 3,587 of 5,461.
const OGLI_SHARE: f64 = 0.67;
/// Azerbaijani papers write `оглы` for eight in ten. Sample: 543 of 698.
const OGLY_SHARE: f64 = 0.79;
/// And put a hyphen before it now and then. Sample: 15 of 698.
const OGLY_HYPHEN: f64 = 0.02;

impl Patronymic {
    pub fn draw(style: PatronymicStyle, none: f64, draw: &mut Draw) -> Self {
        if style == PatronymicStyle::None || draw.chance(none) {
            return Self::None;
        }
        match style {
            PatronymicStyle::Ogli if draw.chance(OGLI_SHARE) => Self::Ogli,
            PatronymicStyle::Ogly if draw.chance(OGLY_SHARE) => Self::Ogly,
            _ => Self::Ovich,
        }
    }

    /// As written; empty when there is none.
    pub fn of(self, father: &str, sex: Sex, odd: &OddPatronymics, draw: &mut Draw) -> String {
        match (self, sex) {
            (Self::None, _) => String::new(),
            (Self::Ovich, _) => by_rule(father, sex, odd),
            (Self::Ogli, Sex::Male) => format!("{father} угли"),
            (Self::Ogli, Sex::Female) => format!("{father} кизи"),
            (Self::Ogly, Sex::Male) if draw.chance(OGLY_HYPHEN) => format!("{father}-оглы"),
            (Self::Ogly, Sex::Male) => format!("{father} оглы"),
            (Self::Ogly, Sex::Female) => format!("{father} кызы"),
        }
    }
}

/// Russian patronymic of a father's name in Russian.
pub fn by_rule(father: &str, sex: Sex, odd: &OddPatronymics) -> String {
    if let Some((_, forms)) = odd.iter().find(|(name, _)| name == father) {
        return forms[usize::from(sex == Sex::Female)].clone();
    }
    let (hard, soft) = match sex {
        Sex::Male => ("ович", "евич"),
        Sex::Female => ("овна", "евна"),
    };
    let without_last = || {
        let last = father.chars().next_back().map_or(0, char::len_utf8);
        &father[..father.len() - last]
    };
    match father.chars().next_back() {
        // Анатолий → Анатольевич would be the classical form; clerks write both, this one more often of foreign names.
        Some('й' | 'ь') => format!("{}{soft}", without_last()),
        Some('а' | 'о' | 'у' | 'е' | 'ё' | 'и' | 'ы' | 'э' | 'ю' | 'я') => {
            format!("{father}{soft}")
        }
        _ => format!("{father}{hard}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patronymics_follow_the_father() {
        let odd = vec![("Павел".to_owned(), ["Павлович".to_owned(), "Павловна".to_owned()])];
        for (father, son) in [
            ("Рустам", "Рустамович"),
            ("Сергей", "Сергеевич"),
            ("Игорь", "Игоревич"),
            ("Абдулло", "Абдуллоевич"),
            ("Павел", "Павлович"),
        ] {
            assert_eq!(by_rule(father, Sex::Male, &odd), son);
        }
        assert_eq!(by_rule("Тимур", Sex::Female, &odd), "Тимуровна");
    }
}
