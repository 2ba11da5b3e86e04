//! Mail as files: each notice becomes one `.eml` in a folder, from which a mail system takes it, or a person who tries
//! things out reads it. There is no other way out yet.

use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use futures_util::future::BoxFuture;
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;

use super::courier::{Address, Courier, Effect, Envelope, Outcome};
use crate::clock::Ids;
use crate::domain::ids::NoticeId;

/// Writes mails into a folder.
#[derive(Debug, Clone)]
pub struct Folder {
    folder: PathBuf,
    from: Mailbox,
}

impl Folder {
    /// Mails from this sender into this folder, which is made where it is missing.
    pub fn new(folder: PathBuf, from: Mailbox) -> Self {
        Self { folder, from }
    }

    /// Whether mails can be written there.
    pub async fn check(&self) -> std::io::Result<()> {
        self.put(".check", b"").await?;
        tokio::fs::remove_file(self.folder.join(".check")).await
    }

    /// Puts a file there, whole or not at all; one of that name is replaced.
    async fn put(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        tokio::fs::create_dir_all(&self.folder).await?;
        let half = self.folder.join(format!(".{name}.half"));
        tokio::fs::write(&half, bytes).await?;
        tokio::fs::rename(half, self.folder.join(name)).await
    }

    /// The mail of a notice: the same bytes whenever it is made, known by the notice's identifier.
    fn message(
        &self,
        id: NoticeId,
        (to, subject, body): (&str, &str, String),
    ) -> Result<Vec<u8>, String> {
        let to = to.parse().map_err(|_| "not an email address".to_owned())?;
        let written = Ids::moment(id.0).0;
        let written = Duration::from_millis(u64::try_from(written).unwrap_or_default());
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .date(UNIX_EPOCH + written)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(body)
            .map_err(|error| error.to_string())?;
        Ok(message.formatted())
    }
}

impl Courier for Folder {
    fn serves(&self, to: &Address) -> bool {
        matches!(to, Address::ClientEmail(_))
    }

    fn deliver(&self, envelope: Envelope) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let Effect::Mail { to, subject, body } = envelope.effect else {
                return Outcome::Refused("no mail".to_owned());
            };
            let bytes = match self.message(envelope.id, (&to, &subject, body)) {
                Ok(bytes) => bytes,
                Err(why) => return Outcome::Refused(why),
            };
            match self.put(&format!("{}.eml", envelope.id), &bytes).await {
                Ok(()) => Outcome::Sent(None),
                Err(error) => Outcome::Later {
                    after: None,
                    why: error.to_string(),
                },
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ClientId;

    fn folder(at: &std::path::Path) -> Folder {
        let from = "Desk <desk@example.com>".parse().unwrap();
        Folder::new(at.join("mails"), from)
    }

    fn envelope(to: &str, subject: &str, body: &str) -> Envelope {
        Envelope {
            id: NoticeId(Ids::first_at(crate::clock::Millis(1_800_000_000_000)) + 5),
            to: Address::ClientEmail(ClientId(7)),
            effect: Effect::Mail {
                to: to.to_owned(),
                subject: subject.to_owned(),
                body: body.to_owned(),
            },
        }
    }

    fn names(of: &Folder) -> Vec<String> {
        let found = std::fs::read_dir(&of.folder).unwrap();
        let names = found.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    #[tokio::test]
    async fn a_repeated_mail_is_the_same_file() {
        let home = tempfile::tempdir().unwrap();
        let folder = folder(home.path());
        folder.check().await.unwrap();
        let envelope = envelope("ada@example.com", "Crédit", "Hello Ada,\n\n5 credits\n");
        let name = format!("{}.eml", envelope.id);
        let read = || std::fs::read_to_string(folder.folder.join(&name)).unwrap();
        assert_eq!(folder.deliver(envelope.clone()).await, Outcome::Sent(None));
        let first = read();
        assert_eq!(folder.deliver(envelope.clone()).await, Outcome::Sent(None));
        assert_eq!(
            (first.clone(), names(&folder)),
            (read(), vec![name.clone()])
        );
        for line in [
            "From: Desk <desk@example.com>\r\n".to_owned(),
            "To: ada@example.com\r\n".to_owned(),
            "Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n".to_owned(),
            format!("Message-ID: <{}@example.com>\r\n", envelope.id),
            "Content-Type: text/plain; charset=utf-8\r\n".to_owned(),
            "\r\n\r\nHello Ada,\r\n\r\n5 credits\r\n".to_owned(),
        ] {
            assert!(first.contains(&line), "{line:?} is not in\n{first}");
        }
    }

    #[tokio::test]
    async fn no_header_is_smuggled_in() {
        let home = tempfile::tempdir().unwrap();
        let folder = folder(home.path());
        let smuggled = "a\r\nBcc: eve@example.com\r\n\r\nb";
        let sent = folder.deliver(envelope("ada@example.com", smuggled, "x"));
        if sent.await == Outcome::Sent(None) {
            for name in names(&folder) {
                let mail = std::fs::read_to_string(folder.folder.join(name)).unwrap();
                assert!(!mail.contains("\nBcc"), "{mail}");
            }
        }
        for to in ["ada@example.com\r\nBcc: eve@example.com", "ada", "a@b, c@d"] {
            let refused = folder.deliver(envelope(to, "x", "x")).await;
            assert!(matches!(refused, Outcome::Refused(_)), "{to}: {refused:?}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_written_is_tried_again() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("mails"), "in the way").unwrap();
        let folder = folder(home.path());
        assert!(folder.check().await.is_err());
        let outcome = folder.deliver(envelope("ada@example.com", "x", "x")).await;
        assert!(matches!(outcome, Outcome::Later { .. }), "{outcome:?}");
    }
}
