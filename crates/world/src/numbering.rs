//! Numbers that look random and are never given twice: permutations of what can be numbered, and check digits.
//!
//! No table of used numbers is kept, so numbers cost no memory however many people there are.

use crate::draw::mix;

/// A permutation of `0..size` by a keyed Feistel network; what falls outside is walked on until it falls inside.
#[derive(Clone, Copy, Debug)]
pub struct Permutation {
    keys: [u64; ROUNDS],
    half_bits: u32,
    size: u64,
}

const ROUNDS: usize = 4;

impl Permutation {
    /// `tag` tells permutations of one seed apart.
    pub fn new(seed: u64, tag: u64, size: u64) -> Self {
        let bits = 64 - size.saturating_sub(1).leading_zeros();
        let base = mix(seed ^ mix(tag));
        let mut keys = [0; ROUNDS];
        for (round, key) in keys.iter_mut().enumerate() {
            *key = mix(base ^ round as u64);
        }
        Self {
            keys,
            half_bits: bits.div_ceil(2).max(1),
            size,
        }
    }

    /// Where `index` goes. Indexes of `size` and more wrap around.
    pub fn at(&self, index: u64) -> u64 {
        let mut at = index % self.size;
        // The network permutes at most four times `size`, so a walk from inside comes back inside, and soon.
        loop {
            at = self.network(at);
            if at < self.size {
                return at;
            }
        }
    }

    fn network(&self, value: u64) -> u64 {
        let mask = (1 << self.half_bits) - 1;
        let (mut left, mut right) = (value >> self.half_bits, value & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right ^ key) & mask));
        }
        left << self.half_bits | right
    }
}

/// A number as digits with leading zeros.
pub fn digits(value: u64, length: usize) -> String {
    format!("{value:0length$}")
}

fn weighted(weights: &[u64], text: &str) -> u64 {
    weights
        .iter()
        .zip(text.bytes())
        .map(|(weight, digit)| weight * u64::from(digit - b'0'))
        .sum()
}

/// Taxpayer number of a person from its first ten digits.
pub fn person_inn(first_ten: &str) -> String {
    let d11 = weighted(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8], first_ten) % 11 % 10;
    let eleven = format!("{first_ten}{d11}");
    let d12 = weighted(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], &eleven) % 11 % 10;
    format!("{eleven}{d12}")
}

/// Taxpayer number of a firm from its first nine digits.
pub fn firm_inn(first_nine: &str) -> String {
    let d10 = weighted(&[2, 4, 10, 3, 5, 9, 4, 6, 8], first_nine) % 11 % 10;
    format!("{first_nine}{d10}")
}

/// State register number of a firm (12 digits before the check) or a sole trader (14).
pub fn register_number(head: &str) -> String {
    let divisor = head.len() as u64 - 1;
    let rest = head
        .bytes()
        .fold(0, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % divisor);
    format!("{head}{}", rest % 10)
}

/// Social insurance number as printed, from its first nine digits.
pub fn snils(first_nine: &str) -> String {
    let check = weighted(&[9, 8, 7, 6, 5, 4, 3, 2, 1], first_nine) % 101 % 100;
    format!(
        "{}-{}-{} {check:02}",
        &first_nine[..3],
        &first_nine[3..6],
        &first_nine[6..9]
    )
}

/// Number of a compulsory medical policy from its first fifteen digits (Luhn).
pub fn policy_number(first_fifteen: &str) -> String {
    let luhn: u64 = first_fifteen
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u64::from(digit - b'0');
            match place % 2 {
                0 if value > 4 => value * 2 - 9,
                0 => value * 2,
                _ => value,
            }
        })
        .sum();
    format!("{first_fifteen}{}", (10 - luhn % 10) % 10)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use records::identifier::{
        FirmInn, Identifier as _, PersonInn, PolicyNumber, RegisterNumber, SocialNumber,
    };

    use super::*;

    proptest! {
        #[test]
        fn no_number_is_given_twice(seed: u64, size in 1_u64..3_000) {
            let permutation = Permutation::new(seed, 7, size);
            let numbers: BTreeSet<u64> = (0..size).map(|index| permutation.at(index)).collect();
            prop_assert_eq!(numbers.len() as u64, size);
            prop_assert!(numbers.iter().all(|&number| number < size));
        }

        #[test]
        fn check_digits_are_right(n in 0_u64..1_000_000_000) {
            prop_assert!(PersonInn::parse(&person_inn(&digits(n, 10))).is_ok());
            prop_assert!(FirmInn::parse(&firm_inn(&digits(n, 9))).is_ok());
            prop_assert!(RegisterNumber::parse(&register_number(&digits(n, 12))).is_ok());
            prop_assert!(RegisterNumber::parse(&register_number(&digits(n, 14))).is_ok());
            prop_assert!(SocialNumber::parse(&snils(&digits(n, 9))).is_ok());
            prop_assert!(PolicyNumber::parse(&policy_number(&digits(n, 15))).is_ok());
        }
    }
}
