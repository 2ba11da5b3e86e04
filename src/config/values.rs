//! Every kind of value that a setting may have: lenient in how a person writes it, strict in what it may be.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use iso_currency::Currency;
use lettre::message::Mailbox;
use reqwest::Url;
use secrecy::SecretString;
use sqlx::sqlite::SqliteConnectOptions;
use unic_langid::LanguageIdentifier;

use super::kind::{Kind, Parsed, Reason, Shape};
use super::{Database, Engine, MailRoute, RoleEntry};

const WHOLE: &[Shape] = &[Shape::Text, Shape::Integer];
const NUMBER: &[Shape] = &[Shape::Text, Shape::Integer, Shape::Float];

pub(super) fn text(
    what: &'static str,
    example: &'static str,
) -> Kind<impl Fn(&str) -> Parsed<String>> {
    Kind::new(what, example, |text: &str| {
        let plain = !text.is_empty() && !text.chars().any(char::is_control);
        plain.then(|| text.to_owned()).ok_or(Reason::Unlike)
    })
}

/// Something to keep to ourselves, without blanks in it.
pub(super) fn secret(
    what: &'static str,
    example: &'static str,
) -> Kind<impl Fn(&str) -> Parsed<SecretString>> {
    Kind::new(what, example, |text: &str| {
        let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
        plain.then(|| text.into()).ok_or(Reason::Unlike)
    })
    .secret()
}

pub(super) fn discord_token() -> Kind<impl Fn(&str) -> Parsed<SecretString>> {
    Kind::new("a bot token", "\"MTIz.abc.def\"", |text: &str| {
        let token = text.strip_prefix("Bot ").unwrap_or(text);
        let plain = !token.is_empty() && token.chars().all(|c| c.is_ascii_graphic());
        plain.then(|| token.into()).ok_or(Reason::Unlike)
    })
    .secret()
}

pub(super) fn telegram_token() -> Kind<impl Fn(&str) -> Parsed<SecretString>> {
    Kind::new(
        "a bot token as BotFather gives it",
        "\"123456:ABC-def\"",
        |text: &str| {
            let (id, rest) = text.split_once(':').ok_or(Reason::Unlike)?;
            let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            let plain = id.parse::<u64>().is_ok() && !rest.is_empty() && rest.chars().all(letters);
            plain.then(|| text.into()).ok_or(Reason::Unlike)
        },
    )
    .secret()
}

/// What Telegram allows in `secret_token`.
pub(super) fn webhook_secret() -> Kind<impl Fn(&str) -> Parsed<SecretString>> {
    let what = "1 to 256 letters, digits, - or _";
    Kind::new(what, "\"a-long-random-word\"", |text: &str| {
        let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let plain = (1..=256).contains(&text.len()) && text.chars().all(letters);
        plain.then(|| text.into()).ok_or(Reason::Unlike)
    })
    .secret()
}

/// An Ed25519 public key in hexadecimal digits.
pub(super) fn public_key() -> Kind<impl Fn(&str) -> Parsed<[u8; 32]>> {
    let example = "the 64 digits that Discord's developer page shows";
    Kind::new("a public key", example, |text: &str| {
        if text.len() != 64 || !text.is_ascii() {
            return Err(Reason::Unlike);
        }
        let mut key = [0; 32];
        for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(pair).map_err(|_| Reason::Unlike)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| Reason::Unlike)?;
        }
        Ok(key)
    })
}

pub(super) fn snowflake() -> Kind<impl Fn(&str) -> Parsed<u64>> {
    Kind::new("a Discord id", "\"1184500000000000001\"", |text: &str| {
        discord_id(text).ok_or(Reason::Unlike)
    })
    .accepting(WHOLE)
}

fn discord_id(text: &str) -> Option<u64> {
    digits(text)?.parse().ok().filter(|id| *id > 0)
}

/// The text again, if it is ASCII digits and nothing else.
fn digits(text: &str) -> Option<&str> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then_some(text)
}

pub(super) fn role_entry() -> Kind<impl Fn(&str) -> Parsed<RoleEntry>> {
    let what = "discord-role:ID, discord:USER_ID or telegram:USER_ID";
    Kind::new(what, "\"telegram:123456789\"", |text: &str| {
        let (messenger, id) = text.split_once(':').ok_or(Reason::Unlike)?;
        let id = id.trim();
        let entry = match messenger.trim() {
            "discord-role" => discord_id(id).map(RoleEntry::DiscordRole),
            "discord" => discord_id(id).map(RoleEntry::Discord),
            "telegram" => {
                let id = digits(id).and_then(|id| id.parse::<i64>().ok());
                id.filter(|id| *id > 0).map(RoleEntry::Telegram)
            }
            _ => None,
        };
        entry.ok_or(Reason::Unlike)
    })
}

pub(super) fn flag() -> Kind<impl Fn(&str) -> Parsed<bool>> {
    Kind::new("true or false", "true", |text: &str| {
        text.to_ascii_lowercase()
            .parse()
            .map_err(|_| Reason::Unlike)
    })
    .accepting(&[Shape::Flag, Shape::Text])
}

