//! Section by section: which keys there are, what they are by default, and what may not stand together.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use iso_currency::Currency;

use super::faults::{Diagnostic, Place};
use super::source::{Document, Section};
use super::values;
use super::{
    Approvals, Business, Config, Database, Discord, DiscordMode, Email, Engine, Http, RoleEntry,
    Roles, Sms, SmsGateway, Telegram, TelegramMode,
};

const LATER: &str = "webhook intake is not available yet in this version; write";

/// Reads every section. Where something is wrong it is reported to the document and a default stands in, so that the
/// reading goes on; the document then refuses to finish.
pub(super) fn read(document: &mut Document) -> Config {
    let mut run_faults = Vec::new();
    let database = database(document.section("database"));
    let business = business(document.section("business"));
    let discord = discord(document.section("discord"), &mut run_faults);
    let telegram = telegram(document.section("telegram"), &mut run_faults);
    let http = http(document.section("http"));
    let email = email(document.section("email"));
    let sms = sms(document.section("sms"));
    let roles = roles(document.section("roles"));
    let decimals = business.credit_decimals;
    let approvals = approvals(document.section("approvals"), decimals, &roles);
    if discord.is_none() && telegram.is_none() {
        let message = "there is no messenger: write a [discord] or a [telegram] section with its token, \
                       or set BURSAR__DISCORD__TOKEN or BURSAR__TELEGRAM__TOKEN";
        run_faults.push(Diagnostic::new(document.whole(), message));
    }
    Config {
        database,
        discord,
        telegram,
        http,
        email,
        sms,
        roles,
        approvals,
        business,
        run_faults,
    }
}

fn database(mut section: Section<'_>) -> Database {
    let url = section.value("url", &values::database());
    section.finish();
    url.unwrap_or_else(|| Database {
        engine: Engine::Sqlite,
        url: "sqlite://bursar.db".into(),
    })
}

fn business(mut section: Section<'_>) -> Business {
    let decimals = values::whole("a number of decimals from 0 to 6", "0", 0..=6);
    let days = values::whole("a number of days from 1 to 365", "7", 1..=365);
    let due = values::whole("a number of days from 0 to 365", "14", 0..=365);
    let hosts = section.list("webhook_hosts_allowed", &values::host());
    let reminders = section.list("reminder_days", &days);
    // An amount must not be called wrong because the number of decimals was: the widest stands in.
    let decimals_given = section.is_written("credit_decimals");
    let fallback = if decimals_given { 6 } else { 0 };
    let business = Business {
        name: section
            .value("name", &values::text("a name", "\"Bursar\""))
            .unwrap_or_else(|| "Bursar".to_owned()),
        currency: section
            .value("currency", &values::currency())
            .unwrap_or(Currency::EUR),
        credit_decimals: section
            .value("credit_decimals", &decimals)
            .unwrap_or(fallback),
        price_per_credit: section
            .value("price_per_credit", &values::price())
            .unwrap_or(50_000),
        tax_rate: section.value("tax_rate", &values::percent()).unwrap_or(0),
        language: section
            .value("language", &values::language())
            .unwrap_or_else(|| "en".parse().unwrap_or_default()),
        staff_channel_id: section.value("staff_channel_id", &values::snowflake()),
        due_days: section
            .value("due_days", &due)
            .and_then(|days| u16::try_from(days).ok())
            .unwrap_or(14),
        reminder_days: reminders.map_or_else(
            || vec![7, 14, 30],
            |days| {
                let mut days: Vec<u32> = days.into_iter().map(|(day, _)| day).collect();
                days.sort_unstable();
                days.dedup();
                days
            },
        ),
        webhook_hosts_allowed: hosts
            .unwrap_or_default()
            .into_iter()
            .map(|(host, _)| host)
            .collect(),
    };
    section.finish();
    business
}

