//! The claims of a run, each in some forty bytes: a million people have seventeen million of them.
//!
//! Invariant: what is read back is what was pushed.

use jiff::Timestamp;
use records::{
    Day,
    country::Country,
    payload::Direction,
    region::RegionCode,
    subject::{Birth, Sex},
};

use crate::{
    book::Id,
    claim::{Claim, Crossed, DocumentUse},
    fact::Value,
    party::BirthKey,
};

/// The place of every so many-th claim is known; from it one reads on.
const PLACED_EVERY: usize = 16;

#[derive(Default)]
pub(crate) struct Claims {
    /// Of each claim its length, then its fields.
    bytes: Vec<u8>,
    places: Vec<usize>,
    len: usize,
    /// The claim being written, before its length is known.
    draft: Vec<u8>,
}

impl Claims {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn push(&mut self, claim: &Claim) {
        if self.len.is_multiple_of(PLACED_EVERY) {
            self.places.push(self.bytes.len());
        }
        self.draft.clear();
        write(claim, &mut self.draft);
        debug_assert!(read(&self.draft).as_ref() == Some(claim), "read back as written");
        write_number(self.draft.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(&self.draft);
        self.len += 1;
    }

    pub(crate) fn get(&self, record: Id) -> Claim {
        let at = record as usize;
        let mut reader = Reader(&self.bytes[self.places[at / PLACED_EVERY]..]);
        for _ in 0..at % PLACED_EVERY {
            reader.claim();
        }
        reader.pushed()
    }

    /// All of them with their records, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Id, Claim)> + '_ {
        let mut reader = Reader(&self.bytes);
        (0..self.len as Id).map(move |record| (record, reader.pushed()))
    }
}

/// Which fields a claim has, a bit each.
mod has {
    pub(super) const LATIN: u64 = 1;
    pub(super) const CYRILLIC: u64 = 1 << 1;
    pub(super) const BIRTH: u64 = 1 << 2;
    pub(super) const SEX: u64 = 1 << 3;
    pub(super) const MALE: u64 = 1 << 4;
    pub(super) const SEX_BY_FORM: u64 = 1 << 5;
    pub(super) const MALE_BY_FORM: u64 = 1 << 6;
    pub(super) const CITIZENSHIP: u64 = 1 << 7;
    pub(super) const BIRTH_PLACE: u64 = 1 << 8;
    pub(super) const REGION: u64 = 1 << 9;
    pub(super) const SINCE: u64 = 1 << 10;
    pub(super) const HARMS: u64 = 1 << 11;
    pub(super) const DOCUMENT: u64 = 1 << 12;
    pub(super) const EXPIRES: u64 = 1 << 13;
    pub(super) const ISSUER: u64 = 1 << 14;
    pub(super) const CROSSING: u64 = 1 << 15;
    pub(super) const IN: u64 = 1 << 16;
    pub(super) const CARD: u64 = 1 << 17;
}

fn fields(claim: &Claim) -> u64 {
    let document = claim.document.as_ref();
    let crossing = claim.crossing.as_ref();
    [
        (claim.latin.is_some(), has::LATIN),
        (claim.cyrillic.is_some(), has::CYRILLIC),
        (claim.birth.is_some(), has::BIRTH),
        (claim.sex.is_some(), has::SEX),
        (claim.sex == Some(Sex::Male), has::MALE),
        (claim.sex_by_form.is_some(), has::SEX_BY_FORM),
        (claim.sex_by_form == Some(Sex::Male), has::MALE_BY_FORM),
        (claim.citizenship.is_some(), has::CITIZENSHIP),
        (claim.birth_place.is_some(), has::BIRTH_PLACE),
        (claim.region.is_some(), has::REGION),
        (claim.since.is_some(), has::SINCE),
        (claim.harms, has::HARMS),
        (document.is_some(), has::DOCUMENT),
        (
            document.is_some_and(|document| document.expires.is_some()),
            has::EXPIRES,
        ),
        (
            document.is_some_and(|document| document.issuer.is_some()),
            has::ISSUER,
        ),
        (crossing.is_some(), has::CROSSING),
        (
            crossing.is_some_and(|crossing| crossing.direction == Direction::In),
            has::IN,
        ),
        (
            crossing.is_some_and(|crossing| crossing.card.is_some()),
            has::CARD,
        ),
    ]
    .into_iter()
    .filter(|(has, _)| *has)
    .map(|(_, bit)| bit)
    .sum()
}

