//! The time, as told from outside.

use jiff::Timestamp;

/// Tells the time, cut to the microsecond.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        to_microsecond(Timestamp::now())
    }
}

/// Cuts off what stores do not keep.
pub fn to_microsecond(time: Timestamp) -> Timestamp {
    // A time cut towards zero stays inside the range it came from.
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}