fn discord(mut section: Section<'_>, run_faults: &mut Vec<Diagnostic>) -> Option<Discord> {
    let is_given = section.is_given();
    let modes = values::choice(
        "\"gateway\" or \"webhook\"",
        "\"gateway\"",
        &[
            ("gateway", DiscordMode::Gateway),
            ("webhook", DiscordMode::Webhook),
        ],
    );
    let place = section.place("mode");
    let key_written = section.is_written("public_key");
    let token = section.required("token", &values::discord_token());
    let guild_id = section.required("guild_id", &values::snowflake());
    let approvals_channel_id = section.value("approvals_channel_id", &values::snowflake());
    let mode = section.value("mode", &modes);
    let public_key = section.value("public_key", &values::public_key());
    let api_url = section.value("api_url", &values::discord_api_url());
    if is_given && mode == Some(DiscordMode::Webhook) {
        if !key_written {
            let message = "\"webhook\" needs public_key as well: without it nothing that comes in can be believed";
            section.report(place.clone(), "mode", message);
        }
        let message = format!("{LATER} \"gateway\"");
        run_faults.push(section.diagnostic(place, "mode", &message));
    }
    section.finish();
    Some(Discord {
        token: token?,
        guild_id: guild_id?,
        approvals_channel_id,
        mode: mode.unwrap_or(DiscordMode::Gateway),
        public_key,
        api_url,
    })
    .filter(|_| is_given)
}

fn telegram(mut section: Section<'_>, run_faults: &mut Vec<Diagnostic>) -> Option<Telegram> {
    let is_given = section.is_given();
    let modes = values::choice(
        "\"polling\" or \"webhook\"",
        "\"polling\"",
        &[
            ("polling", TelegramMode::Polling),
            ("webhook", TelegramMode::Webhook),
        ],
    );
    let place = section.place("mode");
    let secret_written = section.is_written("webhook_secret");
    let token = section.required("token", &values::telegram_token());
    let mode = section.value("mode", &modes);
    let webhook_secret = section.value("webhook_secret", &values::webhook_secret());
    let api_url = section.value("api_url", &values::http_url());
    if is_given && mode == Some(TelegramMode::Webhook) {
        if !secret_written {
            let message = "\"webhook\" needs webhook_secret as well: without it nothing that comes in can be believed";
            section.report(place.clone(), "mode", message);
        }
        let message = format!("{LATER} \"polling\"");
        run_faults.push(section.diagnostic(place, "mode", &message));
    }
    section.finish();
    Some(Telegram {
        token: token?,
        mode: mode.unwrap_or(TelegramMode::Polling),
        webhook_secret,
        api_url,
    })
    .filter(|_| is_given)
}

fn http(mut section: Section<'_>) -> Option<Http> {
    let is_given = section.is_given();
    let listen = section.value("listen", &values::listen());
    let public_url = section.value("public_url", &values::http_url());
    section.finish();
    is_given.then(|| Http {
        listen: listen.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080)),
        public_url,
    })
}

fn email(mut section: Section<'_>) -> Option<Email> {
    let route = section.required("url", &values::mail_route());
    let from = section.required("from", &values::mailbox());
    section.finish();
    Some(Email {
        route: route?,
        from: from?,
    })
}

