//! Random numbers by key, and the few shapes of chance that a life needs.
//!
//! Invariant: what is drawn depends on seed, number and topic alone, so no person's luck depends on another's.

use rand_pcg::{
    Pcg64Mcg,
    rand_core::{Rng as _, SeedableRng as _},
};

/// What a stream of numbers is for. Adding draws to one topic leaves the others as they were.
#[derive(Clone, Copy, Debug)]
pub enum Topic {
    Relations = 1,
    Person = 2,
    Life = 3,
    Report = 4,
    Employer = 5,
    Host = 6,
    Devices = 7,
    Standing = 8,
}

/// A stream of random numbers.
pub struct Draw(Pcg64Mcg);

/// One round of `SplitMix64` (Steele, Lea, Flood 2014): spreads a key over all bits.
pub(crate) fn mix(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Draw {
    pub fn keyed(seed: u64, number: u64, topic: Topic) -> Self {
        let first = mix(seed ^ mix(number ^ mix(topic as u64)));
        let mut state = [0; 16];
        state[..8].copy_from_slice(&first.to_le_bytes());
        state[8..].copy_from_slice(&mix(first ^ number).to_le_bytes());
        Self(Pcg64Mcg::from_seed(state))
    }

    /// Below `bound`; 0 when the bound is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(bound)) >> 64) as u64
    }

    /// In `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.unit() < probability
    }

    /// Between both ends, which are included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        let width = i64::from(high) - i64::from(low) + 1;
        low + self.below(u64::try_from(width).unwrap_or(1)) as i32
    }

    pub fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// One of `items`, which are never none.
    pub fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        let at = self.index(items.len());
        &items[at]
    }

    pub fn spread(&mut self, spread: &Spread) -> i32 {
        spread.at(self.unit())
    }
}

/// A distribution by its quantiles at 0, 5, 10, 25, 50, 75, 90, 95 and 100 per cent, straight lines between them.
#[derive(Clone, Copy, Debug)]
pub struct Spread(pub [i32; 9]);

const QUANTILES: [f64; 9] = [0.0, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 1.0];

impl Spread {
    /// The same chance for every number from `low` to `high`.
    pub const fn even(low: i32, high: i32) -> Self {
        let w = high - low;
        Self([
            low,
            low + w / 20,
            low + w / 10,
            low + w / 4,
            low + w / 2,
            low + w * 3 / 4,
            low + w * 9 / 10,
            low + w * 19 / 20,
            high,
        ])
    }

    fn at(&self, share: f64) -> i32 {
        let upper = QUANTILES
            .iter()
            .position(|&quantile| share < quantile)
            .unwrap_or(QUANTILES.len() - 1)
            .max(1);
        let (from, to) = (QUANTILES[upper - 1], QUANTILES[upper]);
        let (low, high) = (f64::from(self.0[upper - 1]), f64::from(self.0[upper]));
        (low + (share - from) / (to - from) * (high - low)).round() as i32
    }
}

/// A choice among items of different weight.
#[derive(Clone, Debug)]
pub struct Weighted(Vec<f64>);

impl Weighted {
    pub fn new(weights: impl IntoIterator<Item = f64>) -> Self {
        let mut total = 0.0;
        Self(
            weights
                .into_iter()
                .map(|weight| {
                    total += weight;
                    total
                })
                .collect(),
        )
    }

    /// Frequencies falling with the rank, as names have them (Zipf): the first is the most frequent.
    pub fn by_rank(length: usize, exponent: f64) -> Self {
        Self::new((1..=length).map(|rank| (rank as f64).powf(-exponent)))
    }

    pub fn draw(&self, draw: &mut Draw) -> usize {
        let total = self.0.last().copied().unwrap_or_default();
        let at = draw.unit() * total;
        self.0
            .partition_point(|&below| below <= at)
            .min(self.0.len().saturating_sub(1))
    }

    /// Share of one item.
    pub fn share(&self, index: usize) -> f64 {
        let total = self.0.last().copied().unwrap_or(1.0);
        let before = if index == 0 { 0.0 } else { self.0[index - 1] };
        (self.0[index] - before) / total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_not_share_their_luck() {
        let first = |seed, number, topic| Draw::keyed(seed, number, topic).below(u64::MAX);
        let one = first(1, 1, Topic::Person);
        assert_eq!(one, first(1, 1, Topic::Person));
        for other in [
            first(2, 1, Topic::Person),
            first(1, 2, Topic::Person),
            first(1, 1, Topic::Life),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn quantiles_come_back() {
        let spread = Spread([0, 5, 10, 25, 50, 75, 90, 95, 100]);
        let mut draw = Draw::keyed(1, 2, Topic::Person);
        let mut drawn: Vec<i32> = (0..20_000).map(|_| draw.spread(&spread)).collect();
        drawn.sort_unstable();
        assert!((drawn[10_000] - 50).abs() <= 2 && (drawn[2_000] - 10).abs() <= 2);
        assert!(drawn[0] >= 0 && drawn[19_999] <= 100);
    }

    #[test]
    fn weights_are_kept() {
        let weighted = Weighted::new([1.0, 0.0, 3.0]);
        let mut draw = Draw::keyed(1, 3, Topic::Person);
        let mut counts = [0; 3];
        for _ in 0..10_000 {
            counts[weighted.draw(&mut draw)] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((7_300..7_700).contains(&counts[2]));
        assert!((weighted.share(2) - 0.75).abs() < 1e-9);
    }
}
