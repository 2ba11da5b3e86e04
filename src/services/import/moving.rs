//! One chunk of a file, in one transaction: clients, what they bring along, the audit log, and how far the file got.

use std::collections::{BTreeSet, HashMap};

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::columns::Field;
use super::judging::{Ties, Verdict};
use super::order::{File, Named, Step};
use super::rows::{Problem, Row, Why};
use super::{CHUNK, Manner, Outlook};
use crate::clock::{Ids, Millis};
use crate::domain::client::{Class, Status};
use crate::domain::credits::Amount;
use crate::domain::ids::{AccountId, ClientId, PostingId};
use crate::domain::posting::house_account;
use crate::domain::request::hex;
use crate::fault::Fault;
use crate::services::House;
use crate::services::accounts::sign_ups;
use crate::store::clients::NewClient;
use crate::store::moving::{Job, Moved, Opening, Poster, Present, Tally};
use crate::store::requests::AuditRow;
use crate::store::{Stop, Tx};

/// What a chunk is going to write.
#[derive(Default)]
struct Batch {
    moved: Vec<Moved>,
    changes: Vec<(Present, Present)>,
    openings: Vec<Opening>,
    lines: Vec<AuditRow<'static>>,
}

impl House {
    /// Moves the next chunk of a job in. Where another run went on meanwhile, says only how far it got.
    pub(super) async fn move_chunk(
        &self,
        tx: &mut Tx,
        file: &File,
        manner: &Manner,
        expected: Job,
        mut outlook: Outlook,
    ) -> Result<(Job, Outlook), Stop> {
        self.not_frozen(tx, None).await?;
        // Whose clients are whose stays as it is judged here.
        tx.lock_tree(false).await?;
        let job = tx.lock_import_job(&expected.digest).await?;
        let mut job = job.ok_or_else(|| Fault::internal("a job vanished"))?;
        if job.done != expected.done || job.finished_at.is_some() {
            // Who the other run created is found out by their rows once more.
            let begin = usize::try_from(expected.done).unwrap_or_default();
            let end = usize::try_from(job.done).unwrap_or_default().max(begin);
            self.judge(tx, file, manner, begin..end, &mut outlook)
                .await?;
            return Ok((job, outlook));
        }
        outlook.tally = Tally::default();
        outlook.matched.clear();
        let begin = usize::try_from(job.done).unwrap_or_default();
        let end = file.steps().min(begin + CHUNK);
        let verdicts = self
            .judge(tx, file, manner, begin..end, &mut outlook)
            .await?;
        let mut batch = Batch::default();
        let mut created: HashMap<usize, ClientId> = HashMap::new();
        let now = self.now();
        for (at, verdict) in verdicts {
            match verdict {
                Verdict::Nothing => {}
                Verdict::New(ties) => {
                    let ties = resolved(ties, &created, &outlook)?;
                    let client = self.create(file, manner, (at, ties), now, &mut batch);
                    created.insert(at, client);
                    if let Some(settled) = outlook.settled.get_mut(&at) {
                        settled.id = Some(client);
                    }
                }
                Verdict::Change(change, brings) => {
                    let (before, mut after) = *change;
                    // The referral may be one whom this chunk creates.
                    if let Named::Row(other) = file.referrals[at]
                        && let Some(id) = created.get(&other)
                    {
                        after.referral_id = Some(*id);
                    }
                    if after.referral_id != before.referral_id
                        && let Some(referral) = after.referral_id
                        && tx.is_referred_by(referral, before.id).await?
                    {
                        after.referral_id = before.referral_id;
                        outlook.problems.push(circle(&file.rows[at]));
                    }
                    self.rewrite(
                        file,
                        manner,
                        (&file.rows[at], brings),
                        (before, after),
                        &mut batch,
                    );
                }
            }
        }
        tx.insert_clients(&batch.moved).await?;
        for (before, after) in &batch.changes {
            tx.rewrite_client(before, after).await?;
        }
        for step in &file.steps[begin..end] {
            if let Step::Referral(at) = step {
                self.refer(tx, (file, manner), *at, &mut outlook, &mut batch)
                    .await?;
            }
        }
        tx.audit_many(&batch.lines).await?;
        job.done = i64::try_from(end).unwrap_or(job.steps);
        job.tally.add(&outlook.tally);
        if job.done == job.steps {
            job.finished_at = Some(now);
            self.tell(tx, "import.finished", &job).await?;
            self.notify_pending(tx, &job).await?;
        }
        tx.keep_import_job(&job).await?;
        if let Some(request) = manner.request {
            self.tell_run(tx, request, &job).await?;
        }
        // Last, because whoever posts from the same account of the house waits from here on.
        let poster = Poster {
            house: house_account(self.random.number().cast_signed()),
            person: manner.person,
            at: now,
        };
        tx.post_openings(&batch.openings, poster).await?;
        Ok((job, outlook))
    }

