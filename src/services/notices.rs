//! What people are owed to hear: notices, written into the outbox in the transaction of their cause.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::House;
use super::access::standing;
use super::approvals::PRIVATE_LASTS;
use crate::chat::{Address, Identity, MessageRef, Messenger};
use crate::domain::chain::Head;
use crate::domain::ids::{ClientId, InvoiceId, NoticeId, PersonId, RequestId};
use crate::domain::message::Kind;
use crate::domain::request::{Intent, eligible};
use crate::domain::role::Role;
use crate::fault::Fault;
use crate::store::Tx;
use crate::store::days::Totals;
use crate::store::outbox::NewNotice;
use crate::store::people::Known;
use crate::store::requests::Request;

/// What a notice is about. Facts are looked up when it goes out, so that it tells what holds then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Content {
    /// The card on which a request is decided.
    Approval {
        /// The request.
        request: RequestId,
    },
    /// A message that shows a request is brought up to date.
    Update {
        /// The request.
        request: RequestId,
        /// The message.
        message: MessageRef,
        /// Whether it is the requester's own.
        own: bool,
    },
    /// The requester is told how it ended.
    Outcome {
        /// The request.
        request: RequestId,
        /// To whom; the notice goes to another of his accounts when one cannot be reached.
        person: PersonId,
    },
    /// Whoever decides is reminded of a request that has waited for half of its time.
    Reminder {
        /// The request.
        request: RequestId,
    },
    /// The people of a client are told what was done with their account.
    Told {
        /// The request.
        request: RequestId,
        /// To whom.
        person: PersonId,
    },
    /// The staff is told that the only admin decided alone.
    Solo {
        /// The request.
        request: RequestId,
    },
    /// Somebody is reminded of an unpaid invoice.
    Unpaid {
        /// The invoice.
        invoice: InvoiceId,
        /// To whom.
        person: PersonId,
    },
    /// The staff is told that every change is stopped, or goes on.
    Freeze {
        /// Whether it is stopped.
        frozen: bool,
        /// Who did it.
        by: String,
    },
    /// The staff is told what a day brought, with the end of the audit log then: both as they were when this was written.
    Day {
        /// The day, as 2027-01-15.
        day: String,
        /// The end of the audit log's chain.
        head: Head,
        /// What the day brought.
        totals: Totals,
    },
    /// A client is sent a default message by email.
    Mail {
        /// Which.
        mail: Kind,
        /// To whom.
        client: ClientId,
        /// What it tells of.
        request: Option<RequestId>,
        /// The invoice that it brings to mind.
        invoice: Option<InvoiceId>,
    },
    /// The staff is told of clients who wait to be activated.
    SignUps {
        /// Who waits.
        clients: Vec<ClientId>,
        /// Whether there are others.
        more: bool,
        /// To whom; `None`: a channel.
        person: Option<PersonId>,
    },
    /// The command menu of a Telegram chat is set.
    Menu {
        /// Whose.
        identity: Identity,
    },
}

impl Content {
    /// The person whom it is for, where it is for one.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Outcome { person, .. }
            | Self::Told { person, .. }
            | Self::Unpaid { person, .. } => Some(*person),
            Self::SignUps { person, .. } => *person,
            _ => None,
        }
    }
}

/// Where an account is written to.
pub fn address(identity: Identity) -> Address {
    match identity.messenger {
        Messenger::Discord => Address::DiscordUser(identity.user),
        Messenger::Telegram => Address::TelegramChat(identity.user),
    }
}

impl House {
    /// Writes a notice into the outbox, unless one of that key is there.
    pub async fn notify(
        &self,
        tx: &mut Tx,
        key: String,
        cause: String,
        to: &Address,
        content: &Content,
    ) -> Result<(), Fault> {
        self.notify_after(tx, (key, cause), to, content, std::time::Duration::ZERO)
            .await
    }

    /// Writes a notice that goes out after a while.
    pub async fn notify_after(
        &self,
        tx: &mut Tx,
        (key, cause): (String, String),
        to: &Address,
        content: &Content,
        after: std::time::Duration,
    ) -> Result<(), Fault> {
        let notice = NewNotice {
            id: NoticeId(self.ids.next()),
            key,
            cause,
            address: serde_json::to_string(to)?,
            content: serde_json::to_string(content)?,
            at: self.now(),
            due: self.now().plus(after),
        };
        tx.insert_notice(&notice).await?;
        Ok(())
    }

    /// Shows a request wherever somebody can decide about it: in the approvals channel, and in the private Telegram chat
    /// of everybody who may.
    pub async fn notify_approvers(&self, tx: &mut Tx, request: &Request) -> Result<(), Fault> {
        let content = Content::Approval {
            request: request.id,
        };
        self.ask_approvers(tx, request, "approval", content).await
    }

