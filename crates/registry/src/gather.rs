//! Answers those who ask at the same time together: while one group is being answered, the next one gathers.
//!
//! Nobody waits for a group to fill: who comes alone is answered alone. One task serves, as long as somebody asks.
//! Invariant: whoever asks is answered by work that began after the question was put. An answer says that the work of
//! its whole group was done; if it failed, everybody of the group is told so and has nothing.
//! Invariant: at most `WAITING_MAX` wait; who comes then is told that the store is busy.

use std::{
    collections::VecDeque,
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use async_trait::async_trait;
use tokio::sync::oneshot;

use crate::port::StoreError;

/// Questions that may wait.
const WAITING_MAX: usize = 4_096;
/// Questions that are answered together.
const GROUP_MAX: usize = 256;

/// What can be asked in groups.
#[async_trait]
pub(crate) trait Desk: Send + Sync + 'static {
    type Question: Send + 'static;
    type Answer: Send + 'static;

    /// One answer to each question, in their order.
    async fn answer_all(&self, group: Vec<Self::Question>) -> Result<Vec<Self::Answer>, StoreError>;
}

/// What was answered in groups so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grouped {
    pub groups: u64,
    pub questions: u64,
    /// Time that questions waited before the work of their group began, all together.
    pub waited_us: u64,
    pub failed_groups: u64,
    /// Sent away because too many waited.
    pub refused: u64,
}

#[derive(Default)]
struct Counters {
    groups: AtomicU64,
    questions: AtomicU64,
    waited_us: AtomicU64,
    failed_groups: AtomicU64,
    refused: AtomicU64,
}

struct Asked<D: Desk> {
    question: D::Question,
    reply: oneshot::Sender<Result<D::Answer, StoreError>>,
    since: Instant,
}

struct Waiting<D: Desk> {
    asked: VecDeque<Asked<D>>,
    /// Whether a task takes them.
    is_served: bool,
}

struct Room<D: Desk> {
    desk: D,
    waiting: Mutex<Waiting<D>>,
    counters: Counters,
}

/// A desk at which whoever comes at the same time is answered together.
pub(crate) struct Gather<D: Desk>(Arc<Room<D>>);

impl<D: Desk> Gather<D> {
    pub(crate) fn new(desk: D) -> Self {
        let waiting = Waiting {
            asked: VecDeque::new(),
            is_served: false,
        };
        Self(Arc::new(Room {
            desk,
            waiting: Mutex::new(waiting),
            counters: Counters::default(),
        }))
    }

    pub(crate) async fn ask(&self, question: D::Question) -> Result<D::Answer, StoreError> {
        let (reply, answer) = oneshot::channel();
        let asked = Asked {
            question,
            reply,
            since: Instant::now(),
        };
        if self.0.let_in(asked)? {
            tokio::spawn(serve(Arc::clone(&self.0)));
        }
        // No word at all: whoever served has died, and with it the group's transaction.
        answer.await.unwrap_or(Err(StoreError::Busy))
    }

    pub(crate) fn grouped(&self) -> Grouped {
        let counters = &self.0.counters;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Grouped {
            groups: read(&counters.groups),
            questions: read(&counters.questions),
            waited_us: read(&counters.waited_us),
            failed_groups: read(&counters.failed_groups),
            refused: read(&counters.refused),
        }
    }
}

impl<D: Desk> Room<D> {
    fn waiting(&self) -> MutexGuard<'_, Waiting<D>> {
        // Each change below leaves a sound list, so a panic elsewhere does as well.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers whether a task has to be begun.
    fn let_in(&self, asked: Asked<D>) -> Result<bool, StoreError> {
        let mut waiting = self.waiting();
        if waiting.asked.len() >= WAITING_MAX {
            self.counters.refused.fetch_add(1, Ordering::Relaxed);
            return Err(StoreError::Busy);
        }
        waiting.asked.push_back(asked);
        Ok(!mem::replace(&mut waiting.is_served, true))
    }

    /// The next group; none ends the task that serves.
    fn next_group(&self) -> Vec<Asked<D>> {
        let mut waiting = self.waiting();
        let many = waiting.asked.len().min(GROUP_MAX);
        waiting.is_served = many > 0;
        waiting.asked.drain(..many).collect()
    }

    async fn answer(&self, group: Vec<Asked<D>>) {
        let counters = &self.counters;
        counters.groups.fetch_add(1, Ordering::Relaxed);
        counters
            .questions
            .fetch_add(group.len() as u64, Ordering::Relaxed);
        let (mut questions, mut replies) = (Vec::with_capacity(group.len()), Vec::with_capacity(group.len()));
        for asked in group {
            let waited_us = asked.since.elapsed().as_micros();
            counters
                .waited_us
                .fetch_add(u64::try_from(waited_us).unwrap_or(u64::MAX), Ordering::Relaxed);
            questions.push(asked.question);
            replies.push(asked.reply);
        }
        // A reply that cannot be sent was given up by whoever asked.
        match self.desk.answer_all(questions).await {
            Ok(answers) => replies
                .into_iter()
                .zip(answers)
                .for_each(|(reply, answer)| drop(reply.send(Ok(answer)))),
            Err(error) => {
                counters.failed_groups.fetch_add(1, Ordering::Relaxed);
                for reply in replies {
                    drop(reply.send(Err(error.told_again())));
                }
            }
        }
    }
}