/// One word out of a few.
pub(super) fn choice<T: Copy>(
    what: &'static str,
    example: &'static str,
    words: &'static [(&'static str, T)],
) -> Kind<impl Fn(&str) -> Parsed<T>> {
    Kind::new(what, example, |text: &str| {
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, choice)| *choice).ok_or(Reason::Unlike)
    })
}

pub(super) fn whole(
    what: &'static str,
    example: &'static str,
    bounds: std::ops::RangeInclusive<u32>,
) -> Kind<impl Fn(&str) -> Parsed<u32>> {
    Kind::new(what, example, move |text: &str| {
        let number: u32 = digits(text)
            .and_then(|text| text.parse().ok())
            .ok_or(Reason::Unlike)?;
        bounds
            .contains(&number)
            .then_some(number)
            .ok_or(Reason::Unlike)
    })
    .accepting(WHOLE)
}

/// Longer than any wait that makes sense here; it keeps later arithmetic far from overflow.
const LONGEST: u64 = 366 * 24 * 3600;

pub(super) fn duration() -> Kind<impl Fn(&str) -> Parsed<Duration>> {
    Kind::new("a time", "\"30m\"", |text: &str| {
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = &text[..text.len() - unit.len()];
        let number: u64 = number.parse().map_err(|_| Reason::Unlike)?;
        let seconds = match unit.trim_start() {
            "" | "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 24 * 3600,
            _ => return Err(Reason::Unlike),
        };
        match number.checked_mul(seconds) {
            Some(0) => Err(Reason::because(
                "is no time at all; write for example \"30m\"",
            )),
            Some(seconds) if seconds <= LONGEST => Ok(Duration::from_secs(seconds)),
            _ => Err(Reason::because("is longer than a year")),
        }
    })
    .accepting(WHOLE)
}

/// A time, or none at all where `0` means that something is left out.
pub(super) fn duration_or_none() -> Kind<impl Fn(&str) -> Parsed<Duration>> {
    let some = duration();
    Kind::new("a time", "\"2m\"", move |text: &str| {
        if text == "0" {
            Ok(Duration::ZERO)
        } else {
            some.parse(text)
        }
    })
    .accepting(WHOLE)
}

/// Reads ASCII digits with an optional point and at most `decimals` digits after it, into units of the last of them.
fn decimal(text: &str, decimals: u32) -> Parsed<i64> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, digits(fraction).ok_or(Reason::Unlike)?),
        None => (text, ""),
    };
    let whole = digits(whole).ok_or(Reason::Unlike)?;
    let missing = usize::try_from(decimals)
        .ok()
        .and_then(|decimals| decimals.checked_sub(fraction.len()))
        .ok_or_else(|| match decimals {
            0 => Reason::because("has decimals, and there are none here"),
            1 => Reason::because("has more than 1 decimal"),
            more => Reason::because(format!("has more than {more} decimals")),
        })?;
    let number = format!("{whole}{fraction}{:0<missing$}", "");
    number
        .parse()
        .map_err(|_| Reason::because("is larger than any amount can be"))
}

/// An amount of credits, in smallest units.
pub(super) fn credits(decimals: u32) -> Kind<impl Fn(&str) -> Parsed<i64>> {
    Kind::new("an amount of credits", "\"500\"", move |text: &str| {
        decimal(text, decimals)
    })
    .accepting(NUMBER)
}

/// A price of one whole credit, in millionths of the currency unit.
pub(super) fn price() -> Kind<impl Fn(&str) -> Parsed<i64>> {
    Kind::new("a price", "\"0.05\"", |text: &str| decimal(text, 6)).accepting(NUMBER)
}

/// A rate of tax in percent, in basis points.
pub(super) fn percent() -> Kind<impl Fn(&str) -> Parsed<u32>> {
    Kind::new("a rate in percent", "\"20\"", |text: &str| {
        let number = text.strip_suffix('%').unwrap_or(text).trim_end();
        let points = decimal(number, 2)?;
        u32::try_from(points)
            .ok()
            .filter(|points| *points <= 10_000)
            .ok_or_else(|| Reason::because("is more than 100 percent"))
    })
    .accepting(NUMBER)
}

pub(super) fn currency() -> Kind<impl Fn(&str) -> Parsed<Currency>> {
    Kind::new("a currency of ISO 4217", "\"EUR\"", |text: &str| {
        let currency = Currency::from_code(&text.to_ascii_uppercase()).ok_or(Reason::Unlike)?;
        match currency.exponent() {
            Some(_) => Ok(currency),
            None => Err(Reason::because("has no minor unit to count money in")),
        }
    })
}

pub(super) fn language() -> Kind<impl Fn(&str) -> Parsed<LanguageIdentifier>> {
    Kind::new("a language tag", "\"en\" or \"pt-BR\"", |text: &str| {
        let language = LanguageIdentifier::from_str(text).map_err(|_| Reason::Unlike)?;
        // The parser takes the empty text for "und", which is the tag of no language.
        let named = !language.language.is_empty();
        named.then_some(language).ok_or(Reason::Unlike)
    })
}

