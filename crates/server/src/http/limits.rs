//! Token buckets: how often one address may try to sign in or to check a code.
//!
//! Failures of one account and one code are counted by the registry, whoever tries; this bounds a machine that tries
//! many. A dormitory behind one address shares a bucket, so its bounds are wide.
//! Invariant: at most [`BUCKETS_MAX`] buckets are kept; a full one is as good as none and is dropped.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Addresses remembered at once.
const BUCKETS_MAX: usize = 50_000;
/// An IPv6 customer has a whole /64: its addresses share one bucket.
const IPV6_PREFIX: u128 = !0 << 64;

/// What is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bounded {
    SignIn,
    CodeCheck,
    Statistics,
}

impl Bounded {
    /// Tries that may come at once.
    fn burst(self) -> f64 {
        match self {
            Self::SignIn => 30.0,
            Self::CodeCheck => 60.0,
            Self::Statistics => 120.0,
        }
    }

    /// Tries given back a second.
    fn refill(self) -> f64 {
        match self {
            Self::SignIn => 0.5,
            Self::CodeCheck => 1.0,
            Self::Statistics => 4.0,
        }
    }
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

/// Buckets by what is bounded and by address.
#[derive(Default)]
pub(crate) struct Limits(Mutex<HashMap<(Bounded, IpAddr), Bucket>>);

impl Limits {
    /// Takes one try; `Err` says how long until there is one.
    pub(crate) fn take(&self, bounded: Bounded, from: IpAddr, now: Instant) -> Result<(), Duration> {
        // A panic elsewhere leaves whole buckets behind.
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            buckets.retain(|(kind, _), bucket| level(*kind, *bucket, now) < kind.burst());
        }
        let key = (bounded, customer(from));
        if buckets.len() >= BUCKETS_MAX && !buckets.contains_key(&key) {
            return Err(Duration::from_secs(60));
        }
        let fresh = Bucket {
            tokens: bounded.burst(),
            filled_at: now,
        };
        let bucket = buckets.entry(key).or_insert(fresh);
        let tokens = level(bounded, *bucket, now);
        if tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - tokens) / bounded.refill()));
        }
        *bucket = Bucket {
            tokens: tokens - 1.0,
            filled_at: now,
        };
        Ok(())
    }
}

fn level(bounded: Bounded, bucket: Bucket, now: Instant) -> f64 {
    let waited = now.saturating_duration_since(bucket.filled_at).as_secs_f64();
    (bucket.tokens + waited * bounded.refill()).min(bounded.burst())
}

fn customer(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & IPV6_PREFIX).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spent(limits: &Limits, from: &str, now: Instant) -> usize {
        (0..1_000)
            .take_while(|_| limits.take(Bounded::SignIn, from.parse().unwrap(), now).is_ok())
            .count()
    }

    #[test]
    fn a_burst_is_bounded_and_comes_back_with_time() {
        let (limits, now) = (Limits::default(), Instant::now());
        assert_eq!(spent(&limits, "192.0.2.1", now), 30);
        assert!(
            limits
                .take(Bounded::SignIn, "192.0.2.1".parse().unwrap(), now)
                .is_err()
        );
        assert_eq!(spent(&limits, "192.0.2.1", now + Duration::from_secs(4)), 2);
        assert_eq!(
            spent(&limits, "192.0.2.2", now),
            30,
            "another address has its own"
        );
        assert!(
            limits
                .take(Bounded::CodeCheck, "192.0.2.1".parse().unwrap(), now)
                .is_ok(),
            "another matter too"
        );
    }

    #[test]
    fn one_customer_has_one_bucket() {
        let (limits, now) = (Limits::default(), Instant::now());
        assert_eq!(spent(&limits, "2001:db8::1", now), 30);
        assert_eq!(spent(&limits, "2001:db8::ffff", now), 0);
        assert_eq!(spent(&limits, "::ffff:192.0.2.9", now), 30);
        assert_eq!(
            spent(&limits, "192.0.2.9", now),
            0,
            "the same address written for IPv6"
        );
    }

    #[test]
    fn memory_is_bounded() {
        let (limits, now) = (Limits::default(), Instant::now());
        for n in 0..BUCKETS_MAX as u32 {
            limits.take(Bounded::SignIn, IpAddr::V4(n.into()), now).unwrap();
        }
        assert!(
            limits
                .take(Bounded::SignIn, "203.0.113.7".parse().unwrap(), now)
                .is_err()
        );
        let later = now + Duration::from_secs(10);
        assert!(
            limits
                .take(Bounded::SignIn, "203.0.113.7".parse().unwrap(), later)
                .is_ok(),
            "full ones were dropped"
        );
    }
}