    /// Reminds whoever can decide about a request.
    pub async fn notify_reminder(&self, tx: &mut Tx, request: &Request) -> Result<(), Fault> {
        let content = Content::Reminder {
            request: request.id,
        };
        self.ask_approvers(tx, request, "reminder", content).await
    }

    async fn ask_approvers(
        &self,
        tx: &mut Tx,
        request: &Request,
        what: &str,
        content: Content,
    ) -> Result<(), Fault> {
        let cause = format!("request:{}", request.id);
        if let Some(channel) = self.rules.approvals_channel {
            let to = Address::DiscordChannel(channel);
            self.notify(
                tx,
                format!("{what}:{}:channel", request.id),
                cause.clone(),
                &to,
                &content,
            )
            .await?;
        }
        let beneficiaries = self.beneficiaries(tx, &request.intent).await?;
        let mut people: BTreeMap<PersonId, Vec<Known>> = BTreeMap::new();
        for account in tx.people_who_may_decide().await? {
            people.entry(account.person).or_default().push(account);
        }
        for (identity, _) in &self.rules.roles.named {
            let accounts = tx.accounts(*identity).await?;
            if let Some(person) = accounts.first().map(|account| account.person) {
                people.insert(person, accounts);
            }
        }
        for (person, accounts) in people {
            let role = standing(&self.rules, &accounts, None, self.now()).role;
            let permission = request.intent.permission();
            if eligible(person, role, request.requester, &beneficiaries, permission).is_err() {
                continue;
            }
            for account in accounts {
                if account.identity.messenger == Messenger::Telegram {
                    let key = format!("{what}:{}:{}", request.id, account.identity);
                    self.notify(tx, key, cause.clone(), &address(account.identity), &content)
                        .await?;
                }
            }
        }
        Ok(())
    }

    /// Brings every message that shows a request up to date.
    pub async fn notify_cards(
        &self,
        tx: &mut Tx,
        request: &Request,
        step: &str,
    ) -> Result<(), Fault> {
        for (id, message, own) in tx.cards(request.id, self.now()).await? {
            let key = format!("update:{}:{id}:{step}", request.id);
            self.notify_card(tx, request.id, message, own, key).await?;
        }
        Ok(())
    }

    /// Takes the Undo button off the requester's messages when its time is over.
    pub async fn notify_undo_over(&self, tx: &mut Tx, request: &Request) -> Result<(), Fault> {
        for (id, message, own) in tx.cards(request.id, self.now()).await? {
            if own {
                let key = format!("update:{}:{id}:undo-over", request.id);
                self.notify_card_after(tx, request.id, (message, true), key, self.rules.undo)
                    .await?;
            }
        }
        Ok(())
    }

    /// Brings one message that shows a request up to date.
    pub async fn notify_card(
        &self,
        tx: &mut Tx,
        request: RequestId,
        message: MessageRef,
        own: bool,
        key: String,
    ) -> Result<(), Fault> {
        let now = std::time::Duration::ZERO;
        self.notify_card_after(tx, request, (message, own), key, now)
            .await
    }

    /// The same after a while.
    pub async fn notify_card_after(
        &self,
        tx: &mut Tx,
        request: RequestId,
        (message, own): (MessageRef, bool),
        key: String,
        after: std::time::Duration,
    ) -> Result<(), Fault> {
        let to = card_address(&message);
        let content = Content::Update {
            request,
            message,
            own,
        };
        let named = (key, format!("request:{request}"));
        self.notify_after(tx, named, &to, &content, after).await
    }

    /// Makes the message on which somebody decided one of the request's cards, where it is none yet: a page of the list
    /// that becomes a card by the reply, or one that was sent just before a kill, without a note that it was.
    pub async fn adopt_card(
        &self,
        tx: &mut Tx,
        request: RequestId,
        message: &MessageRef,
    ) -> Result<(), Fault> {
        let (id, token) = (self.ids.next(), message.token.as_ref());
        let until = token.map(|_| self.now().plus(PRIVATE_LASTS));
        if tx.insert_card(id, request, message, false, until).await? {
            let key = format!("update:{request}:{id}:adopted");
            self.notify_card(tx, request, message.clone(), false, key)
                .await?;
        }
        Ok(())
    }

