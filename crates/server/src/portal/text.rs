//! Words of the portals: Fluent texts in the reader's language, days, times and numbers as that language writes them.
//!
//! Invariant: a text is whole in one language; the test below fails when a text lacks one of them.
//! Not here: which texts a page shows.

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{LanguageIdentifier, fluent_bundle::FluentValue, langid, static_loader};
use jiff::{Timestamp, tz::Offset};
use records::Day;

static_loader! {
    static TEXTS = {
        locales: "../../web/locales",
        fallback_language: "ru",
        // Isolation marks would stand in codes that people copy; names are isolated by <bdi>.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static RU: LanguageIdentifier = langid!("ru");
static EN: LanguageIdentifier = langid!("en");

/// Moscow keeps one offset all year (107-FZ of 03.06.2011 as amended in 2014).
pub(crate) const MOSCOW: Offset = jiff::tz::offset(3);

/// A language of the portals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Russian,
    English,
}

impl Language {
    pub(crate) const ALL: [Self; 2] = [Self::Russian, Self::English];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Russian => "ru",
            Self::English => "en",
        }
    }

    /// Its own name for itself.
    pub(crate) fn own_name(self) -> &'static str {
        match self {
            Self::Russian => "Русский",
            Self::English => "English",
        }
    }

    pub(crate) fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The first language of an `Accept-Language` header that the portals have; Russian, the language of the law,
    /// where there is none.
    pub(crate) fn accepted(header: &str) -> Self {
        let primary = |range: &str| {
            range
                .split([';', '-'])
                .next()
                .unwrap_or("")
                .trim()
                .to_ascii_lowercase()
        };
        header
            .split(',')
            .take(ACCEPTED_MAX)
            .find_map(|range| Self::of_code(&primary(range)))
            .unwrap_or(Self::Russian)
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Self::Russian => &RU,
            Self::English => &EN,
        }
    }
}

/// Ranges of `Accept-Language` that are looked at.
const ACCEPTED_MAX: usize = 20;

/// What a text is filled with.
pub(crate) type Fill<'a> = (&'static str, FluentValue<'a>);

impl Language {
    /// The text of this key. A key without a text shows itself, which the tests catch.
    pub(crate) fn say(self, key: &str) -> String {
        TEXTS
            .lookup_single_language::<&str>(self.id(), key, None)
            .unwrap_or_else(|_| key.to_owned())
    }

