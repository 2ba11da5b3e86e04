//! What people attach to commands, fetched from where Discord says that it is, and from nowhere else.

use std::net::IpAddr;

use futures_util::future::BoxFuture;
use reqwest::Url;

use super::Api;
use crate::chat::Messenger;
use crate::chat::file::{Files, Incoming, Unfetched};
use crate::fault::Fault;

/// Hosts of Discord's own, and whatever is below them.
const HOSTS: [&str; 3] = ["discord.com", "discordapp.com", "discordapp.net"];

impl Files for Api {
    fn serves(&self, messenger: Messenger) -> bool {
        messenger == Messenger::Discord
    }

    fn fetch<'a>(
        &'a self,
        file: &'a Incoming,
        most: u64,
    ) -> BoxFuture<'a, Result<Vec<u8>, Unfetched>> {
        Box::pin(async move {
            let Some(url) = vouched(&file.at, self.rest().api_url()) else {
                let fault = Fault::internal("an attachment's address is none of Discord's");
                return Err(Unfetched::Fault(fault));
            };
            self.0.downloads.fetch(url, most).await
        })
    }
}

/// The address, if it is Discord's, or on the machine that stands in for Discord: files may have a port of their own there.
fn vouched(address: &str, api_url: Option<&str>) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let stands_in = api_url.and_then(|api| Url::parse(api).ok());
    if stands_in.is_some_and(|api| is_beside(&api, &url)) {
        return Some(url);
    }
    let host = url.host_str()?;
    let is_discords = HOSTS.iter().any(|own| {
        host.strip_suffix(own)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    let is_plain = url.port().is_none() && url.username().is_empty() && url.password().is_none();
    (url.scheme() == "https" && is_discords && is_plain).then_some(url)
}

fn is_beside(api: &Url, file: &Url) -> bool {
    let is_loopback = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let address = address.parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    };
    let is_web = matches!(file.scheme(), "http" | "https");
    is_web && (api.host_str() == file.host_str() || (is_loopback(api) && is_loopback(file)))
}

#[cfg(test)]
mod tests {
    use super::vouched;

    #[test]
    fn only_discords_own_addresses_are_fetched_from() {
        let check = |address: &str, expected: bool| {
            let found = vouched(address, Some("http://127.0.0.1:7070/discord")).is_some();
            assert_eq!(found, expected, "{address}");
        };
        check(
            "https://cdn.discordapp.com/attachments/1/2/a.csv?ex=1",
            true,
        );
        check("https://media.discordapp.net/attachments/1/2/a.csv", true);
        check("http://127.0.0.1:7070/cdn/attachments/1/2/a.csv", true);
        check("http://127.0.0.1:7071/cdn/attachments/1/2/a.csv", true);
        check("http://localhost:7071/cdn/attachments/1/2/a.csv", true);
        check("http://10.0.0.1:7070/cdn/attachments/1/2/a.csv", false);
        check("http://cdn.discordapp.com/attachments/1/2/a.csv", false);
        check("https://cdn.discordapp.com:8443/a.csv", false);
        check("https://ada@cdn.discordapp.com/a.csv", false);
        check("https://notdiscordapp.com/a.csv", false);
        check("https://cdn.discordapp.com.example.org/a.csv", false);
        check("https://169.254.169.254/latest", false);
        check("file:///etc/passwd", false);
        check("clients.csv", false);
    }
}
