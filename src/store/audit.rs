//! The audit: every invariant of the business, looked for in one snapshot. Reads only, and changes nothing it finds.

mod chain;
mod checks;

use std::time::Duration;

use self::checks::{CHECKS, Check};
use super::{Tx, row, rows};
use crate::clock::Millis;
use crate::domain::ids::{ClientId, RequestId, to_base32};
use crate::domain::message::Text;
use crate::domain::request::{Billing, Intent, Payer, Rewording, digest};
use crate::fault::Fault;

/// A breach of an invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// As the domain names it: `L2`.
    pub invariant: &'static str,
    /// What breaks it, in words.
    pub what: String,
}

/// How many breaches of one kind are named before the rest is only mentioned.
const NAMED: usize = 100;

/// How many requests are looked at in one go.
const BATCH: i64 = 1_000;

/// An update that is unfinished for longer was forgotten.
const UNFINISHED: Duration = Duration::from_hours(1);

/// Tables whose rows stay as they are, and whose triggers see to it.
const KEPT: [&str; 8] = [
    "entry",
    "posting",
    "vote",
    "audit_log",
    "audit_chain",
    "credit_note",
    "invoice_line",
    "template",
];

impl Tx {
    /// Every breach of an invariant that holds so far. To be run in [`Store::snapshot`](super::Store::snapshot), so that
    /// all is seen as of one moment. `named_admin`: the configuration names an admin itself.
    pub async fn breaches(&mut self, now: Millis, named_admin: bool) -> Result<Vec<Breach>, Fault> {
        let mut breaches = Vec::new();
        for check in CHECKS {
            breaches.extend(self.check(check).await?);
        }
        breaches.extend(self.missing_triggers().await?);
        breaches.extend(self.altered_requests().await?);
        breaches.extend(self.forgotten_updates(now).await?);
        breaches.extend(self.broken_links().await?);
        breaches.extend(self.unsealed_rows().await?);
        if !named_admin && self.admins_by_code().await?.is_empty() {
            breaches.push(Breach {
                invariant: "P1",
                what: "there is no active admin, by code or by name".to_owned(),
            });
        }
        // By kind (L, A, N...) in the order in which the domain lists them; what one query found stays together.
        breaches.sort_by_key(|breach| {
            let (kind, number) = breach.invariant.split_at(1);
            (
                "LANOHP".find(kind).unwrap_or(usize::MAX),
                number.parse().unwrap_or(u32::MAX),
            )
        });
        Ok(breaches)
    }

    /// What one query of the audit finds, by its number; `None` when there are no more. For whoever holds the queries
    /// themselves to account.
    pub async fn breaches_by(&mut self, number: usize) -> Result<Option<Vec<Breach>>, Fault> {
        match CHECKS.get(number) {
            Some(check) => Ok(Some(self.check(check).await?)),
            None => Ok(None),
        }
    }

    async fn check(&mut self, check: &Check) -> Result<Vec<Breach>, Fault> {
        // One more than is named, to know whether there are more.
        let sql = format!(
            "select cast(subject as bigint), what from ({}) found limit {}",
            check.sql,
            NAMED + 1
        );
        let sql = sqlx::AssertSqlSafe(sql);
        let found = match rows!(self, (i64, String), sql) {
            Ok(found) => found,
            // SQLite gives up on a sum beyond 64 bits, which no sound data has; PostgreSQL's sums have no end.
            Err(error) if error.to_string().contains("integer overflow") => {
                return Ok(vec![Breach {
                    invariant: check.invariant,
                    what: "amounts are so large that they cannot be summed".to_owned(),
                }]);
            }
            Err(error) => return Err(Fault::from(error).during(check.invariant)),
        };
        let mut breaches: Vec<Breach> = found
            .into_iter()
            .map(|(subject, what)| Breach {
                invariant: check.invariant,
                what: if check.noun.is_empty() {
                    what
                } else {
                    format!("{} {} {what}", check.noun, to_base32(subject))
                },
            })
            .collect();
        if breaches.len() > NAMED {
            "and more of these".clone_into(&mut breaches[NAMED].what);
        }
        Ok(breaches)
    }

