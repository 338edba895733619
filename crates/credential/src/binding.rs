//! Ties an answer to a travel document without naming it.
//!
//! In: issuing state, document number, birth date. Out: 20 bits of a slow hash of them.
//! Invariant: the same document gives the same bits in every credential, so collecting many credentials of one
//! person tells no more than one does. This is why there is no salt: two salts would give 40 bits.
//!
//! A number and a birth date have about 2^43 values, too few for any hash to hide. What hides them is that
//! 20 bits do not hold them: about 2^23 pairs fit each value, and 2^8 numbers when the birth date is known.
//! What binds is that another person's document fits by chance once in 2^20 (three times that, see
//! [`Binding::fits`]).

use std::{collections::BTreeSet, fmt, num::NonZeroU32};

use aws_lc_rs::pbkdf2;
use records::{country::Country, document::DocumentNumber, partial_date::PartialDate};

const BITS: u32 = 20;
const CONTEXT: &[u8] = b"sojourn/binding/1";
/// Slows down whoever tries all documents; some 2 ms a try here.
const ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(9_999);

/// What the verifier compares with the document in the hand. `Debug` hides it: it narrows down a document.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Binding(u32); // invariant: below 2^20

impl Binding {
    /// `born` as far as it is known to the issuer.
    pub fn of(issuer: Country, number: &DocumentNumber, born: &PartialDate) -> Self {
        let document = format!("{issuer}:{}:{born}", number.as_str());
        let mut hash = [0_u8; 4];
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA256,
            ROUNDS,
            CONTEXT,
            document.as_bytes(),
            &mut hash,
        );
        Self(u32::from_be_bytes(hash) >> (u32::BITS - BITS))
    }

    /// Whether the answer can be about the person whom this document names. The issuer may have known less of the
    /// birth date than the document tells.
    pub fn fits(self, issuer: Country, number: &DocumentNumber, born: &PartialDate) -> bool {
        let year = PartialDate::new(born.year(), None, None);
        let month = PartialDate::new(born.year(), born.month(), None);
        let known: BTreeSet<PartialDate> = [Ok(*born), month, year].into_iter().flatten().collect();
        known.iter().any(|known| self == Self::of(issuer, number, known))
    }

    /// Three bytes, four bits of them zero: a byte less than the same as a number.
    pub(crate) fn from_wire(bytes: &[u8]) -> Option<Self> {
        let &[high, middle, low] = bytes else { return None };
        let bits = u32::from_be_bytes([0, high, middle, low]);
        (bits >> BITS == 0).then_some(Self(bits))
    }

    pub(crate) fn to_wire(self) -> Vec<u8> {
        self.0.to_be_bytes()[1..].to_vec()
    }
}

impl fmt::Debug for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Binding(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binding(country: &str, number: &str, born: &str) -> Binding {
        let country = Country::parse(country).unwrap();
        Binding::of(
            country,
            &DocumentNumber::parse(number).unwrap(),
            &PartialDate::parse_iso(born).unwrap(),
        )
    }

    #[test]
    fn the_same_document_fits_however_it_is_typed() {
        let bound = binding("UZB", "AA1234567", "1990-05-01");
        assert_eq!(bound, binding("UZB", "aa 123-4567", "1990-05-01"));
        assert_eq!(
            bound,
            binding("UZB", "АА1234567", "1990-05-01"),
            "Cyrillic letters"
        );
    }

    #[test]
    fn another_state_number_or_birth_date_does_not_fit() {
        let bound = binding("UZB", "AA1234567", "1990-05-01");
        for (country, number, born) in [
            ("TJK", "AA1234567", "1990-05-01"),
            ("UZB", "AA1234568", "1990-05-01"),
            ("UZB", "AA1234567", "1990-05-02"),
            ("UZB", "AA1234567", "1990-05"),
        ] {
            assert_ne!(bound, binding(country, number, born));
        }
    }

    #[test]
    fn a_document_may_tell_more_of_the_birth_date_than_the_issuer_knew() {
        let number = DocumentNumber::parse("AA1234567").unwrap();
        let fits = |known: &str, told: &str| {
            let told = PartialDate::parse_iso(told).unwrap();
            binding("UZB", "AA1234567", known).fits(Country::constant(b"UZB"), &number, &told)
        };
        assert!(fits("1990-05-01", "1990-05-01"));
        assert!(fits("1990-05", "1990-05-01"));
        assert!(fits("1990", "1990-05-01"));
        assert!(!fits("1990-05-01", "1990"), "a year alone would fit too many");
        assert!(!fits("1991", "1990-05-01"));
    }

    #[test]
    fn only_twenty_bits_are_read() {
        assert!(Binding::from_wire(&[0x0f, 0xff, 0xff]).is_some());
        assert!(Binding::from_wire(&[0x10, 0, 0]).is_none());
        assert!(Binding::from_wire(&[0, 0, 0, 0]).is_none());
    }
}