    fn create(
        &self,
        file: &File,
        manner: &Manner,
        (at, ties): (usize, Ties),
        now: Millis,
        batch: &mut Batch,
    ) -> ClientId {
        let row = &file.rows[at];
        let id = ClientId(self.ids.next());
        let client = NewClient {
            id,
            username: row.username.clone(),
            name: if row.name.is_empty() {
                row.username.clone()
            } else {
                row.name.clone()
            },
            email: row.email.clone(),
            phone: row.phone.clone(),
            class: row.class.unwrap_or(Class::User),
            status: row.status.unwrap_or(Status::Active),
            manager: ties.manager,
            reseller: ties.reseller,
            referral: ties.referral,
            price: row.price,
            resale_price: None,
            created_at: row.created.unwrap_or(now),
        };
        if let Some(amount) = row.balance {
            let account = AccountId(id.0);
            batch
                .openings
                .push(self.opening(file, row, (id, account, true), amount));
        }
        batch.moved.push(Moved {
            client,
            old_id: (!row.old_id.is_empty()).then(|| row.old_id.clone()),
            brings: row.balance,
        });
        let opening = row.balance.map(Amount::smallest);
        let detail = json!({ "line": row.line, "opening": opening });
        batch
            .lines
            .push(self.line(manner, file, "client.imported", id, detail));
        id
    }

    fn rewrite(
        &self,
        file: &File,
        manner: &Manner,
        (row, brings): (&Row, Option<Amount>),
        (before, after): (Present, Present),
        batch: &mut Batch,
    ) {
        if let Some(amount) = brings {
            let account = (before.id, before.account_id, false);
            batch
                .openings
                .push(self.opening(file, row, account, amount));
        }
        let changed = [
            (before.old_id != after.old_id, Field::OldId),
            (before.username != after.username, Field::Username),
            (before.name != after.name, Field::Name),
            (before.email != after.email, Field::Email),
            (before.phone != after.phone, Field::Phone),
            (before.status != after.status, Field::Status),
            (before.manager_id != after.manager_id, Field::Manager),
            (before.referral_id != after.referral_id, Field::Referral),
            (before.price != after.price, Field::Price),
        ];
        let changed: Vec<&str> = changed
            .iter()
            .filter(|(changed, _)| *changed)
            .map(|(_, field)| field.name())
            .collect();
        let opening = brings.map(Amount::smallest);
        let detail = json!({ "line": row.line, "changed": changed, "opening": opening });
        batch
            .lines
            .push(self.line(manner, file, "client.updated", before.id, detail));
        batch.changes.push((before, after));
    }

    /// Gives the client of a row its referral, whose row came later.
    async fn refer(
        &self,
        tx: &mut Tx,
        (file, manner): (&File, &Manner),
        at: usize,
        outlook: &mut Outlook,
        batch: &mut Batch,
    ) -> Result<(), Fault> {
        let Named::Row(other) = file.referrals[at] else {
            return Ok(());
        };
        let id = |at: usize| outlook.settled.get(&at).and_then(|settled| settled.id);
        let Some(client) = id(at) else {
            return Ok(());
        };
        let row = &file.rows[at];
        let Some(referral) = id(other) else {
            let why = Why::BadAbove(file.rows[other].line);
            outlook.problems.push(Problem { why, ..circle(row) });
            return Ok(());
        };
        let before = tx.client_present(client).await?;
        let before = before.ok_or_else(|| Fault::internal("a client vanished"))?;
        let kept = outlook.settled.get(&at).is_some_and(|settled| settled.kept);
        // Whoever this very file created before it was cut off is here, and yet no client who was here before.
        if before.referral_id == Some(referral)
            || (kept
                && !tx
                    .was_done(
                        "client.imported",
                        &subject(client),
                        &format!("%{}%", event(manner, file)),
                    )
                    .await?)
        {
            return Ok(());
        }
        if tx.is_referred_by(referral, client).await? {
            outlook.problems.push(circle(row));
            return Ok(());
        }
        let after = Present {
            referral_id: Some(referral),
            ..before.clone()
        };
        tx.rewrite_client(&before, &after).await?;
        let detail = json!({ "line": row.line, "changed": [Field::Referral.name()] });
        batch
            .lines
            .push(self.line(manner, file, "client.updated", client, detail));
        Ok(())
    }

