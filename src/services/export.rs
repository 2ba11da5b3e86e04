//! What is handed out as CSV: page by page, within the scope of whoever asks. Column names are those that moving in
//! understands, so that what was handed out can be moved in.

use super::House;
use super::access::Authorised;
use crate::clock::Millis;
use crate::domain::credits::Credits;
use crate::domain::ids::{AccountId, ClientId, InvoiceId};
use crate::domain::invoice;
use crate::domain::refusal::Refusal;
use crate::domain::sheet;
use crate::fault::Fault;
use crate::store::Stop;
use crate::store::clients::Scope;
use crate::store::exports::{AuditLine, ClientLine, EntryLine, InvoiceLine, PAGE, Span};

/// The most bytes of what is handed out in one piece: some 80,000 clients, and less than any messenger takes.
pub const MOST_WHOLE: usize = 8 * 1024 * 1024;

/// What is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Clients with their balances.
    Clients,
    /// The entries of one client's account.
    Statement(AccountId),
    /// Invoices: of one client, or of all within the scope.
    Invoices(Option<ClientId>),
    /// The audit log.
    Audit,
}

/// Where the next page goes on.
#[derive(Debug, Clone, Copy)]
struct Cursor {
    client: ClientId,
    id: i64,
}

impl House {
    /// Writes lines of CSV to `out`, the header first; yields how many rows came after it.
    pub async fn export(
        &self,
        scope: Scope,
        what: What,
        span: Span,
        mut out: impl FnMut(&str) -> std::io::Result<()>,
    ) -> Result<u64, Stop> {
        out(&sheet::line(header(what).iter().copied()))?;
        let mut cursor = Cursor {
            client: ClientId(0),
            id: 0,
        };
        let mut count = 0;
        loop {
            let (text, rows, next) = self.page(scope, what, span, cursor).await?;
            if rows > 0 {
                out(&text)?;
            }
            count += rows as u64;
            if rows < PAGE {
                return Ok(count);
            }
            cursor = next;
        }
    }

    /// All of it in one piece, within the scope of whoever asks, where it is no more than [`MOST_WHOLE`]; and how many rows.
    pub async fn export_whole(&self, auth: &Authorised, what: What) -> Result<(String, u64), Stop> {
        let span = Span {
            from: Millis(i64::MIN),
            before: Millis(i64::MAX),
        };
        let mut whole = String::new();
        let mut full = false;
        let rows = self
            .export(auth.scope(), what, span, |text| {
                if whole.len() + text.len() > MOST_WHOLE {
                    full = true;
                    return Err(std::io::ErrorKind::FileTooLarge.into());
                }
                whole.push_str(text);
                Ok(())
            })
            .await;
        match rows {
            Err(_) if full => Err(Refusal::ExportTooLarge { most: MOST_WHOLE }.into()),
            rows => Ok((whole, rows?)),
        }
    }

    /// The account whose entries a client's statement has.
    pub async fn account_of(&self, client: ClientId) -> Result<AccountId, Stop> {
        let present = self
            .store
            .read(move |tx| Box::pin(async move { Ok(tx.client_present(client).await?) }))
            .await?;
        let present = present.ok_or_else(|| Fault::internal("a client vanished"))?;
        Ok(present.account_id)
    }

    async fn page(
        &self,
        scope: Scope,
        what: What,
        span: Span,
        cursor: Cursor,
    ) -> Result<(String, usize, Cursor), Stop> {
        let house = self.clone();
        self.store
            .read(move |tx| {
                Box::pin(async move {
                    Ok(match what {
                        What::Clients => {
                            let page = tx.export_clients(scope, cursor.client).await?;
                            let next = |row: &ClientLine| (row.id, 0);
                            house.written(&page, cursor, next, Self::client_line)
                        }
                        What::Statement(account) => {
                            let page = tx.export_entries(account, cursor.id, span).await?;
                            let next = |row: &EntryLine| (cursor.client, row.seq);
                            house.written(&page, cursor, next, Self::entry_line)
                        }
                        What::Invoices(client) => {
                            let after = (cursor.client, InvoiceId(cursor.id));
                            let page = tx.export_invoices(scope, client, after, span).await?;
                            let next = |row: &InvoiceLine| (row.client_id, row.id.0);
                            house.written(&page, cursor, next, Self::invoice_line)
                        }
                        What::Audit => {
                            let page = tx.export_audit(cursor.id, span).await?;
                            let next = |row: &AuditLine| (cursor.client, row.id);
                            house.written(&page, cursor, next, Self::audit_line)
                        }
                    })
                })
            })
            .await
    }