fn sms(mut section: Section<'_>) -> Option<Sms> {
    let is_given = section.is_given();
    let gateways = values::choice(
        "kannel, http, twilio, jasmin, infobip or vonage",
        "\"kannel\"",
        &[
            ("kannel", SmsGateway::Kannel),
            ("http", SmsGateway::Http),
            ("twilio", SmsGateway::Twilio),
            ("jasmin", SmsGateway::Jasmin),
            ("infobip", SmsGateway::Infobip),
            ("vonage", SmsGateway::Vonage),
        ],
    );
    let place = section.place("gateway");
    let written = ["username", "password", "api_key"].map(|key| (key, section.is_written(key)));
    let gateway = section.required("gateway", &gateways);
    let url = section.required("url", &values::gateway_url());
    let username = section.value("username", &values::text("a user name", "\"bursar\""));
    let password = section.value("password", &values::secret("a password", "\"...\""));
    let api_key = section.value("api_key", &values::secret("a key", "\"...\""));
    let from = section.value("from", &values::text("a sender", "\"Bursar\""));
    let needs: &[&str] = match gateway {
        None | Some(SmsGateway::Http) => &[],
        Some(SmsGateway::Infobip) => &["api_key"],
        Some(SmsGateway::Kannel | SmsGateway::Twilio | SmsGateway::Jasmin | SmsGateway::Vonage) => {
            &["username", "password"]
        }
    };
    for (key, is_written) in written {
        if is_given && needs.contains(&key) && !is_written {
            section.report(place.clone(), "gateway", &format!("needs {key} as well"));
        }
    }
    section.finish();
    Some(Sms {
        gateway: gateway?,
        url: url?,
        username,
        password,
        api_key,
        from,
    })
}

fn roles(mut section: Section<'_>) -> Roles {
    let mut seen: Vec<(RoleEntry, &'static str)> = Vec::new();
    let mut read = |key: &'static str| -> Vec<RoleEntry> {
        let entries = section.list(key, &values::role_entry());
        let mut kept = Vec::new();
        for (entry, place) in entries.unwrap_or_default() {
            if let Some((_, other)) = seen.iter().find(|(known, _)| *known == entry) {
                let message = if *other == key {
                    format!("{entry} stands here twice")
                } else {
                    format!("{entry} stands under {other} as well, and a person has one role")
                };
                section.report(place, key, &message);
            } else {
                seen.push((entry, key));
                kept.push(entry);
            }
        }
        kept
    };
    let roles = Roles {
        admin: read("admin"),
        finance: read("finance"),
        support: read("support"),
        auditor: read("auditor"),
    };
    if section.is_written("reseller") {
        let place = section.place("reseller");
        let message = "a reseller comes by code, which names his client: bursar people invite --role reseller";
        section.report(place, "reseller", message);
        section.forget("reseller");
    }
    section.finish();
    roles
}

fn approvals(mut section: Section<'_>, decimals: u32, roles: &Roles) -> Approvals {
    let solo_place = section.place("solo");
    let two_above = section.value("two_above", &values::credits(decimals));
    let expires = section.value("expires", &values::duration());
    let request_expires = section.value("request_expires", &values::duration());
    let undo = section.value("undo", &values::duration_or_none());
    let solo = section.value("solo", &values::flag()).unwrap_or(false);
    let mut limit = |role: &'static str| -> i64 {
        let mut below = section.section(role);
        let limit = below.value("direct_limit", &values::credits(decimals));
        below.finish();
        limit.unwrap_or(0)
    };
    let (admin_limit, finance_limit, support_limit) =
        (limit("admin"), limit("finance"), limit("support"));
    if solo {
        refuse_company(&section, &solo_place, &roles.admin);
    }
    section.finish();
    Approvals {
        two_above,
        expires: expires.unwrap_or(Duration::from_mins(30)),
        request_expires: request_expires.unwrap_or(Duration::from_hours(72)),
        undo: undo.unwrap_or(Duration::from_mins(2)),
        solo,
        admin_limit,
        finance_limit,
        support_limit,
    }
}

/// `solo` says that there is one admin: whatever says otherwise contradicts it.
fn refuse_company(section: &Section<'_>, place: &Place, admins: &[RoleEntry]) {
    let by_role = admins
        .iter()
        .find(|entry| matches!(entry, RoleEntry::DiscordRole(_)));
    if let Some(entry) = by_role {
        let message = format!(
            "true cannot stand beside admin = {entry}: any number of people may have that Discord role"
        );
        section.report(place.clone(), "solo", &message);
    } else if admins.len() > 1 {
        let message = "true cannot stand beside more than one admin; if they are one person, name one of them and \
                       link the other by code";
        section.report(place.clone(), "solo", message);
    }
}