    fn opening(
        &self,
        file: &File,
        row: &Row,
        (client, account, fresh): (ClientId, AccountId, bool),
        amount: Amount,
    ) -> Opening {
        let key = if row.old_id.is_empty() {
            format!("opening:name:{}", row.username)
        } else {
            format!("opening:id:{}", row.old_id)
        };
        let digest = Sha256::digest(format!("{key} {amount} {}", file.digest));
        Opening {
            client,
            account,
            fresh,
            id: PostingId(self.ids.next()),
            key,
            digest: hex(&digest),
            amount,
        }
    }

    fn line(
        &self,
        manner: &Manner,
        file: &File,
        action: &'static str,
        client: ClientId,
        detail: serde_json::Value,
    ) -> AuditRow<'static> {
        let mut detail = detail;
        detail["import"] = event(manner, file).into();
        AuditRow {
            id: self.ids.next(),
            at: self.now(),
            person: manner.person,
            actor: manner.actor.clone(),
            event: "",
            action,
            subject: subject(client),
            detail,
            about: BTreeSet::new(),
        }
    }

    /// Tells the staff whom of those whom a job brought somebody has to activate.
    async fn notify_pending(&self, tx: &mut Tx, job: &Job) -> Result<(), Fault> {
        if job.tally.created == 0 {
            return Ok(());
        }
        let one_more = i64::try_from(sign_ups::NAMED + 1).unwrap_or(i64::MAX);
        let waiting = tx
            .pending_from(Ids::first_at(job.begun_at), one_more)
            .await?;
        self.notify_sign_ups(tx, waiting, &format!("import:{}", job.digest))
            .await
    }

    /// A line of the audit log about a job as a whole.
    pub(super) async fn tell(&self, tx: &mut Tx, action: &str, job: &Job) -> Result<(), Fault> {
        let tally = &job.tally;
        let detail = json!({
            "file": job.file, "rows": job.steps, "created": tally.created, "updated": tally.updated,
            "unchanged": tally.unchanged, "left": tally.kept, "bad": tally.bad, "opened": tally.opened,
        });
        let subject = format!("import:{}", job.digest);
        let who = (job.person_id, job.actor.clone());
        self.audit(tx, who, "", (action, subject), detail).await
    }
}

/// Ties to clients whom this chunk, or one before it, created.
fn resolved(
    ties: Ties,
    created: &HashMap<usize, ClientId>,
    outlook: &Outlook,
) -> Result<Ties, Fault> {
    let find = |id: Option<ClientId>, row: Option<usize>| match (id, row) {
        (None, Some(row)) => {
            let settled = outlook.settled.get(&row).and_then(|settled| settled.id);
            let id = created.get(&row).copied().or(settled);
            id.map(Some)
                .ok_or_else(|| Fault::internal("a client comes before its reseller"))
        }
        (id, _) => Ok(id),
    };
    Ok(Ties {
        reseller: find(ties.reseller, ties.reseller_row)?,
        referral: find(ties.referral, ties.referral_row)?,
        ..ties
    })
}

fn circle(row: &Row) -> Problem {
    Problem {
        line: row.line,
        field: Some(Field::Referral),
        cell: row.referral.clone(),
        why: Why::Circle,
    }
}

fn subject(client: ClientId) -> String {
    format!("client:{client}")
}

fn event(manner: &Manner, file: &File) -> String {
    format!("import:{}", manner.job(file))
}
