//! Updates in: stored first, confirmed then, handled last. A kill at any moment loses none, and the desk, which knows
//! events by their id, does none of them twice.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::Value;
use teloxide::payloads::{GetUpdates, GetUpdatesSetters as _};
use teloxide::types::AllowedUpdate;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::answer::{Answered, Answerer, Exchange};
use super::inbound::{self, Me, Read};
use super::wire::{CALL, Failure};
use crate::chat::Identity;
use crate::clock::{Clock, Millis};
use crate::fault::{Fault, FaultKind};
use crate::pipeline::Desk;
use crate::pipeline::lanes::{Full, Lanes};
use crate::store::events::Update;
use crate::store::{Stop, Store};

/// How long Telegram holds an empty poll.
const POLL: Duration = Duration::from_secs(15);
/// How often somebody is told that he is too fast.
const TOO_FAST: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How long recovered work waits for a full lane before it looks again.
const LANE_PAUSE: Duration = Duration::from_millis(50);

/// Takes updates in. Cheap to clone.
#[derive(Clone)]
pub(super) struct Intake {
    pub(super) me: Arc<Me>,
    pub(super) desk: Arc<dyn Desk>,
    pub(super) store: Store,
    pub(super) lanes: Lanes,
    pub(super) clock: Clock,
    pub(super) answerer: Answerer,
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
    pub(super) ledger: Arc<Ledger>,
}