    /// L6: the triggers that keep the ledger, the votes and the audit log as they are written, word for word: one that
    /// has the name and does nothing is as good as none.
    async fn missing_triggers(&mut self) -> Result<Vec<Breach>, Fault> {
        let (sql, kinds): (_, &[&str]) = match self {
            Self::Sqlite(_) => (
                "select name, sql from sqlite_master where type = 'trigger'",
                &["update", "delete"],
            ),
            Self::Postgres(_) => (
                "select cast(t.tgname as text), pg_get_triggerdef(t.oid, true) || ' ' || p.prosrc
                 from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                 where not t.tgisinternal and t.tgenabled in ('O', 'A')",
                &["update", "delete", "truncate"],
            ),
        };
        let found = rows!(self, (String, String), sql)?;
        let mut breaches = Vec::new();
        for table in KEPT {
            for kind in kinds {
                let name = format!("{table}_no_{kind}");
                let expected = match self {
                    Self::Sqlite(_) => format!(
                        "create trigger {name} before {kind} on {table} begin \
                         select raise(abort, 'rows of {table} are never changed or deleted'); end"
                    ),
                    Self::Postgres(_) => format!(
                        "create trigger {name} before {kind} on {table} for each {} execute function stays() begin \
                         raise exception 'rows of % are never changed or deleted', tg_table_name; end",
                        if *kind == "truncate" {
                            "statement"
                        } else {
                            "row"
                        }
                    ),
                };
                let stands = |(found, text): &(String, String)| {
                    *found == name && words(text).eq(words(&expected))
                };
                if !found.iter().any(stands) {
                    breaches.push(Breach {
                        invariant: "L6",
                        what: format!(
                            "rows of {table} can be changed: the trigger {name} is missing"
                        ),
                    });
                }
            }
        }
        Ok(breaches)
    }

    /// A4: what was shown is what is stored is what was applied.
    async fn altered_requests(&mut self) -> Result<Vec<Breach>, Fault> {
        let mut breaches = Vec::new();
        let mut after = RequestId(i64::MIN);
        loop {
            let sql = "select r.id, r.intent, r.digest, r.kind, r.client_id, r.amount,
                    i.client_id as invoiced_client, i.credits, i.mode, i.total, i.net, i.tax, i.price, i.issuer_id,
                    (select min(coalesce(a.client_id, 0)) from posting p join entry e on e.posting_id = p.id
                        join account a on a.id = e.account_id where p.request_id = r.id and e.amount < 0) as payer,
                    c.role as invited_role, c.client_id as invited_client, t.kind as message, t.language, t.version,
                    t.subject, t.body
                from request r left join invoice i on i.request_id = r.id left join code c on c.request_id = r.id
                left join template t on t.request_id = r.id
                where r.id > $1 order by r.id limit $2";
            let batch = rows!(self, Kept, sql, after, BATCH)?;
            let Some(last) = batch.last() else {
                return Ok(breaches);
            };
            after = last.id;
            for kept in batch {
                if let Some(what) = kept.altered() {
                    breaches.push(Breach {
                        invariant: "A4",
                        what: format!("request {} {what}", kept.id),
                    });
                    if breaches.len() == NAMED {
                        return Ok(breaches);
                    }
                }
            }
        }
    }

    /// O5: updates that were received and never finished.
    async fn forgotten_updates(&mut self, now: Millis) -> Result<Vec<Breach>, Fault> {
        let sql = "select count(*), coalesce(min(update_id), 0) from inbox
            where finished_at is null and received_at < $1";
        let found = row!(self, (i64, i64), sql, now.minus(UNFINISHED))?;
        Ok(found
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, first)| Breach {
                invariant: "O5",
                what: format!("{count} updates are unfinished for over an hour, from {first} on"),
            })
            .collect())
    }
}

/// A request as stored, with the invoice that it led to.
#[derive(sqlx::FromRow)]
struct Kept {
    id: RequestId,
    intent: String,
    digest: String,
    kind: String,
    client_id: Option<ClientId>,
    amount: Option<i64>,
    invoiced_client: Option<ClientId>,
    credits: Option<i64>,
    mode: Option<String>,
    total: Option<i64>,
    net: Option<i64>,
    tax: Option<i64>,
    price: Option<i64>,
    issuer_id: Option<i64>,
    /// Whose account gave the credits; 0: the house's.
    payer: Option<i64>,
    invited_role: Option<String>,
    invited_client: Option<ClientId>,
    message: Option<String>,
    language: Option<String>,
    version: Option<i64>,
    subject: Option<String>,
    body: Option<String>,
}

