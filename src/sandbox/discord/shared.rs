//! The one world behind a lock, and the news that it changed: what the skin, the gateway and the driver share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::model::World;
use crate::sandbox::faults::Faults;
use crate::sandbox::record::Record;

/// What the skin, the gateway and the driver share.
#[derive(Debug)]
pub struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<u64>,
    /// What is to go wrong.
    pub faults: Faults,
    /// What the bot called.
    pub record: Record,
    /// Ends every task when it is cancelled.
    pub stop: CancellationToken,
}

impl Shared {
    /// Shares a world.
    pub fn new(world: World) -> Arc<Self> {
        Arc::new(Self {
            world: Mutex::new(world),
            changed: watch::Sender::new(0),
            faults: Faults::default(),
            record: Record::default(),
            stop: CancellationToken::new(),
        })
    }

    /// Looks at the world or changes it, and wakes whoever waits for a change.
    pub fn with<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        let result = work(&mut self.lock());
        self.changed.send_modify(|version| *version += 1);
        result
    }

    /// Looks at the world without waking anybody.
    pub fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.lock())
    }

    /// Tells when the world changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
