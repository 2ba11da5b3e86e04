//! What must hold in the end: what people were told, what is in the books, and that the two are the same.

use std::collections::{BTreeMap, BTreeSet};

use bursar::domain::ids::ClientId;
use bursar::sandbox::telegram;

use super::affairs::{Affair, End, Kind, credits, is_done, is_draft, is_over, request_on};
use super::chores::Work;
use crate::meddle::pairs;
use crate::stage::{CLIENTS, RAJESH, Stage};
use crate::support::Database;

/// A message that shows an affair.
#[derive(Debug)]
pub struct Sight {
    place: Place,
    text: String,
    buttons: Vec<String>,
}

impl Sight {
    /// What it says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is a card of this request.
    pub fn shows(&self, request: &str) -> bool {
        request_on(&self.text) == Some(request)
    }

    /// Whether nothing is left on it to press but asking again.
    pub fn is_bare(&self) -> bool {
        self.buttons.iter().all(|button| button == "Ask again")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// The approvals channel.
    Approvals,
    /// A message that one person alone sees in Discord.
    Private(String),
    /// A direct message in Discord.
    Direct(String),
    /// A chat in Telegram.
    Chat(String),
}

/// Everything on every screen.
fn everything(stage: &Stage) -> Vec<Sight> {
    let discord = &stage.sandbox.discord;
    let mut sights = Vec::new();
    let [amara, bruno] = &stage.admins;
    for person in [amara, bruno, &stage.support] {
        let mut add = |place: Place, message: &bursar::sandbox::discord::Message| {
            sights.push(Sight {
                place,
                text: message.text().to_owned(),
                buttons: message.buttons(),
            });
        };
        for message in person.sees_here() {
            add(Place::Private(person.name()), &message);
        }
        for message in person.dms() {
            add(Place::Direct(person.name()), &message);
        }
    }
    for message in amara.sees(discord.approvals_channel_id()) {
        sights.push(Sight {
            place: Place::Approvals,
            text: message.text().to_owned(),
            buttons: message.buttons(),
        });
    }
    for person in phones(stage) {
        let own = person
            .chat()
            .into_iter()
            .filter(telegram::Message::is_from_bot);
        sights.extend(own.map(|message| Sight {
            place: Place::Chat(person.name()),
            text: message.words().to_owned(),
            buttons: buttons(&message),
        }));
    }
    sights
}

fn phones(stage: &Stage) -> [&telegram::Person; 4] {
    [&stage.admin, &stage.helper, &stage.rita, &stage.rajesh]
}

fn buttons(message: &telegram::Message) -> Vec<String> {
    let buttons = message.buttons().into_iter().flatten();
    buttons.map(|button| button.label).collect()
}

/// A kill between sending a message and noting that it was sent leaves a copy in Telegram of which the bot does not know:
/// Telegram has no key by which it could be found again. Such a copy must come right as soon as somebody presses on it.
pub async fn bring_up_to_date(stage: &Stage, settled: &BTreeSet<String>) {
    for person in phones(stage) {
        for message in person.chat() {
            let words = message.words().to_owned();
            let is_settled = request_on(&words).is_some_and(|request| settled.contains(request));
            if !is_settled || is_over(&words) {
                continue;
            }
            let labels = buttons(&message);
            let label = labels
                .iter()
                .find(|label| ["Confirm", "Approve", "Withdraw"].contains(&label.as_str()));
            let label = label.unwrap_or_else(|| panic!("a stale card without a button:\n{words}"));
            person.press(&message, label).await;
            message.until(|message| is_over(message.words())).await;
        }
    }
}

/// Holds the books against what people saw.
pub async fn check(stage: &Stage, db: &Database, affairs: &[Affair], chores: &[Work]) {
    let sights = everything(stage);
    for work in chores {
        work.check(db, &sights).await;
    }
    for sight in &sights {
        // Nothing was ever slow enough for an excuse.
        assert!(!sight.text.contains("Something broke"), "{sight:?}");
    }
    for affair in affairs {
        people_know(affair, &sights);
    }
    let books = Books::read(db).await;
    for affair in affairs {
        let expected = usize::from(affair.end != End::Rejected);
        assert_eq!(books.postings(affair), expected, "postings of {affair:?}");
        assert_eq!(books.invoices(affair), expected, "invoices of {affair:?}");
        if affair.asked > 0 {
            let requests = books
                .requests
                .iter()
                .filter(|(_, amount)| *amount == affair.amount)
                .count();
            assert_eq!(
                requests, affair.asked as usize,
                "each asking in Telegram counts once: {affair:?}"
            );
        }
        for press in &affair.presses {
            assert!(
                press.answered().is_some(),
                "the press {} was never answered: {affair:?}",
                press.id()
            );
        }
    }
    // Nothing is in the books that nobody was told.
    let told = affairs
        .iter()
        .filter(|affair| affair.end != End::Rejected)
        .count();
    assert_eq!(books.postings.len(), told);
    assert_eq!(books.invoices.len(), told);
    balances_are_sums(affairs, &books);
}

fn people_know(affair: &Affair, sights: &[Sight]) {
    let cards: Vec<_> = sights
        .iter()
        .filter(|sight| affair.is_on(&sight.text))
        .collect();
    let own: Vec<_> = cards
        .iter()
        .filter(|sight| request_on(&sight.text) == Some(&affair.request))
        .collect();
    let ended = |text: &str| match affair.end {
        End::Rejected => text.contains("Rejected by ") && !is_done(text),
        _ => is_done(text),
    };
    for sight in &own {
        let fresh = ended(&sight.text) && sight.is_bare();
        assert!(
            fresh,
            "a card that does not show the outcome of {affair:?}: {sight:?}"
        );
    }
    // A draft that was not confirmed stays one.
    for sight in cards
        .iter()
        .filter(|sight| request_on(&sight.text) != Some(&affair.request))
    {
        assert!(
            is_draft(&sight.text),
            "somebody was told of a request that nobody confirmed: {sight:?}"
        );
    }
    assert!(!own.is_empty(), "nobody sees {affair:?}");
    if affair.end == End::Direct {
        return;
    }
    assert!(
        own.iter().any(|sight| sight.place == Place::Approvals),
        "no card in the channel: {affair:?}"
    );
    let told_at = match affair.kind {
        Kind::SupportInTelegram => Place::Chat("Tess".to_owned()),
        Kind::Reseller => Place::Chat("Rita".to_owned()),
        _ => Place::Direct("Sam".to_owned()),
    };
    let told = own
        .iter()
        .any(|sight| sight.place == told_at && sight.text.contains("Your request:"));
    assert!(told, "the requester was never told: {affair:?}\n{own:?}");
}

/// What is in the database.
struct Books {
    /// Client and amount of each addition.
    postings: Vec<(i64, i64)>,
    /// Client and credits of each invoice.
    invoices: Vec<(i64, i64)>,
    /// Client and amount of each request, confirmed or not.
    requests: Vec<(i64, i64)>,
    balances: BTreeMap<i64, i64>,
}

impl Books {
    async fn read(db: &Database) -> Self {
        // The clerks' clients have their own books.
        let ours = |(client, _): &(i64, i64)| CLIENTS.iter().any(|(id, _)| id.0 == *client);
        let pairs = |sql: &'static str| async move {
            let mut found = pairs(db, sql).await;
            found.retain(ours);
            found
        };
        Self {
            postings: pairs(
                "select a.client_id, e.amount from posting p join entry e on e.posting_id = p.id
                 join account a on a.id = e.account_id where p.kind = 'add' and e.amount > 0",
            )
            .await,
            invoices: pairs("select client_id, credits from invoice where status <> 'voided'")
                .await,
            requests: pairs("select client_id, amount from request where amount is not null").await,
            balances: pairs("select client_id, balance from account where client_id is not null")
                .await
                .into_iter()
                .collect(),
        }
    }

    fn postings(&self, affair: &Affair) -> usize {
        count(&self.postings, affair)
    }

    fn invoices(&self, affair: &Affair) -> usize {
        count(&self.invoices, affair)
    }
}

fn count(pairs: &[(i64, i64)], affair: &Affair) -> usize {
    let wanted = (affair.client.0, affair.amount);
    pairs.iter().filter(|pair| **pair == wanted).count()
}

fn balances_are_sums(affairs: &[Affair], books: &Books) {
    for (ClientId(client), brought) in CLIENTS {
        let applied = affairs.iter().filter(|affair| affair.end != End::Rejected);
        let moved: i64 = applied
            .map(|affair| match affair.kind {
                Kind::Transfer if client == RAJESH.0 => -affair.amount,
                _ if affair.client.0 == client => affair.amount,
                _ => 0,
            })
            .sum();
        let balance = books.balances[&client];
        assert_eq!(
            balance,
            brought + moved,
            "client {client} has {}",
            credits(balance)
        );
    }
}
