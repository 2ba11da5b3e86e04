//! What people send, fetched by its file id: Telegram says where it is, and it is on the API's own server.

use futures_util::future::BoxFuture;
use reqwest::Url;
use secrecy::SecretString;
use serde::Deserialize;
use teloxide::payloads::GetFile;
use teloxide::types::FileId;

use super::wire::{Failure, Wire};
use crate::chat::Messenger;
use crate::chat::file::{Files, Incoming, MOST_IN, Unfetched};
use crate::download::{Downloads, PATIENCE};
use crate::fault::Fault;

/// Fetches what people send on Telegram.
pub struct TelegramFiles {
    wire: Wire,
    downloads: Downloads,
}

#[derive(Deserialize)]
struct Found {
    file_path: Option<String>,
}

impl TelegramFiles {
    /// A way to the files of one bot. Calls nothing yet.
    pub fn new(token: &SecretString, api_url: Option<&str>) -> Result<Self, Fault> {
        Ok(Self {
            wire: Wire::new(token, api_url, None)?,
            downloads: Downloads::new()?,
        })
    }

    /// Where the file is. The address holds the token.
    async fn find(&self, file: &Incoming) -> Result<Url, Unfetched> {
        let asked = GetFile::new(FileId(file.at.clone()));
        let found: Found = match self.wire.call(&asked).await {
            Ok(found) => found,
            Err(failure) if failure.says("file is too big") => {
                return Err(Unfetched::TooLarge(MOST_IN));
            }
            Err(Failure::Refused { .. }) => return Err(Unfetched::Gone),
            Err(failure) => return Err(Unfetched::Fault(failure.into())),
        };
        let path = found.file_path.ok_or(Unfetched::Gone)?;
        let url = self.wire.file_url(&path);
        url.ok_or_else(|| Unfetched::Fault(Fault::internal("a file's path that is none")))
    }
}

impl Files for TelegramFiles {
    fn serves(&self, messenger: Messenger) -> bool {
        messenger == Messenger::Telegram
    }

    fn fetch<'a>(
        &'a self,
        file: &'a Incoming,
        most: u64,
    ) -> BoxFuture<'a, Result<Vec<u8>, Unfetched>> {
        Box::pin(async move {
            let fetching = async { self.downloads.fetch(self.find(file).await?, most).await };
            match tokio::time::timeout(PATIENCE, fetching).await {
                Ok(fetched) => fetched,
                Err(_) => Err(Unfetched::Fault(Fault::timeout(
                    "fetching a file took too long",
                ))),
            }
        })
    }
}
