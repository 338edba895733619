//! The key under which spellings of one name are looked up: its consonants, in classes that clerks confuse.

use crate::sounds::{Sounds, is_vowel};

/// Class of a consonant: Г/К/Х, Д/Т, В/Ф, Б/П, З/С/Ц, Ж/Ч/Ш are taken for each other when a name is heard.
fn class(sound: u8) -> u8 {
    match sound {
        b'g' | b'k' | b'h' => b'K',
        b'd' | b't' => b'T',
        b'v' | b'f' => b'F',
        b'b' | b'p' => b'P',
        b'z' | b's' | b'c' => b'S',
        b'J' | b'C' | b'S' => b'C',
        other => other.to_ascii_uppercase(),
    }
}

/// Consonant classes in order, doubles folded; a name that begins with a vowel begins with `A`.
pub fn skeleton(sounds: &Sounds) -> String {
    let mut key = String::with_capacity(sounds.len());
    for (at, &sound) in sounds.as_bytes().iter().enumerate() {
        let letter = match is_vowel(sound) {
            true if at == 0 => 'A',
            true => continue,
            false => char::from(class(sound)),
        };
        if !key.ends_with(letter) {
            key.push(letter);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confusions_share_a_key() {
        for spellings in [
            ["ЖАМШЕД", "JAMSHID"],
            ["Собиров", "Сабырофф"],
            ["Ахметов", "Агмедов"],
            ["Гусейнов", "HUSEYNOV"],
            ["Рахимов", "РАХЫМОВ"],
        ] {
            let keys = spellings.map(|s| skeleton(&Sounds::of(s)));
            assert_eq!(keys[0], keys[1], "{spellings:?}");
        }
    }

    #[test]
    fn other_names_do_not() {
        assert_ne!(skeleton(&Sounds::of("Каримов")), skeleton(&Sounds::of("Рахимов")));
        assert_ne!(
            skeleton(&Sounds::of("Рахимов")),
            skeleton(&Sounds::of("Рахимова")) + "V"
        );
        assert_eq!(skeleton(&Sounds::of("Алиев")), "ALF");
    }
}