pub(super) fn database() -> Kind<impl Fn(&str) -> Parsed<Database>> {
    let what = "the address of a database";
    let example = "\"sqlite://bursar.db\" or \"postgres://user:password@host/bursar\"";
    Kind::new(what, example, |text: &str| {
        let engine = if let Some(rest) = text.strip_prefix("sqlite:") {
            if rest.contains(":memory:") || rest.contains("mode=memory") {
                let reason = "would forget everything: the database must be a file";
                return Err(Reason::because(reason));
            }
            let path = rest.strip_prefix("//").ok_or(Reason::Unlike)?;
            if path.is_empty() || path.starts_with('?') || path.ends_with('/') {
                return Err(Reason::because("names no file"));
            }
            SqliteConnectOptions::from_str(text)
                .map_err(|_| Reason::because("has a parameter that SQLite does not know"))?;
            Engine::Sqlite
        } else {
            let url = Url::parse(text).map_err(|_| Reason::Unlike)?;
            match url.scheme() {
                "postgres" | "postgresql" => Engine::Postgres,
                _ => return Err(Reason::Unlike),
            }
        };
        Ok(Database {
            engine,
            url: text.into(),
        })
    })
    .secret()
}

/// An http(s) address, kept without its trailing slash.
pub(super) fn http_url() -> Kind<impl Fn(&str) -> Parsed<String>> {
    Kind::new(
        "an http or https address",
        "\"https://example.com\"",
        base_url,
    )
}

/// Discord's API, with or without the path that every request adds.
pub(super) fn discord_api_url() -> Kind<impl Fn(&str) -> Parsed<String>> {
    Kind::new(
        "an http or https address",
        "\"http://127.0.0.1:7071\"",
        |text: &str| {
            let base = base_url(text)?;
            let version = base.trim_end_matches(|c: char| c.is_ascii_digit());
            let versioned = version.strip_suffix("/api/v");
            let root = versioned.or(base.strip_suffix("/api")).unwrap_or(&base);
            Ok(root.trim_end_matches('/').to_owned())
        },
    )
}

fn base_url(text: &str) -> Parsed<String> {
    let url = Url::parse(text).map_err(|_| Reason::Unlike)?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(Reason::Unlike);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Reason::because("must end before any ? or #"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// An smtp address, or `file:` and a folder.
pub(super) fn mail_route() -> Kind<impl Fn(&str) -> Parsed<MailRoute>> {
    let example = "\"smtp://user:password@mail.example.com:587\" or \"file:mails\"";
    let what = "an smtp or smtps address, or file: and a folder";
    Kind::new(what, example, |text: &str| {
        if let Some(folder) = text.strip_prefix("file:") {
            let folder = folder.strip_prefix("//").unwrap_or(folder);
            let fits = !folder.is_empty() && !folder.chars().any(char::is_control);
            let route = || MailRoute::Folder(folder.into());
            return fits.then(route).ok_or(Reason::Unlike);
        }
        let url = Url::parse(text).map_err(|_| Reason::Unlike)?;
        let fits = matches!(url.scheme(), "smtp" | "smtps") && url.host().is_some();
        fits.then(|| MailRoute::Smtp(text.into()))
            .ok_or(Reason::Unlike)
    })
    .secret()
}

/// An http(s) address that may carry credentials.
pub(super) fn gateway_url() -> Kind<impl Fn(&str) -> Parsed<SecretString>> {
    let example = "\"http://127.0.0.1:13013\"";
    Kind::new("an http or https address", example, |text: &str| {
        let url = Url::parse(text).map_err(|_| Reason::Unlike)?;
        let fits = matches!(url.scheme(), "http" | "https") && url.host().is_some();
        fits.then(|| text.into()).ok_or(Reason::Unlike)
    })
    .secret()
}

pub(super) fn mailbox() -> Kind<impl Fn(&str) -> Parsed<Mailbox>> {
    let example = "\"Desk <desk@example.com>\"";
    Kind::new("an email address", example, |text: &str| {
        text.parse().map_err(|_| Reason::Unlike)
    })
}

pub(super) fn listen() -> Kind<impl Fn(&str) -> Parsed<SocketAddr>> {
    let what = "an address with a port";
    Kind::new(what, "\"127.0.0.1:8080\"", |text: &str| {
        if let Some(port) = text.strip_prefix("localhost:") {
            let port = port.parse().map_err(|_| Reason::Unlike)?;
            return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
        }
        text.parse().map_err(|_| Reason::Unlike)
    })
}

/// A host name or address, with a port or without.
pub(super) fn host() -> Kind<impl Fn(&str) -> Parsed<String>> {
    let what = "a host, with a port or without";
    Kind::new(what, "\"hooks.example.com:8443\"", |text: &str| {
        let text = text.to_ascii_lowercase();
        if text.parse::<IpAddr>().is_ok() {
            return Ok(text);
        }
        if text.contains(['/', '@', '?', '#', '*']) {
            return Err(Reason::Unlike);
        }
        let url = Url::parse(&format!("http://{text}/")).map_err(|_| Reason::Unlike)?;
        url.host().is_some().then_some(text).ok_or(Reason::Unlike)
    })
}