impl Kept {
    /// In which way it is not what it was.
    fn altered(&self) -> Option<&'static str> {
        if digest(self.id, &self.intent) != self.digest {
            return Some("does not say what it said when it was made");
        }
        let Ok(intent) = serde_json::from_str::<Intent>(&self.intent) else {
            return Some("cannot be read");
        };
        if self.kind != intent.name()
            || self.client_id != intent.client()
            || self.amount != intent.amount().map(i64::from)
        {
            return Some("is filed under something else than it says");
        }
        let add = match intent {
            Intent::AddCredit(add) => add,
            // What these do has no row of its own beside the posting, which has checks of its own.
            Intent::Invoice(ref billing) => return self.other_invoice(billing),
            Intent::Deduct(_)
            | Intent::Reverse(_)
            | Intent::Overdraft(_)
            | Intent::Account(_)
            | Intent::Person(_)
            | Intent::Import(_) => {
                return None;
            }
            Intent::Message(rewording) => return self.other_text(&rewording),
            Intent::Invite { role, client, .. } => {
                let invited = (self.invited_role.as_deref(), self.invited_client);
                return (self.invited_role.is_some() && invited != (Some(role.name()), client))
                    .then_some("has another code than the one that was shown");
            }
        };
        let payer = match add.payer {
            Payer::House => 0,
            Payer::Reseller(reseller) => reseller.0,
        };
        let invoiced = (
            self.invoiced_client,
            self.credits,
            self.mode.as_deref(),
            self.total,
            self.net,
            self.tax,
            self.price,
            self.issuer_id,
        );
        let shown = (
            Some(add.client),
            Some(add.amount.smallest()),
            Some(add.mode.name()),
            Some(add.totals.total.0),
            Some(add.totals.net.0),
            Some(add.totals.tax.0),
            Some(add.totals.price.0),
            Some(payer),
        );
        if self.credits.is_some() && invoiced != shown {
            return Some("has another invoice than the one that was shown");
        }
        self.payer
            .is_some_and(|paid| paid != payer)
            .then_some("was paid for by somebody else than was shown")
    }
}

impl Kept {
    /// In which way an invoice with lines, or a payment, is not what was shown.
    fn other_invoice(&self, billing: &Billing) -> Option<&'static str> {
        match billing {
            Billing::Create {
                client,
                issuer,
                totals,
                ..
            } => {
                let invoiced = (self.invoiced_client, self.total, self.net, self.tax);
                let shown = (
                    Some(*client),
                    Some(totals.total.0),
                    Some(totals.net.0),
                    Some(totals.tax.0),
                );
                let issued = self.issuer_id == Some(issuer.map_or(0, |issuer| issuer.0));
                (self.credits.is_some() && !(invoiced == shown && issued))
                    .then_some("has another invoice than the one that was shown")
            }
            Billing::Pay {
                release: Some(release),
                ..
            } => {
                let payer = match release.payer {
                    Payer::House => 0,
                    Payer::Reseller(reseller) => reseller.0,
                };
                self.payer
                    .is_some_and(|paid| paid != payer)
                    .then_some("was paid for by somebody else than was shown")
            }
            _ => None,
        }
    }
}

impl Kept {
    /// In which way a message is not worded as it was shown.
    fn other_text(&self, rewording: &Rewording) -> Option<&'static str> {
        let kept = (
            self.message.as_deref(),
            self.language.as_deref(),
            self.version,
            self.subject.as_deref(),
            self.body.as_deref(),
        );
        let text = Some(&rewording.after).filter(|_| rewording.restores != Some(0));
        let shown = (
            Some(rewording.message.name()),
            Some(rewording.language.as_str()),
            Some(rewording.next()),
            text.map(Text::subject),
            text.map(Text::body),
        );
        (self.message.is_some() && kept != shown)
            .then_some("has another text than the one that was shown")
    }
}

/// The words of a definition, however it is laid out.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split_whitespace();
    words.map(|word| word.trim_end_matches(';').to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::checks::base32;
    use super::*;
    use crate::domain::credits::LARGEST;
    use crate::store::Store;

    #[tokio::test]
    async fn sql_writes_identifiers_as_we_do() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("ids.db").display());
        let store = Store::connect(&url).await.unwrap();
        for id in [
            0,
            1,
            31,
            32,
            1_000_000_007,
            1_800_000_000_000 << 20,
            i64::MAX,
        ] {
            let written = store
                .read(move |tx| {
                    Box::pin(async move {
                        Ok(row!(tx, (String,), concat!("select ", base32!("$1")), id)?)
                    })
                })
                .await
                .unwrap();
            assert_eq!(written, Some((to_base32(id),)));
        }
        store.close().await;
    }

    #[test]
    fn bounds_in_the_queries_are_the_bounds_of_amounts() {
        let bounds = CHECKS.iter().filter(|check| check.invariant == "L5");
        assert!(bounds.clone().count() == 3);
        for check in bounds {
            assert!(check.sql.contains(&format!("> {LARGEST}")), "{}", check.sql);
        }
    }
}
