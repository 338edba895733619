//! Finds profiles by a number that any of their records names, now or before, or by name and birth date.
//!
//! Every candidate is explained. Too many candidates are an error, not a list: a search is for one person.
//! Invariant: each candidate shown is named in the trace, so each of them sees the search.

use std::collections::BTreeSet;

use jiff::Timestamp;
use names::{
    similarity::{Grade, grade},
    sounds::Sounds,
};
use profile::{linked::LinkedRecord, view::Profile};
use records::{
    country::Country,
    document::DocumentNumber,
    key::{ProfileId, RecordKey},
    partial_date::PartialDate,
    subject::Name,
};
use serde::Serialize;

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError, visit::Visit},
    audience::receiver,
    port::StoreError,
    registry::{AsOf, Registry},
    search_key::{SearchKey, SearchKind, name_keys, search_keys, words},
    trace::Outcome,
    view_profile::narrow,
};

/// Candidates that a search may show.
pub const FOUND_MAX: u32 = 20;
/// Profiles that are looked into before the unlikely ones are left out.
pub(crate) const CANDIDATES_MAX: u32 = 100;
/// Years by which slips of the hand move a birth date: off by one, off by ten.
const YEAR_SLIPS: [i16; 5] = [0, -1, 1, -10, 10];
/// Words of a name that are searched for.
const WORDS_MAX: usize = 6;

/// What is known of the person searched for.
#[derive(Clone, PartialEq, Eq)]
pub enum Query {
    Document {
        number: DocumentNumber,
        issuer: Option<Country>,
    },
    /// A number of another kind: of a permit, a visa, the social fund.
    Number {
        kind: SearchKind,
        number: String,
    },
    Name {
        name: String,
        born: PartialDate,
    },
    /// The person of a notice that the asker's office was sent.
    Notice {
        number: u64,
    },
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Query(hidden)")
    }
}

/// A profile that may be the person searched for.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Narrowed to what the purpose opens.
    pub profile: Profile,
    /// Why it is among the found, the strongest reason first.
    pub because: Vec<Because>,
}

/// Why a profile was found. The order is from strong to weak.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Because {
    /// A notice is about the person.
    Notice,
    /// Records name this number.
    Number {
        records: u32,
    },
    /// Records name this number of another state's document.
    NumberOfOtherIssuer {
        records: u32,
    },
    Name {
        likeness: Likeness,
    },
    BirthDate {
        fits: BirthFit,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    Same,
    Close,
    Alike,
    Some,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BirthFit {
    Same,
    /// As far as both are known.
    MayBe,
    /// Another date, with a year that a slip explains.
    Slip,
}

#[derive(Debug, thiserror::Error)]
pub enum FindError {
    #[error("more than {limit} {what}: say more of the person")]
    TooMany { what: &'static str, limit: u32 },
    #[error("there is nothing in the query to search by")]
    Empty,
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("could not search")]
    Store(#[source] StoreError),
}

impl From<StoreError> for FindError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::TooMany { what, limit } => Self::TooMany { what, limit },
            other => Self::Store(other),
        }
    }
}

impl Registry {
    /// Profiles that may be the person, the likeliest first, on a day and as known at a time.
    pub async fn find(&self, asker: &Asker, query: &Query, as_of: AsOf) -> Result<Vec<Found>, FindError> {
        let mut visit = self.enter(asker, Action::Find, None).await?;
        let as_of = as_of.known_by(visit.now);
        let keys = keys(query);
        let mut found = Vec::new();
        for profile in candidates(&mut visit, query, &keys, as_of.known_at).await? {
            let records = visit.work.records_of(profile, as_of.known_at).await?;
            let naming = naming(&records, &keys);
            // found by a record that it does not hold at that time
            if records.is_empty() || (naming == 0 && !keys.is_empty()) {
                continue;
            }
            let profile = self.resolve(profile, &records, as_of);
            let because = explain(query, &profile, naming);
            if !because.is_empty() {
                found.push(Found { profile, because });
            }
        }
        found.sort_by(|a, b| (&a.because, a.profile.id).cmp(&(&b.because, b.profile.id)));
        if found.len() > FOUND_MAX as usize {
            return Err(FindError::TooMany {
                what: "candidates",
                limit: FOUND_MAX,
            });
        }
        for candidate in &mut found {
            narrow(&mut candidate.profile, &visit.permit);
        }
        let about = found.iter().map(|candidate| candidate.profile.id).collect();
        visit
            .leave(
                about,
                Outcome::Counted {
                    count: found.len() as u64,
                },
            )
            .await?;
        Ok(found)
    }
}

/// Profiles that the query leads to: those that hold a record under one of its keys, or held one.
async fn candidates(
    visit: &mut Visit,
    query: &Query,
    keys: &BTreeSet<SearchKey>,
    known_at: Timestamp,
) -> Result<BTreeSet<ProfileId>, FindError> {
    if let Query::Notice { number } = query {
        return Ok(told(visit, *number, known_at).await?);
    }
    if keys.is_empty() {
        return Err(FindError::Empty);
    }
    let mut profiles = BTreeSet::new();
    for key in keys {
        profiles.extend(visit.work.profiles_under(key, known_at, CANDIDATES_MAX).await?);
    }
    if profiles.len() > CANDIDATES_MAX as usize {
        return Err(FindError::TooMany {
            what: "candidates",
            limit: CANDIDATES_MAX,
        });
    }
    Ok(profiles)
}

