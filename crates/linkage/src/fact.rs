//! One thing said of a person, and how often, in eight bytes.

use records::{country::Country, partial_date::PartialDate, region::RegionCode, subject::Sex};

use crate::{book::Id, number::NumberKind, party::BirthKey};

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    Latin,
    Cyrillic,
    Birth,
    Sex,
    SexByForm,
    Citizenship,
    BirthPlace,
    Host,
    Episode,
    Region,
    Number(NumberKind),
}

impl What {
    /// Numbers come last, by kind.
    pub(crate) const NUMBERS: u8 = 16;

    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Latin => 0,
            Self::Cyrillic => 1,
            Self::Birth => 2,
            Self::Sex => 3,
            Self::SexByForm => 4,
            Self::Citizenship => 5,
            Self::BirthPlace => 6,
            Self::Host => 7,
            Self::Episode => 8,
            Self::Region => 9,
            Self::Number(kind) => Self::NUMBERS + kind as u8,
        }
    }
}

/// What, which and how often, packed so that facts sort by what and which. Counts end at [`COUNT_MAX`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fact(u64);

const COUNT_BITS: u32 = 24;
pub(crate) const COUNT_MAX: u32 = (1 << COUNT_BITS) - 1;
const VALUE_BITS: u32 = 32;

impl Fact {
    /// Said once.
    pub(crate) fn new(what: What, value: impl Value) -> Self {
        let key = u64::from(what.code()) << VALUE_BITS | u64::from(value.pack());
        Self(key << COUNT_BITS | 1)
    }

    pub(crate) fn what(self) -> u8 {
        // the uppermost eight bits
        (self.0 >> (COUNT_BITS + VALUE_BITS)) as u8
    }

    /// What and which.
    pub(crate) fn key(self) -> u64 {
        self.0 >> COUNT_BITS
    }

    pub(crate) fn value(self) -> u32 {
        // the lower half of the key
        self.key() as u32
    }

    pub(crate) fn count(self) -> u32 {
        (self.0 & u64::from(COUNT_MAX)) as u32
    }

    /// The same, said so often more.
    pub(crate) fn said_again(self, times: u32) -> Self {
        let count = self.count().saturating_add(times).min(COUNT_MAX);
        Self(self.key() << COUNT_BITS | u64::from(count))
    }
}

/// What a fact can be about: 32 bits that sort as the value does.
pub(crate) trait Value: Copy + Ord {
    fn pack(self) -> u32;
    /// `None` for bits that are no such value.
    fn unpack(packed: u32) -> Option<Self>;
}

impl Value for Id {
    fn pack(self) -> u32 {
        self
    }
    fn unpack(packed: u32) -> Option<Self> {
        Some(packed)
    }
}

impl Value for Sex {
    fn pack(self) -> u32 {
        u32::from(self == Self::Male)
    }
    fn unpack(packed: u32) -> Option<Self> {
        Some(if packed == 0 { Self::Female } else { Self::Male })
    }
}

impl Value for Country {
    fn pack(self) -> u32 {
        pack_text(self.as_str())
    }
    fn unpack(packed: u32) -> Option<Self> {
        let [_, code @ ..] = packed.to_be_bytes();
        Self::parse(std::str::from_utf8(&code).ok()?).ok()
    }
}

impl Value for RegionCode {
    fn pack(self) -> u32 {
        pack_text(self.as_str())
    }
    fn unpack(packed: u32) -> Option<Self> {
        let [_, _, code @ ..] = packed.to_be_bytes();
        Self::parse(std::str::from_utf8(&code).ok()?).ok()
    }
}

/// Up to four characters; codes of one length sort as their text.
fn pack_text(code: &str) -> u32 {
    code.bytes().fold(0, |packed, byte| packed << 8 | u32::from(byte))
}

impl Value for BirthKey {
    fn pack(self) -> u32 {
        let part = |part: Option<i8>| u32::from(part.unwrap_or(0).unsigned_abs());
        // years from the least one on, so that those before our era sort first
        let year = i32::from(self.date.year()) - i32::from(i16::MIN);
        let date = (year.cast_unsigned() << 4 | part(self.date.month())) << 5 | part(self.date.day());
        date << 1 | u32::from(self.as_one)
    }
    fn unpack(packed: u32) -> Option<Self> {
        let part = |shift: u32, mask: u32| i8::try_from(packed >> shift & mask).ok().filter(|part| *part > 0);
        let year = (packed >> 10).cast_signed() + i32::from(i16::MIN);
        Some(Self {
            date: PartialDate::new(i16::try_from(year).ok()?, part(6, 15), part(1, 31)).ok()?,
            as_one: packed & 1 > 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn birth() -> impl Strategy<Value = BirthKey> {
        let parts = prop::option::of((1..=12_i8, prop::option::of(1..=28_i8)));
        (-9999..=9999_i16, parts, any::<bool>()).prop_map(|(year, parts, as_one)| {
            let (month, day) = (parts.map(|(month, _)| month), parts.and_then(|(_, day)| day));
            BirthKey {
                date: PartialDate::new(year, month, day).unwrap(),
                as_one,
            }
        })
    }

    fn holds<T: Value + std::fmt::Debug>(one: T, other: T) {
        assert_eq!(T::unpack(one.pack()), Some(one));
        assert_eq!(one.pack().cmp(&other.pack()), one.cmp(&other));
    }

    proptest! {
        #[test]
        fn packed_values_sort_as_they_are((one, other) in (birth(), birth())) {
            holds(one, other);
        }
    }

    #[test]
    fn codes_come_back() {
        holds(Country::constant(b"TJK"), Country::constant(b"UZB"));
        holds(RegionCode::constant(b"05"), RegionCode::constant(b"77"));
        holds(Sex::Female, Sex::Male);
        let fact = Fact::new(What::Citizenship, Country::constant(b"TJK")).said_again(COUNT_MAX);
        assert_eq!((fact.what(), fact.count()), (What::Citizenship.code(), COUNT_MAX));
    }
}