fn write(claim: &Claim, into: &mut Vec<u8>) {
    write_number(fields(claim), into);
    let mut put = |value: Option<u64>| value.into_iter().for_each(|value| write_number(value, into));
    put(claim.latin.map(u64::from));
    put(claim.cyrillic.map(u64::from));
    put(claim.birth.map(|birth| u64::from(BirthKey::from(birth).pack())));
    put(claim.citizenship.map(|country| u64::from(country.pack())));
    put(claim.birth_place.map(u64::from));
    put(claim.region.map(|region| u64::from(region.pack())));
    put(claim.since.map(pack_day));
    if let Some(document) = &claim.document {
        put(Some(u64::from(document.number)));
        put(Some(pack_day(document.on)));
        put(document.expires.map(pack_day));
        put(document.issuer.map(|country| u64::from(country.pack())));
    }
    if let Some(crossing) = &claim.crossing {
        put(Some(fold(crossing.on.as_second())));
        put(Some(fold(i64::from(crossing.on.subsec_nanosecond()))));
        put(crossing.card.map(u64::from));
    }
    for ids in [&claim.numbers, &claim.hosts, &claim.episodes] {
        put(Some(ids.len() as u64));
        ids.iter().for_each(|id| put(Some(u64::from(*id))));
    }
}

/// `None` if the bytes are not of a claim.
fn read(bytes: &[u8]) -> Option<Claim> {
    let mut reader = Reader(bytes);
    let fields = reader.number();
    let has = |bit| fields & bit > 0;
    let sex = |given, male| has(given).then(|| if has(male) { Sex::Male } else { Sex::Female });
    Some(Claim {
        sex: sex(has::SEX, has::MALE),
        sex_by_form: sex(has::SEX_BY_FORM, has::MALE_BY_FORM),
        harms: has(has::HARMS),
        latin: has(has::LATIN).then(|| reader.id()),
        cyrillic: has(has::CYRILLIC).then(|| reader.id()),
        birth: reader.value::<BirthKey>(has(has::BIRTH)).map(Birth::from),
        citizenship: reader.value::<Country>(has(has::CITIZENSHIP)),
        birth_place: has(has::BIRTH_PLACE).then(|| reader.id()),
        region: reader.value::<RegionCode>(has(has::REGION)),
        since: reader.day(has(has::SINCE)),
        document: if has(has::DOCUMENT) {
            Some(DocumentUse {
                number: reader.id(),
                on: reader.day(true)?,
                expires: reader.day(has(has::EXPIRES)),
                issuer: reader.value::<Country>(has(has::ISSUER)),
            })
        } else {
            None
        },
        crossing: if has(has::CROSSING) {
            let (second, nanosecond) = (unfold(reader.number()), unfold(reader.number()));
            Some(Crossed {
                on: Timestamp::new(second, i32::try_from(nanosecond).ok()?).ok()?,
                direction: if has(has::IN) {
                    Direction::In
                } else {
                    Direction::Out
                },
                card: has(has::CARD).then(|| reader.id()),
            })
        } else {
            None
        },
        numbers: reader.ids(),
        hosts: reader.ids(),
        episodes: reader.ids(),
    })
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The next claim. Bytes come from [`Claims::push`] alone, so there is always one to read.
    fn pushed(&mut self) -> Claim {
        read(self.claim()).unwrap_or_default()
    }

    /// The fields of the next claim.
    fn claim(&mut self) -> &'a [u8] {
        let length = self.number() as usize;
        let (claim, rest) = self.0.split_at_checked(length).unwrap_or_default();
        self.0 = rest;
        claim
    }

    /// Seven bits a byte, the low ones first; the high bit says that more follow.
    fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let [byte, rest @ ..] = self.0 else { break };
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    fn id(&mut self) -> Id {
        // an id was written
        self.number() as Id
    }

    fn ids(&mut self) -> Vec<Id> {
        (0..self.number()).map(|_| self.id()).collect()
    }

    fn value<T: Value>(&mut self, given: bool) -> Option<T> {
        if given { T::unpack(self.id()) } else { None }
    }

    fn day(&mut self, given: bool) -> Option<Day> {
        if !given {
            return None;
        }
        let packed = self.number();
        let part = |shift: u32, mask: u64| (packed >> shift) & mask;
        Day::new(
            i16::try_from(unfold(part(9, u64::MAX))).ok()?,
            part(5, 15) as i8,
            part(0, 31) as i8,
        )
        .ok()
    }
}

