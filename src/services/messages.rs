//! Default messages: which text holds in a language, its versions, and another text for it.

use super::House;
use super::access::Authorised;
use crate::chat::Language;
use crate::chat::sentences::built_in;
use crate::clock::Millis;
use crate::domain::ids::ClientId;
use crate::domain::message::{Kind, Text};
use crate::domain::refusal::Refusal;
use crate::domain::request::message::Sample;
use crate::domain::request::{Intent, Rewording};
use crate::fault::Fault;
use crate::store::requests::Request;
use crate::store::templates::{NewVersion, Version};
use crate::store::{Stop, Tx};

/// Where a text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It was written in this very language.
    Own {
        /// Its version.
        version: i64,
        /// Who wrote it.
        by: String,
        /// When.
        at: Millis,
    },
    /// It was written in the business's language, and nothing in this one.
    Business(Language),
    /// It comes with the program.
    Program,
}

/// The text that is sent in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// The text.
    pub text: Text,
    /// Where it comes from.
    pub origin: Origin,
}

/// What is to be done with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another subject or body; what is not given stays.
    Edit {
        /// The subject.
        subject: Option<String>,
        /// The body.
        body: Option<String>,
    },
    /// An earlier version comes back; 0 is the text that comes with the program.
    Restore(i64),
}

impl House {
    /// The language of the business.
    pub fn language(&self) -> Language {
        Language::of(&self.rules.language).unwrap_or(Language::En)
    }

    /// The text that is sent in a language: the one that was written in it, else the one that was written in the
    /// business's language, else the one that comes with the program.
    pub async fn message_in_force(
        &self,
        tx: &mut Tx,
        kind: Kind,
        language: Language,
    ) -> Result<InForce, Fault> {
        match tx.template(kind, language.name()).await? {
            Some(Version {
                version,
                text: Some(text),
                by,
                at,
            }) => Ok(InForce {
                text,
                origin: Origin::Own { version, by, at },
            }),
            _ => self.message_without_own(tx, kind, language).await,
        }
    }

    /// The text that is sent where none was written in the language.
    async fn message_without_own(
        &self,
        tx: &mut Tx,
        kind: Kind,
        language: Language,
    ) -> Result<InForce, Fault> {
        let business = self.language();
        if language != business
            && let Some(text) = tx.template(kind, business.name()).await?
            && let Some(text) = text.text
        {
            let origin = Origin::Business(business);
            return Ok(InForce { text, origin });
        }
        Ok(InForce {
            text: built_in(kind, language),
            origin: Origin::Program,
        })
    }

    /// Versions of a message in a language, newest first, and whether there are more.
    pub async fn message_versions(
        &self,
        tx: &mut Tx,
        (kind, language): (Kind, Language),
        below: Option<i64>,
        page: usize,
    ) -> Result<(Vec<Version>, bool), Fault> {
        let limit = i64::try_from(page).unwrap_or(i64::MAX).saturating_add(1);
        let below = below.unwrap_or(i64::MAX);
        let mut found = tx.templates(kind, language.name(), below, limit).await?;
        let more = found.len() > page;
        found.truncate(page);
        Ok((found, more))
    }

    /// The client with whom a message is shown: the one who is named, else the one who came last.
    pub async fn sample(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        named: Option<ClientId>,
    ) -> Result<Option<Sample>, Stop> {
        let client = match named {
            Some(client) => Some(self.view(tx, auth, client).await?),
            None => match tx.newest_client(auth.scope()).await? {
                Some(newest) => tx.client(newest, auth.scope()).await?,
                None => None,
            },
        };
        Ok(client.map(|client| Sample {
            client: client.id,
            name: client.name,
            username: client.username,
            balance: client.balance,
        }))
    }

    /// The intent behind another text for a message, or why it cannot be had. Changes nothing.
    pub async fn intend_message(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        (kind, language): (Kind, Language),
        change: Change,
        shown_with: Option<ClientId>,
    ) -> Result<Intent, Stop> {
        let last = tx.template(kind, language.name()).await?;
        let before = self.message_in_force(tx, kind, language).await?.text;
        let own = last.as_ref().and_then(|version| version.text.as_ref());
        let (after, restores) = match change {
            Change::Edit { subject, body } => {
                let subject = subject.as_deref().unwrap_or(before.subject());
                let body = body.as_deref().unwrap_or(before.body());
                let after = Text::parse(kind, subject, body)
                    .map_err(|why| Refusal::BadMessage { kind, why })?;
                (after, None)
            }
            Change::Restore(version) => {
                let found = match version {
                    0 => None,
                    _ => Some(
                        tx.template_version(kind, language.name(), version)
                            .await?
                            .ok_or_else(|| Refusal::VersionNotFound {
                                typed: version.to_string(),
                            })?,
                    ),
                };
                if let Some(text) = found.and_then(|version| version.text) {
                    (text, Some(version))
                } else {
                    let without = self.message_without_own(tx, kind, language).await?;
                    (without.text, Some(0))
                }
            }
        };
        let changes = match restores {
            None => before != after,
            Some(0) => own.is_some(),
            Some(_) => own != Some(&after),
        };
        if !changes {
            return Err(Refusal::NothingChanges.into());
        }
        Ok(Intent::Message(Rewording {
            message: kind,
            language: language.name().to_owned(),
            version: last.map_or(0, |version| version.version),
            before,
            after,
            restores,
            sample: self.sample(tx, auth, shown_with).await?,
        }))
    }

    /// What another text is at today's facts.
    pub(super) async fn intend_message_again(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        rewording: &Rewording,
    ) -> Result<Intent, Stop> {
        let change = match rewording.restores {
            Some(version) => Change::Restore(version),
            None => Change::Edit {
                subject: Some(rewording.after.subject().to_owned()),
                body: Some(rewording.after.body().to_owned()),
            },
        };
        let which = (rewording.message, language_of(rewording)?);
        self.intend_message(tx, auth, which, change, sampled(rewording))
            .await
    }

    /// What brings the text back that was sent before; refused where somebody changed it again meanwhile.
    pub(super) async fn intend_message_back(
        &self,
        tx: &mut Tx,
        auth: &Authorised,
        rewording: &Rewording,
    ) -> Result<Intent, Stop> {
        let which = (rewording.message, language_of(rewording)?);
        let last = tx.template(which.0, which.1.name()).await?;
        if last.map(|version| version.version) != Some(rewording.next()) {
            return Err(Refusal::TooLateToUndo.into());
        }
        let change = Change::Restore(rewording.version);
        self.intend_message(tx, auth, which, change, sampled(rewording))
            .await
    }

    /// Keeps another text as it was shown, in the transaction that applies the request.
    pub(super) async fn reword(
        &self,
        tx: &mut Tx,
        request: &Request,
        rewording: &Rewording,
    ) -> Result<(), Fault> {
        let text = Some(&rewording.after).filter(|_| rewording.restores != Some(0));
        let version = NewVersion {
            kind: rewording.message,
            language: rewording.language.clone(),
            version: rewording.next(),
            text: text.cloned(),
            request: request.id,
            person: request.requester,
            at: self.now(),
        };
        tx.insert_template(&version).await
    }
}

fn language_of(rewording: &Rewording) -> Result<Language, Fault> {
    Language::from_name(&rewording.language)
        .ok_or_else(|| Fault::internal("a message in a language that is not there"))
}

fn sampled(rewording: &Rewording) -> Option<ClientId> {
    rewording.sample.as_ref().map(|sample| sample.client)
}
