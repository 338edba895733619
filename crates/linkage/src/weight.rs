//! Weight of evidence in bits: log2 of how much likelier it is under "one person" than under "two persons".
//!
//! Invariant: whole hundredths of a bit, so a sum does not depend on the order in which its parts come.

use std::{fmt, iter::Sum, ops};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Hundredths of a bit.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight(i32);

/// Beyond this no evidence is counted: a certainty of one in 2^60 is no longer a statement about records.
const LIMIT_BITS: f64 = 60.0;

impl Weight {
    pub const ZERO: Self = Self(0);

    /// From bits; what is no number counts as no evidence.
    pub fn bits(bits: f64) -> Self {
        if bits.is_nan() {
            return Self::ZERO;
        }
        // bounded just above, so the cast keeps the value
        Self((bits.clamp(-LIMIT_BITS, LIMIT_BITS) * 100.0).round() as i32)
    }

    /// From whole bits, for constants.
    pub const fn whole(bits: i32) -> Self {
        Self(bits * 100)
    }

    pub fn as_bits(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl ops::Add for Weight {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl ops::AddAssign for Weight {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl ops::Sub for Weight {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Weight {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, ops::Add::add)
    }
}

impl fmt::Debug for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+.2}", self.as_bits())
    }
}

impl Serialize for Weight {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_bits())
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self::bits)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_number_is_no_evidence_and_infinity_is_bounded() {
        assert_eq!(Weight::bits(f64::NAN), Weight::ZERO);
        assert_eq!(Weight::bits(f64::INFINITY), Weight::whole(60));
        assert_eq!(Weight::bits(f64::NEG_INFINITY), Weight::whole(-60));
    }

    proptest! {
        #[test]
        fn a_sum_does_not_depend_on_order(
            (as_sent, shuffled) in prop::collection::vec(-20.0_f64..20.0, 0..30)
                .prop_flat_map(|parts| (Just(parts.clone()), Just(parts).prop_shuffle())),
        ) {
            let sum = |parts: Vec<f64>| parts.into_iter().map(Weight::bits).sum::<Weight>();
            prop_assert_eq!(sum(as_sent), sum(shuffled));
        }

        #[test]
        fn written_and_read_back_is_the_same(bits in -70.0_f64..70.0) {
            let weight = Weight::bits(bits);
            let json = serde_json::to_string(&weight).unwrap();
            prop_assert_eq!(serde_json::from_str::<Weight>(&json).unwrap(), weight);
        }
    }
}
