//! What people write in their own words: reasons, questions, names.
//!
//! Invariant: no control character passes (a database may refuse it, a page may hide behind it); only a longer text has lines.

/// Characters of a reason, a question or an answer.
pub const WORDS_MAX: usize = 2_000;
/// Characters of the name of a person, an office or an organisation.
pub const NAME_MAX: usize = 200;

/// A text of 1 to [`WORDS_MAX`] characters, without the space around it.
pub(crate) fn words(raw: &str) -> Option<String> {
    let kept = raw.trim();
    let written = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    let fits = (1..=WORDS_MAX).contains(&kept.chars().count()) && kept.chars().all(written);
    fits.then(|| kept.to_owned())
}

/// Whether a text names somebody: 1 to [`NAME_MAX`] characters on one line.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=NAME_MAX).contains(&text.trim().chars().count()) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_words_and_control_characters_are_none() {
        assert_eq!(words("  one\r\ntwo\t "), Some("one\r\ntwo".to_owned()));
        for refused in ["", " \n ", "a\0b", "a\u{1b}[2J", &"x".repeat(WORDS_MAX + 1)] {
            assert_eq!(words(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn a_name_stands_on_one_line() {
        assert!(is_name("Ирина Орлова"));
        for refused in ["", "  ", "a\nb", "a\0", &"x".repeat(NAME_MAX + 1)] {
            assert!(!is_name(refused), "{refused:?}");
        }
    }
}
