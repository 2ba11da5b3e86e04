//! `bursar check`: whether everything that the configuration names is there, each ok or why not.

use std::time::Duration;

use lettre::AsyncSmtpTransport;
use lettre::Tokio1Executor;
use secrecy::{ExposeSecret as _, SecretString};

use super::discord_settings;
use crate::config::{Config, Email, MailRoute, Sms};
use crate::delivery::email::Folder;
use crate::store::Store;
use crate::{discord, telegram};

/// How long each part may take to answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// One part and how it is: `Err` says why it is not well.
pub type Finding = (&'static str, Result<String, String>);

/// Looks at every part that is configured.
pub async fn check(config: &Config) -> Vec<Finding> {
    let mut findings = vec![("database", patiently(database(config)).await)];
    if let Some(settings) = &config.discord {
        let work = async {
            let api =
                discord::Api::new(discord_settings(settings)).map_err(|fault| fault.cause())?;
            api.check().await.map_err(|fault| fault.cause())
        };
        findings.push(("discord", patiently(work).await));
    }
    if let Some(settings) = &config.telegram {
        let work = telegram::check(&settings.token, settings.api_url.as_deref());
        let work = async {
            work.await
                .map(|name| format!("@{name}"))
                .map_err(|fault| fault.cause())
        };
        findings.push(("telegram", patiently(work).await));
    }
    if let Some(email) = &config.email {
        findings.push(("email", patiently(mail(email)).await));
    }
    if let Some(sms) = &config.sms {
        findings.push(("sms", patiently(gateway(sms)).await));
    }
    if let Err(faults) = config.for_run() {
        findings.push(("run", Err(faults.to_string())));
    }
    findings
}

async fn patiently(work: impl Future<Output = Result<String, String>>) -> Result<String, String> {
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or_else(|_| Err("no answer in time".to_owned()))
}

async fn database(config: &Config) -> Result<String, String> {
    let store = Store::connect(config.database.url.expose_secret())
        .await
        .map_err(|fault| fault.cause())?;
    let current = store.is_current().await.map_err(|fault| fault.cause())?;
    if current {
        Ok(store.engine().to_owned())
    } else {
        Ok(format!(
            "{}, to be brought to this version by `bursar migrate` or at the next start",
            store.engine()
        ))
    }
}

async fn mail(email: &Email) -> Result<String, String> {
    match &email.route {
        MailRoute::Smtp(url) => smtp(url).await,
        MailRoute::Folder(folder) => {
            let courier = Folder::new(folder.clone(), email.from.clone());
            let written = courier.check().await;
            written
                .map(|()| format!("mails are written into {}", folder.display()))
                .map_err(|error| format!("{}: {error}", folder.display()))
        }
    }
}

async fn smtp(url: &SecretString) -> Result<String, String> {
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret());
    let transport: AsyncSmtpTransport<Tokio1Executor> =
        transport.map_err(|error| error.to_string())?.build();
    match transport.test_connection().await {
        Ok(true) => Ok("the server answers".to_owned()),
        Ok(false) => Err("the server does not take commands".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

async fn gateway(sms: &Sms) -> Result<String, String> {
    // Any answer will do: what a gateway thinks of a bare call says nothing about it.
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| error.to_string())?;
    let answer = client.get(sms.url.expose_secret()).send().await;
    answer
        .map(|_| "the gateway answers".to_owned())
        .map_err(|error| error.without_url().to_string())
}
