//! Files that people send in chat. One is read and looked through before anything is drafted; its bytes are kept beside the
//! draft, so that after the confirmation the bot moves it in by itself, on whichever instance, and goes on after a kill.

use std::sync::Arc;
use std::time::Duration;

use super::{BadFile, Existing, File, Manner, Outlook, Problem};
use crate::chat::Event;
use crate::domain::ids::RequestId;
use crate::domain::refusal::Refusal;
use crate::domain::request::import::{Expected, Import};
use crate::domain::request::{Intent, Unfit};
use crate::domain::role::Permission;
use crate::fault::Fault;
use crate::services::House;
use crate::services::access::{Actor, authorise};
use crate::services::approvals::View;
use crate::store::moving::{Job, Run};
use crate::store::requests::Request;
use crate::store::{Stop, Tx};

/// For how long whoever works at a file holds it; after a kill somebody else goes on then.
const LEASE: Duration = Duration::from_secs(30);
/// How often he renews that.
const BEAT: Duration = Duration::from_secs(10);
/// For how long a file rests that could not go on.
const REST: Duration = Duration::from_secs(5);
/// How long after the confirmation it begins: the answer to that is there before the first news of how far it is.
const SOON: Duration = Duration::from_secs(2);
/// How often people are told how far it is: messengers take few edits of a message.
const TELL: Duration = Duration::from_secs(2);
/// How many columns a draft names.
const NAMED: usize = 30;

/// A file that was sent, read and held against who is here.
#[derive(Debug)]
pub struct Looked {
    /// What is to be drafted.
    pub import: Import,
    /// What is wrong with rows, or worth a look, by line.
    pub problems: Vec<Problem>,
    /// What is in the file.
    pub bytes: Vec<u8>,
    /// Whether nothing would come of it.
    pub is_idle: bool,
}

/// How far the file of a request is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    /// How far it got.
    pub run: Run,
    /// Whether it stands still because every change is stopped.
    pub frozen: bool,
}

impl House {
    /// Reads a file that somebody sent and holds it against who is here. Changes nothing.
    pub async fn look_at(
        &self,
        actor: &Actor,
        (name, existing): (String, Existing),
        bytes: Vec<u8>,
    ) -> Result<Result<Looked, BadFile>, Stop> {
        authorise(actor, Permission::Templates)?;
        let unit = self.rules.unit;
        let reading = tokio::task::spawn_blocking(move || (File::read(&bytes, unit), bytes)).await;
        let (file, bytes) = reading.map_err(Fault::from)?;
        let file = match file {
            Ok(file) => Arc::new(file),
            Err(bad) => return Ok(Err(bad)),
        };
        let manner = Manner {
            name,
            existing,
            admins: false,
            person: actor.person,
            actor: actor.identity.to_string(),
            request: None,
        };
        let outlook = self.look_through(&file, &manner, |_| {}).await?;
        let idle = outlook.tally.created == 0 && outlook.tally.updated == 0;
        let is_idle = idle && !self.is_under_way(&file, &manner).await?;
        Ok(Ok(Looked {
            import: described(&file, &manner, &outlook)?,
            problems: outlook.problems,
            bytes,
            is_idle,
        }))
    }

    /// Drafts that a file is moved in, and keeps it beside the draft. An event drafts once.
    pub async fn draft_import(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        event: &Event,
        (import, bytes): (Import, Vec<u8>),
    ) -> Result<View, Stop> {
        if let Some(view) = self.drafted(tx, event).await? {
            return Ok(view);
        }
        let auth = authorise(actor, Permission::Templates)?;
        let view = self.draft(tx, &auth, event, Intent::Import(import)).await?;
        tx.insert_import_file(view.request.id, bytes).await?;
        Ok(view)
    }

    /// Lets the file of a confirmed request be worked at.
    pub(in crate::services) async fn open_import(
        &self,
        tx: &mut Tx,
        request: &Request,
        import: &Import,
    ) -> Result<Result<(), Unfit>, Fault> {
        if !tx.has_import_file(request.id).await? {
            return Ok(Err(Unfit::Changed));
        }
        let begins = self.now().plus(SOON);
        tx.insert_run(request.id, import.steps, begins).await?;
        Ok(Ok(()))
    }

    /// How far the file of a request is; `None` while it is not confirmed.
    pub(in crate::services) async fn moving(
        &self,
        tx: &mut Tx,
        request: RequestId,
    ) -> Result<Option<Moving>, Fault> {
        let Some(run) = tx.import_run(request).await? else {
            return Ok(None);
        };
        let frozen = run.finished_at.is_none() && tx.frozen_by().await?.is_some();
        Ok(Some(Moving { run, frozen }))
    }

    /// Moves the file in that waits longest, as far as it goes while `going`. Says whether there was one.
    pub async fn move_sent(&self, going: impl Fn() -> bool + Send + Sync) -> Result<bool, Stop> {
        let now = self.now();
        let due = self
            .store
            .read(move |tx| Box::pin(async move { Ok(tx.is_run_due(now).await?) }))
            .await?;
        if !due {
            return Ok(false);
        }
        let lease = self.ids.next();
        let claimed = self
            .store
            .write(move |tx| {
                Box::pin(async move { Ok(tx.claim_run(now, lease, now.plus(LEASE)).await?) })
            })
            .await?;
        let Some(request) = claimed else {
            return Ok(false);
        };
        let held = async {
            loop {
                tokio::time::sleep(BEAT).await;
                match self.hold(request, lease, LEASE).await {
                    Ok(true) | Err(Stop::Refusal(_)) => {}
                    Ok(false) => return,
                    // While the database does not answer the work does not go on either.
                    Err(Stop::Fault(fault)) => fault.during("holding a file").log(),
                }
            }
        };
        let ended = tokio::select! {
            ended = self.move_request(request, &going) => ended,
            // Somebody else holds it by now; a chunk that is under way ends by itself.
            () = held => return Ok(true),
        };
        let rest = if ended.is_ok() { Duration::ZERO } else { REST };
        self.hold(request, lease, rest).await?;
        match ended {
            Err(Stop::Refusal(Refusal::Frozen { .. })) => {
                self.tell_frozen(request).await?;
                Ok(true)
            }
            ended => ended.map(|()| true),
        }
    }