    fn written<T>(
        &self,
        page: &[T],
        cursor: Cursor,
        next: impl Fn(&T) -> (ClientId, i64),
        line: impl Fn(&Self, &T) -> Vec<String>,
    ) -> (String, usize, Cursor) {
        let text = page
            .iter()
            .map(|row| sheet::line(line(self, row).iter().map(String::as_str)))
            .collect();
        let last = page.last().map(next);
        let cursor = last.map_or(cursor, |(client, id)| Cursor { client, id });
        (text, page.len(), cursor)
    }

    fn client_line(&self, row: &ClientLine) -> Vec<String> {
        vec![
            row.old_id.clone().unwrap_or_default(),
            row.username.clone(),
            row.name.clone(),
            row.email.clone(),
            row.phone.clone(),
            row.class.clone(),
            row.status.clone(),
            row.reseller.clone().unwrap_or_default(),
            row.manager.clone().unwrap_or_default(),
            row.referral.clone().unwrap_or_default(),
            row.price
                .map(|price| decimal(price.0, 6))
                .unwrap_or_default(),
            self.credits(row.balance),
            decimal(row.unpaid.0, self.rules.currency.exponent),
            moment(row.created_at),
            row.id.to_string(),
        ]
    }

    fn entry_line(&self, row: &EntryLine) -> Vec<String> {
        let invoice = row.prefix.as_ref().zip(row.number);
        vec![
            moment(row.created_at),
            row.kind.clone(),
            self.credits(row.amount),
            self.credits(row.balance),
            invoice
                .map(|(prefix, number)| invoice::number(prefix, number))
                .unwrap_or_default(),
            row.note.clone().unwrap_or_default(),
        ]
    }

    fn invoice_line(&self, row: &InvoiceLine) -> Vec<String> {
        let money = |amount: i64| decimal(amount, self.rules.currency.exponent);
        vec![
            invoice::number(&row.prefix, row.number),
            moment(row.created_at),
            row.username.clone(),
            row.name.clone(),
            row.kind.clone(),
            row.mode.clone(),
            row.status.clone(),
            self.credits(row.credits),
            decimal(row.price.0, 6),
            money(row.net.0),
            money(row.tax.0),
            money(row.total.0),
            row.currency.clone(),
            row.note.clone(),
        ]
    }

    #[expect(clippy::unused_self, reason = "all lines are written alike")]
    fn audit_line(&self, row: &AuditLine) -> Vec<String> {
        vec![
            moment(row.created_at),
            row.person.clone().unwrap_or_default(),
            row.actor.clone(),
            row.action.clone(),
            row.subject.clone(),
            row.detail.clone(),
            row.event_id.clone(),
        ]
    }

    fn credits(&self, credits: Credits) -> String {
        decimal(credits.0, self.rules.unit.scale().ilog10())
    }
}

fn header(what: What) -> &'static [&'static str] {
    match what {
        What::Clients => &[
            "old_id", "username", "name", "email", "phone", "class", "status", "reseller",
            "manager", "referral", "price", "balance", "unpaid", "created", "id",
        ],
        What::Statement(_) => &["at", "kind", "amount", "balance", "invoice", "note"],
        What::Invoices(_) => &[
            "number", "at", "username", "name", "kind", "mode", "status", "credits", "price",
            "net", "tax", "total", "currency", "note",
        ],
        What::Audit => &[
            "at", "person", "actor", "action", "subject", "detail", "event",
        ],
    }
}

/// A number with all of its decimals and nothing else.
fn decimal(number: i64, decimals: u32) -> String {
    let scale = 10_u64.pow(decimals);
    let size = number.unsigned_abs();
    let sign = if number < 0 { "-" } else { "" };
    if decimals == 0 {
        return format!("{sign}{size}");
    }
    let width = decimals as usize;
    format!("{sign}{}.{:0width$}", size / scale, size % scale)
}

/// A moment as `2024-03-01T09:30:15Z`.
fn moment(at: Millis) -> String {
    let format =
        time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    let text = at.utc().and_then(|moment| moment.format(format).ok());
    text.unwrap_or_else(|| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_decimals_and_their_sign() {
        let check =
            |number, decimals, expected: &str| assert_eq!(decimal(number, decimals), expected);
        check(1_234_500, 0, "1234500");
        check(-5, 2, "-0.05");
        check(50_000, 6, "0.050000");
        assert_eq!(moment(Millis(1_709_285_415_999)), "2024-03-01T09:30:15Z");
    }
}
