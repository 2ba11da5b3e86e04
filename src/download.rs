//! Fetches one file over HTTP: so many bytes and no more, in so much time, from that very address.

use std::time::Duration;

use reqwest::{Client, StatusCode, Url};

use crate::chat::file::{MOST_IN, Unfetched};
use crate::fault::Fault;

/// How long fetching a file may take altogether: less than whoever asked waits for the reply.
pub const PATIENCE: Duration = Duration::from_secs(8);

/// Fetches files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Downloads(Client);

impl Downloads {
    /// A client of its own: a redirect could lead anywhere, and is not followed.
    pub fn new() -> Result<Self, Fault> {
        let client = Client::builder()
            .use_rustls_tls()
            .connect_timeout(Duration::from_secs(3))
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self(client))
    }

    /// What is at the address, at most `most` and [`MOST_IN`] bytes. The address never gets into an error: it may hold
    /// a secret.
    pub async fn fetch(&self, url: Url, most: u64) -> Result<Vec<u8>, Unfetched> {
        let most = most.min(MOST_IN);
        let broken =
            |error: reqwest::Error| Unfetched::Fault(Fault::messenger(error.without_url()));
        let mut response = self.0.get(url).send().await.map_err(broken)?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN | StatusCode::GONE => {
                return Err(Unfetched::Gone);
            }
            status => {
                let error = anyhow::anyhow!("a file could not be fetched: {status}");
                return Err(Unfetched::Fault(Fault::messenger(error)));
            }
        }
        let is_too_large = |bytes: u64| bytes > most;
        if response.content_length().is_some_and(is_too_large) {
            return Err(Unfetched::TooLarge(most));
        }
        let mut bytes = Vec::new();
        // The length may be missing, or wrong.
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            if is_too_large((bytes.len() + chunk.len()) as u64) {
                return Err(Unfetched::TooLarge(most));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}
