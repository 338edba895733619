//! What writers take turns at: advisory locks that end with the transaction.
//!
//! * A transaction that adds to what is known has [`Turn::Known`] for itself from before it reads the clock until its
//!   commit; every other that may write shares it. So additions are committed in the order of their known times, and
//!   whoever answers as of now, under a trace, has none beside it that could commit something known earlier.
//! * [`Turn::Trace`] is taken when the head of the chain is read, which use cases do last.
//! * [`Turn::Events`] is taken when events get their numbers, and kept until the commit, so numbers show up in their order
//!   and without gaps. It comes late, because whoever waits for it waits for the disk of the one before; but ahead of
//!   the trace, as all that a use case does is written before the trace of it.
//! * The others keep apart who reads a number in order to act on it: versions and links of records, numbers of cases and
//!   rulings, failed attempts, the codes of a profile.
//!
//! What a look promises takes no turn: promises lie beside each other, and the highest counts.
//!
//! Invariant: turns are taken in the order in which they are listed, so that nobody waits in a circle; who does
//! nevertheless is told `Busy`. Readers take none.

use records::key::ProfileId;

/// Leading half of our keys, so that another program on the same server does not meet them.
const OURS: i32 = 0x534a_524e;
/// As [`OURS`], for turns of which each profile has one.
const OF_PROFILE: i32 = 0x534a_5250;

#[derive(Clone, Copy, Debug)]
pub(super) enum Turn {
    /// To add to what is known.
    Known,
    /// To look which records, links, lines, counts, cases and rulings there are, and to add to them.
    Rows,
    /// To count failed attempts, and to add one.
    Attempts,
    /// To count the codes in force of a profile, and to add one.
    Codes(ProfileId),
    /// To read the last number of an event, and to add those that follow.
    Events,
    /// To read the head of the trace, and to add the entry that follows.
    Trace,
}

impl Turn {
    /// Both halves of the lock's key.
    pub(super) fn key(self) -> (i32, i32) {
        match self {
            Self::Known => (OURS, 1),
            Self::Rows => (OURS, 2),
            Self::Attempts => (OURS, 3),
            Self::Trace => (OURS, 4),
            Self::Events => (OURS, 5),
            Self::Codes(profile) => {
                // profiles that begin alike wait for each other, which harms nobody
                let [a, b, c, d, ..] = *profile.as_bytes();
                (OF_PROFILE, i32::from_be_bytes([a, b, c, d]))
            }
        }
    }
}