fn write_number(mut number: u64, into: &mut Vec<u8>) {
    while number > 0x7f {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

fn pack_day(day: Day) -> u64 {
    let part = |part: i8| u64::from(part.unsigned_abs());
    fold(i64::from(day.year())) << 9 | part(day.month()) << 5 | part(day.day())
}

/// Small numbers of either sign as small ones without.
fn fold(number: i64) -> u64 {
    (number << 1 ^ number >> 63).cast_unsigned()
}

fn unfold(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use records::{partial_date::PartialDate, subject::UnknownParts};

    use super::*;

    /// A claim without `Debug`: it is personal data.
    struct Hidden(Claim);

    impl std::fmt::Debug for Hidden {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("claim")
        }
    }

    fn claim() -> impl Strategy<Value = Hidden> {
        let ids = || prop::collection::vec(any::<Id>(), 0..4);
        let seldom = || prop::option::of(any::<Id>());
        let numbers = (seldom(), seldom(), seldom(), ids(), ids(), ids());
        let second = -300_000_000_000_i64..200_000_000_000;
        let rest = (
            any::<[bool; 8]>(),
            second,
            0..1_000_000_000_i32,
            -9999_i16..=9999,
            1..=28_i8,
        );
        (numbers, rest).prop_map(
            |((latin, place, card, numbers, hosts, episodes), (given, second, nanos, year, day))| {
                let on = date(year, 12, day);
                Hidden(Claim {
                    latin,
                    cyrillic: place,
                    birth: given[0].then(|| Birth {
                        date: PartialDate::new(year, Some(2), given[1].then_some(day)).unwrap(),
                        unknown_parts: if given[2] {
                            UnknownParts::WrittenAsOne
                        } else {
                            UnknownParts::Kept
                        },
                    }),
                    sex: given[3].then_some(Sex::Male),
                    sex_by_form: given[4].then_some(Sex::Female),
                    citizenship: given[5].then_some(Country::constant(b"UZB")),
                    birth_place: place,
                    document: given[6].then_some(DocumentUse {
                        number: 7,
                        on,
                        expires: given[0].then_some(on),
                        issuer: given[1].then_some(Country::constant(b"TJK")),
                    }),
                    crossing: Timestamp::new(second, nanos)
                        .ok()
                        .filter(|_| given[7])
                        .map(|on| Crossed {
                            on,
                            direction: if given[2] { Direction::In } else { Direction::Out },
                            card,
                        }),
                    numbers,
                    hosts,
                    episodes,
                    region: given[3].then_some(RegionCode::constant(b"77")),
                    since: given[4].then_some(on),
                    harms: given[5],
                })
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_read_back_is_what_was_pushed(all in prop::collection::vec(claim(), 0..40)) {
            let mut claims = Claims::default();
            all.iter().for_each(|Hidden(claim)| claims.push(claim));
            prop_assert_eq!(claims.len(), all.len());
            for (record, claim) in claims.iter() {
                prop_assert!(claim == all[record as usize].0);
                prop_assert!(claims.get(record) == claim);
            }
        }
    }
}