/// Makes room for another task, should this one die.
struct Serving<D: Desk>(Option<Arc<Room<D>>>);

impl<D: Desk> Drop for Serving<D> {
    fn drop(&mut self) {
        if let Some(room) = self.0.take() {
            let mut waiting = room.waiting();
            waiting.is_served = false;
            waiting.asked.clear();
        }
    }
}

async fn serve<D: Desk>(room: Arc<Room<D>>) {
    let mut serving = Serving(Some(Arc::clone(&room)));
    loop {
        // whoever is about to ask comes in with this group
        tokio::task::yield_now().await;
        let group = room.next_group();
        if group.is_empty() {
            serving.0 = None;
            return;
        }
        room.answer(group).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    /// Doubles numbers, one group at a time, when it is let to.
    struct Doubling {
        open: tokio::sync::Semaphore,
        fails: AtomicBool,
    }

    #[async_trait]
    impl Desk for Arc<Doubling> {
        type Question = u32;
        type Answer = u32;
        async fn answer_all(&self, group: Vec<u32>) -> Result<Vec<u32>, StoreError> {
            self.open.acquire().await.unwrap().forget();
            assert!(!group.contains(&13), "an unlucky number");
            if self.fails.load(Ordering::SeqCst) {
                return Err(StoreError::Full);
            }
            Ok(group.into_iter().map(|number| number * 2).collect())
        }
    }

    fn desk() -> (Arc<Doubling>, Arc<Gather<Arc<Doubling>>>) {
        let desk = Arc::new(Doubling {
            open: tokio::sync::Semaphore::new(0),
            fails: AtomicBool::new(false),
        });
        (Arc::clone(&desk), Arc::new(Gather::new(desk)))
    }

    fn ask(
        gather: &Arc<Gather<Arc<Doubling>>>,
        number: u32,
    ) -> tokio::task::JoinHandle<Result<u32, StoreError>> {
        let gather = Arc::clone(gather);
        tokio::spawn(async move { gather.ask(number).await })
    }

    async fn settle() {
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn who_asks_meanwhile_is_answered_together() {
        let (desk, gather) = desk();
        let first = ask(&gather, 1);
        settle().await;
        let others: Vec<_> = (2..10).map(|number| ask(&gather, number)).collect();
        settle().await;
        desk.open.add_permits(2);
        assert_eq!(first.await.unwrap().unwrap(), 2);
        for (number, other) in (2..10).zip(others) {
            assert_eq!(other.await.unwrap().unwrap(), number * 2, "each its own");
        }
        let grouped = gather.grouped();
        assert_eq!((grouped.groups, grouped.questions), (2, 9));
    }

    #[tokio::test]
    async fn a_failure_is_everybodys_of_the_group_and_nobody_elses() {
        let (desk, gather) = desk();
        desk.fails.store(true, Ordering::SeqCst);
        desk.open.add_permits(1);
        let (one, other) = (ask(&gather, 1), ask(&gather, 2));
        for asked in [one, other] {
            assert!(matches!(asked.await.unwrap(), Err(StoreError::Full)));
        }
        desk.fails.store(false, Ordering::SeqCst);
        desk.open.add_permits(1);
        assert_eq!(ask(&gather, 3).await.unwrap().unwrap(), 6);
    }

    #[tokio::test]
    async fn who_gives_up_takes_nobody_along() {
        let (desk, gather) = desk();
        let (impatient, patient) = (ask(&gather, 1), ask(&gather, 2));
        settle().await;
        impatient.abort();
        desk.open.add_permits(2);
        assert_eq!(patient.await.unwrap().unwrap(), 4);
    }

    #[tokio::test]
    async fn a_death_is_told_and_mended() {
        let (desk, gather) = desk();
        desk.open.add_permits(2);
        assert!(matches!(ask(&gather, 13).await.unwrap(), Err(StoreError::Busy)));
        assert_eq!(ask(&gather, 1).await.unwrap().unwrap(), 2);
    }

    #[tokio::test]
    async fn a_full_room_sends_away() {
        let (desk, gather) = desk();
        let first = ask(&gather, 1);
        settle().await;
        let waiting: Vec<_> = (0..WAITING_MAX as u32).map(|_| ask(&gather, 2)).collect();
        settle().await;
        assert!(matches!(gather.ask(3).await, Err(StoreError::Busy)));
        assert_eq!(gather.grouped().refused, 1);
        desk.open.add_permits(WAITING_MAX);
        assert_eq!(first.await.unwrap().unwrap(), 2);
        for asked in waiting {
            assert_eq!(asked.await.unwrap().unwrap(), 4);
        }
    }
}