/// What this process remembers of updates between storing and finishing them.
#[derive(Default)]
pub(super) struct Ledger {
    /// Being handled here.
    in_hand: Mutex<HashSet<i64>>,
    /// Stored perhaps: the database did not say.
    doubtful: Mutex<HashSet<i64>>,
    /// When somebody was last told that he is too fast.
    warned: Mutex<HashMap<Identity, Millis>>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Intake {
    /// Stores updates and begins to handle those that are new. After `Ok` they may be confirmed; after `Err` none of
    /// them may.
    pub(super) async fn take(&self, updates: Vec<Value>) -> Result<(), Fault> {
        let mut rows = Vec::with_capacity(updates.len());
        for update in updates {
            let Some(update_id) = inbound::update_id(&update) else {
                tracing::error!("an update without a number was left out");
                continue;
            };
            rows.push(Update {
                update_id,
                raw: update.to_string(),
            });
        }
        if rows.is_empty() {
            return Ok(());
        }
        // Before they are stored: whoever pressed is told in time that he was heard, even where storing takes long.
        let mut begun: HashMap<i64, Arc<Exchange>> = rows
            .iter()
            .filter_map(|row| Some((row.update_id, self.begin(row)?)))
            .collect();
        let fresh = match self.store.inbox_put(rows.clone(), self.clock.now()).await {
            Ok(fresh) => fresh,
            Err(stop) => {
                lock(&self.ledger.doubtful).extend(rows.iter().map(|row| row.update_id));
                return Err(fault(stop));
            }
        };
        let lost = self.stored_in_doubt(&rows, &fresh).await?;
        let mut new = fresh;
        new.extend(lost);
        new.sort_by_key(|update| update.update_id);
        for Update { update_id, .. } in new {
            let exchange = begun.remove(&update_id);
            if let Err((update_id, exchange)) = self.handle(update_id, exchange) {
                self.too_fast(update_id, exchange);
            }
        }
        Ok(())
    }

    /// Handles what an earlier process left unfinished, in its order and whatever the lanes hold.
    pub(super) async fn recover(&self) {
        let mut pause = FIRST_PAUSE;
        let unfinished = loop {
            match self.store.inbox_unfinished().await {
                Ok(unfinished) => break unfinished,
                Err(stop) => fault(stop).log(),
            }
            if !self.rest(pause).await {
                return;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        };
        for update in unfinished {
            while let Err(_full) = self.handle(update.update_id, self.begin(&update)) {
                if !self.rest(LANE_PAUSE).await {
                    return;
                }
            }
        }
    }

    /// Polls until the bot stops. Fails only where no later poll can succeed.
    pub(super) async fn poll(&self) -> Result<(), Fault> {
        let mut offset = None;
        let mut pause = FIRST_PAUSE;
        let mut told = false;
        loop {
            let request = updates_after(offset);
            let patience = POLL + CALL;
            let answer = tokio::select! {
                answer = self.answerer.wire.call_within::<_, Vec<Value>>(&request, patience) => answer,
                () = self.stop.cancelled() => return Ok(()),
            };
            let wait = match answer {
                Ok(batch) => {
                    if told {
                        tracing::info!("Telegram gives updates again");
                    }
                    told = false;
                    pause = FIRST_PAUSE;
                    // Numbers start anew after a quiet week: what is confirmed need not be named again.
                    offset = batch
                        .iter()
                        .filter_map(inbound::update_id)
                        .max()
                        .map(|last| last + 1);
                    if !self.take_at_last(batch).await {
                        return Ok(());
                    }
                    continue;
                }
                Err(Failure::Unauthorised) => return Err(Failure::Unauthorised.into()),
                Err(Failure::TooMany(after)) => after,
                Err(failure) => {
                    if !told {
                        match &failure {
                            Failure::Conflict(why) => {
                                tracing::error!(%why, "somebody else takes this bot's updates");
                            }
                            failure => tracing::warn!(%failure, "Telegram gives no updates"),
                        }
                    }
                    told = true;
                    let wait = pause;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    wait
                }
            };
            if !self.rest(wait).await {
                return Ok(());
            }
        }
    }

    /// Takes a batch however long the database is away; meanwhile nothing is confirmed. `false` when the bot stops.
    async fn take_at_last(&self, batch: Vec<Value>) -> bool {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.take(batch.clone()).await {
                Ok(()) => return true,
                Err(fault) => fault.log(),
            }
            if !self.rest(pause).await {
                return false;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Updates that an earlier try stored without our learning of it: they are not new to the database, but to us.
    async fn stored_in_doubt(
        &self,
        rows: &[Update],
        fresh: &[Update],
    ) -> Result<Vec<Update>, Fault> {
        let doubtful: HashSet<i64> = {
            let mut all = lock(&self.ledger.doubtful);
            for update in fresh {
                all.remove(&update.update_id);
            }
            let ids = rows.iter().map(|row| row.update_id);
            ids.filter(|id| all.contains(id)).collect()
        };
        if doubtful.is_empty() {
            return Ok(Vec::new());
        }
        let mut unfinished = self.store.inbox_unfinished().await.map_err(fault)?;
        let in_hand = lock(&self.ledger.in_hand);
        unfinished.retain(|update| {
            doubtful.contains(&update.update_id) && !in_hand.contains(&update.update_id)
        });
        drop(in_hand);
        lock(&self.ledger.doubtful).retain(|id| !doubtful.contains(id));
        Ok(unfinished)
    }

    /// Reads an update and starts the time within which it is acknowledged, for as long as the exchange is kept. `None`
    /// where there is nothing to do.
    fn begin(&self, update: &Update) -> Option<Arc<Exchange>> {
        let update_id = update.update_id;
        let now = self.clock.now();
        let read = std::panic::catch_unwind(AssertUnwindSafe(|| {
            inbound::read(&update.raw, &self.me, now)
        }));
        match read {
            Ok(Read::Ours(incoming)) => Some(self.answerer.begin(*incoming)),
            Ok(Read::Nothing) => None,
            Ok(Read::Unreadable(why)) => {
                tracing::warn!(update_id, why, "an update cannot be read");
                None
            }
            Err(_) => {
                tracing::error!(update_id, "reading an update panicked");
                None
            }
        }
    }

    /// Puts an update into its person's lane, or finishes it where there is nothing to do. Gives it back when the lane
    /// is full.
    fn handle(
        &self,
        update_id: i64,
        exchange: Option<Arc<Exchange>>,
    ) -> Result<(), (i64, Arc<Exchange>)> {
        let Some(exchange) = exchange else {
            self.finish(update_id);
            return Ok(());
        };
        let who = exchange.incoming.event.from.identity;
        let work = self.work(update_id, Arc::clone(&exchange));
        // Before it may be done, and be taken out again.
        lock(&self.ledger.in_hand).insert(update_id);
        self.lanes.put(who, work).map_err(|Full| {
            lock(&self.ledger.in_hand).remove(&update_id);
            (update_id, exchange)
        })
    }

    fn work(&self, update_id: i64, exchange: Arc<Exchange>) -> BoxFuture<'static, ()> {
        let intake = self.clone();
        let tracked = self.tasks.token();
        Box::pin(async move {
            let _tracked = tracked;
            // Not begun: the next start takes it up.
            if intake.stop.is_cancelled() {
                return;
            }
            let event = exchange.incoming.event.clone();
            let reply = AssertUnwindSafe(async { intake.desk.handle(event).await })
                .catch_unwind()
                .await;
            let answered = if let Ok(reply) = reply {
                intake.answerer.send(&exchange, &reply).await
            } else {
                tracing::error!(update_id, "handling an update panicked");
                intake.answerer.acknowledge(&exchange).await;
                Answered::Done
            };
            if answered == Answered::Done {
                intake.finish(update_id);
            }
        })
    }

    /// Tells a person whose lane is full, now and then, outside his lane. The update is done with.
    fn too_fast(&self, update_id: i64, exchange: Arc<Exchange>) {
        let who = exchange.incoming.event.from.identity;
        let now = self.clock.now();
        let tell = {
            let mut warned = lock(&self.ledger.warned);
            warned.retain(|_, at| now.since(*at) < TOO_FAST);
            let first = !warned.contains_key(&who);
            if first {
                warned.insert(who, now);
            }
            first
        };
        tracing::info!(%who, update_id, "a lane is full");
        let intake = self.clone();
        self.tasks.spawn(async move {
            if tell {
                let reply = intake.desk.too_fast(&exchange.incoming.event);
                intake.answerer.send(&exchange, &reply).await;
            } else {
                intake.answerer.acknowledge(&exchange).await;
            }
            intake.finish(update_id);
        });
    }

    /// Marks an update as finished, however long the database is away: nobody waits for it.
    fn finish(&self, update_id: i64) {
        let intake = self.clone();
        self.tasks.spawn(async move {
            let mut pause = FIRST_PAUSE;
            loop {
                let now = intake.clock.now();
                let Err(stop) = intake.store.inbox_finish(update_id, now).await else {
                    break;
                };
                let fault = fault(stop);
                fault.log();
                let passes = matches!(fault.kind(), FaultKind::Database | FaultKind::Timeout);
                if !passes || !intake.rest(pause).await {
                    break;
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            lock(&intake.ledger.in_hand).remove(&update_id);
        });
    }

    /// `false` when the bot stops meanwhile.
    async fn rest(&self, time: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(time) => true,
            () = self.stop.cancelled() => false,
        }
    }
}

fn updates_after(offset: Option<i64>) -> GetUpdates {
    let mut request = GetUpdates::new()
        .timeout(u32::try_from(POLL.as_secs()).unwrap_or(0))
        .allowed_updates([
            AllowedUpdate::Message,
            AllowedUpdate::EditedMessage,
            AllowedUpdate::CallbackQuery,
        ]);
    request.offset = offset.and_then(|offset| i32::try_from(offset).ok());
    request
}

fn fault(stop: Stop) -> Fault {
    match stop {
        Stop::Fault(fault) => fault,
        Stop::Refusal(refusal) => Fault::internal(format!("the inbox refused: {refusal:?}")),
    }
}
