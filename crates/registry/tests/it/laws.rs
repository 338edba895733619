//! The laws of the suite on many sequences drawn at random.

use std::sync::Arc;

use proptest::prelude::*;
use registry::{
    conformance::{
        laws::{try_sequence, try_taking_back},
        prepared::try_happenings,
    },
    memory::MemoryStore,
};

const STEPS: u32 = 30;
const ROUNDS: u32 = 8;

fn run(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(work);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever is taken in, linked, decided, corrected, merged and parted later: what was answered for a time is
    /// answered for that time again.
    #[test]
    fn past_answers_never_change(seed in any::<u64>()) {
        run(try_sequence(Arc::new(MemoryStore::default()), seed, STEPS));
    }

    /// Whatever happens to a person, a status made ready is told as it would be judged anew.
    #[test]
    fn what_is_ready_is_never_stale(seed in any::<u64>()) {
        run(try_happenings(Arc::new(MemoryStore::default()), seed, STEPS));
    }

    /// A merge or a parting that is taken back leaves links, profile and status as they were.
    #[test]
    fn what_is_taken_back_leaves_no_mark(seed in any::<u64>()) {
        run(try_taking_back(Arc::new(MemoryStore::default()), seed, ROUNDS));
    }
}