/// Of how many records any version names one of the keys.
fn naming(versions: &[LinkedRecord], keys: &BTreeSet<SearchKey>) -> u32 {
    let naming = versions.iter().map(|version| &version.record);
    let naming: BTreeSet<&RecordKey> = naming
        .filter(|record| !search_keys(&record.subject, &record.payload).is_disjoint(keys))
        .map(|record| &record.key)
        .collect();
    u32::try_from(naming.len()).unwrap_or(u32::MAX)
}

/// Whom a notice is about that the asker was sent.
async fn told(
    visit: &mut Visit,
    number: u64,
    known_at: Timestamp,
) -> Result<BTreeSet<ProfileId>, StoreError> {
    let event = match visit.work.load_event(number).await {
        Err(StoreError::Missing { .. }) => return Ok(BTreeSet::new()),
        loaded => loaded?,
    };
    let is_told = receiver(visit.permit.actor()).is_some_and(|asking| asking == event.to);
    let heirs = if is_told {
        visit.work.heirs(event.profile, known_at).await?
    } else {
        Vec::new()
    };
    Ok(heirs.into_iter().collect())
}

fn keys(query: &Query) -> BTreeSet<SearchKey> {
    match query {
        Query::Document { number, .. } => {
            BTreeSet::from([SearchKey::number(SearchKind::Document, number.as_str())])
        }
        Query::Number { kind, number } => {
            let key = SearchKey::number(*kind, number);
            if key.value().is_empty() {
                BTreeSet::new()
            } else {
                BTreeSet::from([key])
            }
        }
        Query::Name { name, born } => {
            let words: Vec<&str> = words(name).take(WORDS_MAX).collect();
            let years = YEAR_SLIPS.iter().map(|slip| born.year().saturating_add(*slip));
            years.flat_map(|year| name_search_keys(&words, year)).collect()
        }
        Query::Notice { .. } => BTreeSet::new(),
    }
}

/// Two words find more surely than one: single words count only where there is no more.
fn name_search_keys(words: &[&str], year: i16) -> Vec<SearchKey> {
    let mut keys = name_keys(words, year);
    if words.len() > 1 {
        keys.retain(|key| key.value().contains(' '));
    }
    keys
}

fn explain(query: &Query, profile: &Profile, records: u32) -> Vec<Because> {
    match query {
        Query::Document { number, issuer } => {
            let held = profile
                .identity
                .documents
                .iter()
                .filter(|held| held.document.number == *number);
            let mut issuers = held.filter_map(|held| held.document.issuer).peekable();
            let other = issuer
                .is_some_and(|wanted| issuers.peek().is_some() && !issuers.any(|known| known == wanted));
            vec![if other {
                Because::NumberOfOtherIssuer { records }
            } else {
                Because::Number { records }
            }]
        }
        Query::Number { .. } => vec![Because::Number { records }],
        Query::Notice { .. } => vec![Because::Notice],
        Query::Name { name, born } => {
            let Some(fits) = birth_fit(profile, *born) else {
                return Vec::new();
            };
            vec![
                Because::Name {
                    likeness: likeness(profile, name),
                },
                Because::BirthDate { fits },
            ]
        }
    }
}

fn birth_fit(profile: &Profile, born: PartialDate) -> Option<BirthFit> {
    let field = profile.identity.birth_date.as_ref()?;
    let known = std::iter::once(field.value).chain(field.others.iter().map(|other| other.value));
    known
        .map(|date| {
            if date == born {
                BirthFit::Same
            } else if date.may_equal(&born) {
                BirthFit::MayBe
            } else {
                BirthFit::Slip
            }
        })
        .min()
}

/// How well the words asked for are met by the words of the best fitting spelling.
fn likeness(profile: &Profile, asked: &str) -> Likeness {
    let asked: Vec<Sounds> = words(asked).take(WORDS_MAX).map(Sounds::of).collect();
    let spellings = [&profile.identity.latin, &profile.identity.cyrillic]
        .into_iter()
        .flatten();
    let spellings = spellings
        .flat_map(|field| std::iter::once(&field.value).chain(field.others.iter().map(|other| &other.value)));
    spellings
        .map(|spelling| likeness_to(spelling, &asked))
        .min()
        .unwrap_or(Likeness::Some)
}

fn likeness_to(spelling: &Name, asked: &[Sounds]) -> Likeness {
    let told = [
        Some(&spelling.surname),
        Some(&spelling.given),
        spelling.patronymic.as_ref(),
        spelling.unsplit.as_ref(),
    ];
    let told: Vec<Sounds> = told
        .into_iter()
        .flatten()
        .flat_map(|part| words(part))
        .map(Sounds::of)
        .collect();
    let worst = asked.iter().map(|word| {
        told.iter()
            .map(|other| grade(word, other))
            .min()
            .unwrap_or(Grade::Different)
    });
    match worst.max() {
        Some(Grade::Same) => Likeness::Same,
        Some(Grade::Close) => Likeness::Close,
        Some(Grade::Alike) => Likeness::Alike,
        Some(Grade::Different) | None => Likeness::Some,
    }
}
