//! Order and isolation: what one person asks is done in the order in which it came, and nobody waits for somebody else.
//!
//! A lane is one person's bounded queue with a task of its own that ends when the queue is empty. Nothing ever waits for
//! a full lane: the caller is told and says so.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::chat::Identity;

/// How much of one person's work may wait.
pub const LANE_LENGTH: usize = 32;

/// One piece of work.
pub type Work = BoxFuture<'static, ()>;

/// The person has [`LANE_LENGTH`] pieces of work waiting already; this one was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// All lanes. Cheap to clone: clones share the lanes.
#[derive(Clone)]
pub struct Lanes {
    queues: Arc<Mutex<HashMap<Identity, VecDeque<Work>>>>,
    at_once: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Lanes {
    /// Lanes of which at most `at_once` work at the same time.
    pub fn new(at_once: usize) -> Self {
        Self {
            queues: Arc::default(),
            at_once: Arc::new(Semaphore::new(at_once)),
            tasks: TaskTracker::new(),
        }
    }

    /// Puts work at the end of a person's lane.
    pub fn put(&self, who: Identity, work: Work) -> Result<(), Full> {
        let mut lanes = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = lanes.get_mut(&who) {
            if waiting.len() >= LANE_LENGTH {
                return Err(Full);
            }
            waiting.push_back(work);
            return Ok(());
        }
        lanes.insert(who, VecDeque::from([work]));
        drop(lanes);
        self.tasks.spawn(self.clone().drain(who));
        Ok(())
    }

    /// Waits until everything that was put in is done. Work put in meanwhile is waited for too.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    async fn drain(self, who: Identity) {
        loop {
            let next = {
                let mut lanes = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(work) = lanes.get_mut(&who).and_then(VecDeque::pop_front) else {
                    lanes.remove(&who);
                    return;
                };
                work
            };
            // A turn is taken per piece of work, so that a long lane does not keep others from starting.
            let _turn = self.at_once.acquire().await;
            // In a task of its own: a panic ends this piece of work, not the lane.
            if let Err(panic) = tokio::spawn(next).await {
                tracing::error!(%who, %panic, "work on an event panicked");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::Messenger;
    use tokio::sync::Notify;

    fn person(user: i64) -> Identity {
        Identity {
            messenger: Messenger::Telegram,
            user,
        }
    }

    #[tokio::test]
    async fn one_persons_work_is_done_in_order() {
        let lanes = Lanes::new(4);
        let done = Arc::new(Mutex::new(Vec::new()));
        for index in 0..LANE_LENGTH {
            let done = done.clone();
            lanes
                .put(
                    person(1),
                    Box::pin(async move {
                        tokio::task::yield_now().await;
                        done.lock().unwrap().push(index);
                    }),
                )
                .unwrap();
        }
        lanes.finish().await;
        assert_eq!(*done.lock().unwrap(), (0..LANE_LENGTH).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn nobody_waits_for_somebody_elses_slow_work_or_flood() {
        let lanes = Lanes::new(4);
        let gate = Arc::new(Notify::new());
        let waiting = gate.clone();
        lanes
            .put(person(1), Box::pin(async move { waiting.notified().await }))
            .unwrap();
        tokio::task::yield_now().await;
        while lanes.put(person(1), Box::pin(async {})).is_ok() {}
        let (tell, told) = tokio::sync::oneshot::channel();
        lanes
            .put(person(2), Box::pin(async move { tell.send(()).unwrap() }))
            .unwrap();
        told.await.unwrap();
        gate.notify_one();
        lanes.finish().await;
    }

    #[tokio::test]
    async fn a_panic_ends_one_piece_of_work() {
        let lanes = Lanes::new(1);
        let (tell, told) = tokio::sync::oneshot::channel();
        lanes
            .put(person(1), Box::pin(async { panic!("on purpose") }))
            .unwrap();
        lanes
            .put(person(1), Box::pin(async move { tell.send(()).unwrap() }))
            .unwrap();
        told.await.unwrap();
    }
}