    /// Tells the requester how his request ended, where he asked or wherever else he can be reached.
    pub async fn notify_requester(&self, tx: &mut Tx, request: &Request) -> Result<(), Fault> {
        let accounts = tx.accounts_of(request.requester).await?;
        let to = accounts
            .iter()
            .filter(|account| !account.unreachable)
            .min_by_key(|account| account.identity != request.asked_by)
            .map_or(request.asked_by, |account| account.identity);
        let content = Content::Outcome {
            request: request.id,
            person: request.requester,
        };
        let key = format!("outcome:{}:{}", request.id, request.requester);
        self.notify(
            tx,
            key,
            format!("request:{}", request.id),
            &address(to),
            &content,
        )
        .await
    }

    /// Tells the people of a client what was done with their account, but not the requester, who hears it anyway. What can
    /// be undone is told only when it cannot any more; of what is undone in time they hear nothing.
    pub async fn notify_told(&self, tx: &mut Tx, request: &Request) -> Result<(), Fault> {
        let cause = format!("request:{}", request.id);
        let mut unheard = Vec::new();
        if let Some(undone) = request.undoes {
            let of = format!("request:{undone}");
            unheard = tx
                .withdraw_notices(&of, &format!("told:{undone}:"), self.now())
                .await?;
        }
        let after = if request.intent.is_reversible() && request.undoes.is_none() {
            self.rules.undo
        } else {
            std::time::Duration::ZERO
        };
        let mut audience = Vec::new();
        for client in request.intent.told() {
            audience.extend(tx.people_of(client).await?);
        }
        for person in request.intent.told_staff() {
            audience.extend(tx.accounts_of(person).await?);
        }
        let mut told = vec![request.requester];
        for account in &audience {
            if told.contains(&account.person) || account.removed {
                continue;
            }
            told.push(account.person);
            // Where he can be reached, if anywhere; else it is kept until he writes.
            let his = |other: &&Known| other.person == account.person && !other.unreachable;
            let account = audience.iter().find(his).unwrap_or(account);
            let content = Content::Told {
                request: request.id,
                person: account.person,
            };
            let key = format!("told:{}:{}", request.id, account.person);
            let to = address(account.identity);
            self.notify_after(tx, (key.clone(), cause.clone()), &to, &content, after)
                .await?;
            // Who has not heard of what is undone need not hear of this either.
            let ends = format!(":{}", account.person);
            if unheard.iter().any(|first| first.ends_with(&ends)) {
                tx.withdraw_notices(&cause, &key, self.now()).await?;
            }
        }
        Ok(())
    }

    /// Announces that the only admin decided alone.
    pub async fn notify_solo(&self, tx: &mut Tx, request: &Request) -> Result<(), Fault> {
        if let Some(channel) = self.rules.staff_channel.or(self.rules.approvals_channel) {
            let content = Content::Solo {
                request: request.id,
            };
            let key = format!("solo:{}", request.id);
            let to = Address::DiscordChannel(channel);
            self.notify(tx, key, format!("request:{}", request.id), &to, &content)
                .await?;
        }
        Ok(())
    }

    /// Tells the staff that every change is stopped, or goes on.
    pub async fn notify_freeze(
        &self,
        tx: &mut Tx,
        (frozen, by): (bool, String),
        cause: String,
    ) -> Result<(), Fault> {
        if let Some(channel) = self.rules.staff_channel.or(self.rules.approvals_channel) {
            let content = Content::Freeze { frozen, by };
            let (key, to) = (format!("freeze:{cause}"), Address::DiscordChannel(channel));
            self.notify(tx, key, cause, &to, &content).await?;
        }
        Ok(())
    }

    /// Sets the command menu of an account on Telegram to its person's role.
    pub async fn notify_menu(
        &self,
        tx: &mut Tx,
        identity: Identity,
        role: Option<Role>,
        why: &str,
    ) -> Result<(), Fault> {
        if identity.messenger != Messenger::Telegram {
            return Ok(());
        }
        let key = format!("menu:{identity}:{}:{why}", role.map_or("none", Role::name));
        self.notify(
            tx,
            key,
            why.to_owned(),
            &address(identity),
            &Content::Menu { identity },
        )
        .await
    }

    /// The people who would profit from an intent: never its approvers.
    pub async fn beneficiaries(
        &self,
        tx: &mut Tx,
        intent: &Intent,
    ) -> Result<Vec<PersonId>, Fault> {
        let mut people = Vec::new();
        if let Some(client) = intent.client() {
            let his = tx.people_of(client).await?;
            people.extend(his.into_iter().map(|account| account.person));
        }
        if let Intent::Person(change) = intent {
            people.extend(change.beneficiary());
        }
        Ok(people)
    }
}

/// The address under which a message is edited.
pub fn card_address(message: &MessageRef) -> Address {
    match message.messenger {
        Messenger::Discord => Address::DiscordChannel(message.chat),
        Messenger::Telegram => Address::TelegramChat(message.chat),
    }
}