    pub(crate) fn say_with(self, key: &str, fills: &[Fill<'_>]) -> String {
        let fills: HashMap<Cow<'static, str>, FluentValue<'_>> = fills
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), value.clone()))
            .collect();
        TEXTS
            .lookup_single_language(self.id(), key, Some(&fills))
            .unwrap_or_else(|_| key.to_owned())
    }

    /// The text of a key that packs and other crates name; `None` where the portals have no words for it.
    pub(crate) fn find(self, key: &str) -> Option<String> {
        TEXTS.lookup_single_language::<&str>(self.id(), key, None).ok()
    }

    /// `29 мая 2025 г.`, `29 May 2025`: never digits alone, for readers order them differently; never broken.
    pub(crate) fn day(self, day: Day) -> String {
        let month = self.say(&format!("month-{}", day.month()));
        self.say_with(
            "day-long",
            &[
                ("day", day.day().to_string().into()),
                ("month", month.into()),
                ("year", day.year().to_string().into()),
            ],
        )
    }

    /// Day and Moscow time.
    pub(crate) fn time(self, time: Timestamp) -> String {
        let moscow = MOSCOW.to_datetime(time);
        let clock = format!("{:02}:{:02}", moscow.hour(), moscow.minute());
        self.say_with(
            "time-long",
            &[("day", self.day(moscow.date()).into()), ("clock", clock.into())],
        )
    }

    /// `мая 2025 г.` as a heading: `май 2025 г.`, `May 2025`.
    pub(crate) fn month(self, year: i16, month: i8) -> String {
        let name = self.say(&format!("month-name-{month}"));
        self.say_with(
            "month-long",
            &[("month", name.into()), ("year", year.to_string().into())],
        )
    }

    /// `6 250,50`, `6,250.50`; whole roubles without a fraction.
    pub(crate) fn roubles(self, kopecks: i64) -> String {
        let sign = if kopecks < 0 { "−" } else { "" };
        let whole = self.number(kopecks.unsigned_abs() / 100);
        match (kopecks.unsigned_abs() % 100, self) {
            (0, _) => format!("{sign}{whole}"),
            (part, Self::Russian) => format!("{sign}{whole},{part:02}"),
            (part, Self::English) => format!("{sign}{whole}.{part:02}"),
        }
    }

    /// `12 345`, `12,345`.
    pub(crate) fn number(self, number: u64) -> String {
        let separator = match self {
            Self::Russian => '\u{202f}',
            Self::English => ',',
        };
        let digits = number.to_string();
        let mut out = String::with_capacity(digits.len() * 2);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                out.push(separator);
            }
            out.push(digit);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    fn keys(language: Language) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../web/locales")
            .join(language.code());
        let mut keys = BTreeSet::new();
        for file in fs::read_dir(folder).unwrap() {
            for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
                if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                    let (key, _) = line.split_once(" =").unwrap();
                    assert!(
                        keys.insert(key.to_owned()),
                        "{key} stands twice in {}",
                        language.code()
                    );
                }
            }
        }
        keys
    }

    #[test]
    fn every_text_is_there_in_every_language() {
        let russian = keys(Language::Russian);
        assert_eq!(russian, keys(Language::English));
        assert!(russian.len() > 100);
    }

    /// A key in a template is `page.t("…")` or an argument of a macro; all of them are quoted words with a hyphen.
    #[test]
    fn every_key_that_a_template_names_has_a_text() {
        let known = keys(Language::Russian);
        let mut missing = BTreeSet::new();
        for template in templates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")) {
            let text = fs::read_to_string(&template).unwrap();
            for (before, quoted) in text.match_indices("page.t").map(|(at, _)| text[at..].split_at(7)) {
                if let Some(key) = quoted.trim_start_matches(['(', '1']).strip_prefix('"') {
                    let key = key.split('"').next().unwrap();
                    if !known.contains(key) {
                        missing.insert(format!("{}: {before} {key}", template.display()));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }

    fn templates(folder: &Path) -> Vec<std::path::PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .flat_map(|path| {
                if path.is_dir() {
                    templates(&path)
                } else {
                    vec![path]
                }
            })
            .collect()
    }

    #[test]
    fn days_times_and_numbers_are_written_as_the_language_does() {
        let day = jiff::civil::date(2025, 5, 29);
        assert_eq!(
            Language::Russian.day(day).replace('\u{a0}', " "),
            "29 мая 2025 г."
        );
        assert_eq!(Language::English.day(day).replace('\u{a0}', " "), "29 May 2025");
        let time = "2025-05-29T21:05:00Z".parse().unwrap();
        assert_eq!(
            Language::English.time(time).replace('\u{a0}', " "),
            "30 May 2025, 00:05 Moscow time"
        );
        assert_eq!(Language::English.number(1_234_567), "1,234,567");
        assert_eq!(Language::Russian.number(999), "999");
        assert_eq!(Language::English.roubles(625_050), "6,250.50");
        assert_eq!(Language::Russian.roubles(-890_000), "−8\u{202f}900");
    }

    #[test]
    fn russian_counts_in_three_forms() {
        let days = |n: u32| {
            Language::Russian
                .say_with("count-days", &[("n", n.into())])
                .replace('\u{a0}', " ")
        };
        assert_eq!(
            [days(1), days(2), days(5), days(21)],
            ["1 день", "2 дня", "5 дней", "21 день"]
        );
    }

    #[test]
    fn the_browsers_language_is_taken_where_there_is_one() {
        assert_eq!(Language::accepted("de, en-GB;q=0.8, ru;q=0.5"), Language::English);
        assert_eq!(Language::accepted("uz, tg"), Language::Russian);
        assert_eq!(Language::accepted(""), Language::Russian);
    }
}
