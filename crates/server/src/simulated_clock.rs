//! A clock that begins at another time and runs on from there: for demonstrations and rehearsals.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use registry::port::{Clock, clock::to_microsecond};

pub(crate) struct SimulatedClock {
    start: Timestamp,
    since: Instant,
}

impl SimulatedClock {
    pub(crate) fn starting_at(start: Timestamp) -> Self {
        Self {
            start,
            since: Instant::now(),
        }
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        to_microsecond(self.start.checked_add(passed).unwrap_or(Timestamp::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_where_told_and_never_runs_back() {
        let start: Timestamp = "2025-12-15T06:00:00Z".parse().unwrap();
        let clock = SimulatedClock::starting_at(start);
        let first = clock.now();
        assert!(start <= first && first <= clock.now());
    }
}