    async fn hold(&self, request: RequestId, lease: i64, longer: Duration) -> Result<bool, Stop> {
        let until = self.now().plus(longer);
        self.store
            .write(move |tx| Box::pin(async move { Ok(tx.hold_run(request, lease, until).await?) }))
            .await
    }

    async fn move_request(
        &self,
        id: RequestId,
        going: &(impl Fn() -> bool + Send + Sync),
    ) -> Result<(), Stop> {
        let house = self.clone();
        let (request, bytes) = self
            .store
            .read(move |tx| {
                Box::pin(async move {
                    // Asked here as well: looking through all of it again is for nothing while nothing may change.
                    house.not_frozen(tx, None).await?;
                    Ok((tx.request(id, false).await?, tx.import_file(id).await?))
                })
            })
            .await?;
        let (Some(request), Some(bytes)) = (request, bytes) else {
            return Err(Fault::internal("the file of a request is gone").into());
        };
        let Intent::Import(import) = &request.intent else {
            return Err(Fault::internal("a file belongs to another kind of request").into());
        };
        let unit = self.rules.unit;
        let reading = tokio::task::spawn_blocking(move || File::read(&bytes, unit)).await;
        let file = reading
            .map_err(Fault::from)?
            .map_err(|bad| Fault::internal(format!("a file that was read before is {bad:?}")))?;
        let file = Arc::new(file);
        let existing = Existing::from_name(&import.existing)
            .ok_or_else(|| Fault::internal("a file is to be moved in in an unknown way"))?;
        let manner = Manner {
            name: import.name.clone(),
            existing,
            admins: false,
            person: Some(request.requester),
            actor: request.asked_by.to_string(),
            request: Some(id),
        };
        let outlook = self.look_through(&file, &manner, |_| {}).await?;
        let mut job = self.begin(&file, &manner).await?;
        let mut outlook = outlook.begun();
        while job.finished_at.is_none() {
            if !going() {
                return Ok(());
            }
            (job, outlook) = self.chunk(&file, &manner, job, outlook).await?;
        }
        // Where the same file was moved in by another run as well, that one may have ended it.
        let house = self.clone();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let run = tx.import_run(id).await?;
                    if run.is_some_and(|run| run.finished_at.is_none()) {
                        house.tell_run(tx, id, &job).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Writes how far a request's file got, in the transaction of what got it there, and has its messages show it: from time
    /// to time, and at the end. Then the file itself is let go.
    pub(super) async fn tell_run(
        &self,
        tx: &mut Tx,
        id: RequestId,
        job: &Job,
    ) -> Result<(), Fault> {
        let run = tx.import_run(id).await?;
        let run = run.ok_or_else(|| Fault::internal("a confirmed file vanished"))?;
        let now = self.now();
        let over = job.finished_at.is_some();
        let tells = over || run.told_at.plus(TELL) <= now;
        let told_at = if tells { now } else { run.told_at };
        tx.keep_run(id, job, told_at).await?;
        if over {
            tx.drop_import_file(id).await?;
        }
        if !tells {
            return Ok(());
        }
        let request = tx.request(id, false).await?;
        let request = request.ok_or_else(|| Fault::internal("a request vanished"))?;
        self.notify_cards(tx, &request, &format!("moved:{}", job.done))
            .await?;
        if over && tx.cards(id, now).await?.is_empty() {
            // None of his messages can be edited any more.
            self.notify_requester(tx, &request).await?;
        }
        Ok(())
    }

    /// Has the messages of a request show that its file stands still: once for each place where it does.
    async fn tell_frozen(&self, id: RequestId) -> Result<(), Stop> {
        let house = self.clone();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let (run, request) = (tx.import_run(id).await?, tx.request(id, false).await?);
                    if let (Some(run), Some(request)) = (run, request) {
                        let step = format!("frozen:{}", run.done);
                        house.notify_cards(tx, &request, &step).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}

fn described(file: &File, manner: &Manner, outlook: &Outlook) -> Result<Import, Fault> {
    let count = |count: usize| i64::try_from(count).map_err(|_| Fault::internal("too many rows"));
    let short = |header: &str| header.chars().take(40).collect::<String>();
    let tally = &outlook.tally;
    Ok(Import {
        digest: file.digest.clone(),
        name: manner.name.clone(),
        existing: manner.existing.name().to_owned(),
        rows: count(file.rows())?,
        steps: count(file.steps())?,
        understood: file
            .columns
            .understood()
            .map(|(header, field)| (short(header), field.name().to_owned()))
            .take(NAMED)
            .collect(),
        aside: file.columns.aside().map(short).take(NAMED).collect(),
        expected: Expected {
            created: tally.created,
            updated: tally.updated,
            unchanged: tally.unchanged,
            kept: tally.kept,
            bad: tally.bad,
            opened: tally.opened,
            opening: outlook.opening,
        },
    })
}
