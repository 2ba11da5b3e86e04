//! What an event says about who asked, where, and from which message.

use serde_json::json;
use serenity::model::id::GuildId;

use super::*;
use crate::chat::{Identity, Messenger, Place};
use crate::delivery::courier::{Address, Courier as _, Effect, Envelope, Outcome};
use crate::discord::{DiscordCourier, inbound};
use crate::domain::ids::NoticeId;

#[tokio::test]
async fn a_command_in_the_guild_brings_name_locale_and_roles() {
    let bench = Bench::start(|_| Part::at_once(client_card())).await;
    let ada = bench.local.person_with_roles("Ada", &["finance"]);
    ada.set_locale("fr");
    let given = [("client", "ada"), ("amount", "5"), ("mode", "gift")];
    let asked = ada.command("credit add", &given).await.unwrap();
    asked.reply().await.unwrap();
    let event = bench.desk.last();
    assert_eq!(event.id, format!("discord:{}", asked.id()));
    assert_eq!(
        event.from.identity,
        Identity {
            messenger: Messenger::Discord,
            user: ada.id().cast_signed(),
        }
    );
    assert_eq!(
        (event.from.name.as_str(), event.from.locale.as_str()),
        ("Ada", "fr")
    );
    let role = bench.local.role("finance").cast_signed();
    assert_eq!(event.from.roles, Some(vec![role]));
    assert_eq!(event.place, Place::Guild);
    assert_eq!((event.message, event.at), (None, Millis(1_000)));
    assert_eq!(
        event.ask,
        Ask::Command {
            name: "credit add".to_owned(),
            values: Values::from(given),
        }
    );
}

#[tokio::test]
async fn elsewhere_nobody_has_roles() {
    let bench = Bench::start(|_| Part::at_once(placed("Seen", Placement::Edit))).await;
    let courier = DiscordCourier::new(bench.api.clone());
    let post = |id: i64, to: Address| Envelope {
        id: NoticeId(id),
        to,
        effect: Effect::Post {
            card: titled("Notice"),
            buttons: vec![vec![view(1, "Open")]],
        },
    };
    let ada = bench.local.person_with_roles("Ada", &["admin"]);
    let direct = Address::DiscordUser(ada.id().cast_signed());
    assert!(matches!(
        courier.deliver(post(1, direct)).await,
        Outcome::Sent(Some(_))
    ));
    let notice = ada
        .waits_for_dm(|message| message.text().contains("Notice"))
        .await
        .unwrap();
    ada.in_dm()
        .press(&notice, "Open")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    let event = bench.desk.last();
    assert_eq!(
        (event.place, event.from.roles),
        (Place::DirectMessage, None)
    );

    let guild = bench.local.add_guild("Elsewhere");
    let channel = bench.local.channel_in(guild, "general");
    ada.give_role_in(guild, "admin");
    let there = Address::DiscordChannel(channel.cast_signed());
    assert!(matches!(
        courier.deliver(post(2, there)).await,
        Outcome::Sent(Some(_))
    ));
    let ada = ada.at(local::Place::Channel(channel));
    let notice = ada
        .waits_for(channel, |message| message.text().contains("Notice"))
        .await;
    ada.press(&notice.unwrap(), "Open")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    let event = bench.desk.last();
    assert_eq!((event.place, event.from.roles), (Place::OtherGuild, None));
    assert_eq!(event.message.unwrap().token, None);
}

#[tokio::test]
async fn a_pressed_private_message_can_be_edited_later_through_its_token() {
    let bench = Bench::start(|event| {
        if is_command(event) {
            Part::at_once(client_card())
        } else {
            let mut pressed = client_card().placed(Placement::Edit);
            pressed.card.title = "Waiting".to_owned();
            Part::at_once(pressed)
        }
    })
    .await;
    let courier = DiscordCourier::new(bench.api.clone());
    let ada = bench.local.person("Ada");
    let card = ada
        .command("help", &[])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    ada.press(&card, "Refresh")
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    let message = bench.desk.last().message.unwrap();
    assert!(message.token.is_some());
    let edit = |title: &str| Envelope {
        id: NoticeId(5),
        to: Address::DiscordChannel(message.chat),
        effect: Effect::Edit {
            message: message.clone(),
            card: titled(title),
            buttons: Vec::new(),
        },
    };
    let outcome = courier.deliver(edit("Approved")).await;
    assert_eq!(outcome, Outcome::Sent(Some(message.clone())));
    assert_eq!(card.refreshed().text(), "Approved");
    bench.local.pass_time(Duration::from_mins(16));
    assert_eq!(courier.deliver(edit("Too late")).await, Outcome::Nothing);
    assert_eq!(card.refreshed().text(), "Approved");
}

#[tokio::test]
async fn roles_can_be_asked_for() {
    use crate::chat::Members as _;
    let bench = Bench::start(|_| Part::at_once(client_card())).await;
    let ada = bench.local.person_with_roles("Ada", &["support"]);
    let role = bench.local.role("support").cast_signed();
    let of = |id: u64| bench.api.roles(id.cast_signed());
    assert_eq!(of(ada.id()).await.unwrap(), Some(vec![role]));
    ada.leave_guild();
    assert_eq!(of(ada.id()).await.unwrap(), None);
    assert_eq!(bench.api.roles(0).await.unwrap(), None);
}

#[test]
fn an_interaction_with_parts_newer_than_serenity_is_read_all_the_same() {
    let user = json!({"id": "5", "username": "ada", "discriminator": "0", "avatar": null});
    let wire = json!({
        "id": "7",
        "application_id": "8",
        "type": 3,
        "token": "secret",
        "version": 1,
        "locale": "de",
        "channel_id": "9",
        "channel": {"id": "9", "type": "new"},
        "user": user,
        "data": {"component_type": 2, "custom_id": "1:v:1"},
        "entitlements": [{"new": true}],
        "attachment_size_limit": 0,
        "message": {
            "id": "10",
            "channel_id": "9",
            "author": {"id": "8", "username": "bot", "discriminator": "0", "avatar": null},
            "timestamp": "2026-01-01T00:00:00Z",
            "flags": 64,
            "embeds": [{"fields": null}],
            "components": [{"type": 1, "components": [{"type": 99}]}],
        },
    });
    let read = serde_json::from_value::<serenity::model::application::Interaction>(wire.clone());
    assert!(read.is_err());
    let interaction = inbound::salvage(wire).unwrap();
    let (event, ticket) = inbound::read(&interaction, GuildId::new(1), Millis(3)).unwrap();
    assert_eq!(event.ask, Ask::Press("1:v:1".to_owned()));
    assert_eq!(event.place, Place::DirectMessage);
    assert_eq!(event.from.name, "ada");
    assert_eq!(event.message.unwrap().token.as_deref(), Some("secret"));
    assert!(!format!("{ticket:?}").contains("secret"));
    assert!(inbound::salvage(json!({"type": 2})).is_err());
}

#[test]
fn an_interaction_that_says_only_what_is_needed_is_read() {
    let wire = json!({
        "id": "7",
        "application_id": "8",
        "type": 2,
        "token": "secret",
        "channel_id": "9",
        "guild_id": "1",
        "member": {"user": {"id": "5", "username": "ada"}, "roles": ["6"]},
        "data": {"id": "1", "name": "help", "type": 1},
    });
    let read = serde_json::from_value::<serenity::model::application::Interaction>(wire.clone());
    assert!(read.is_err());
    let interaction = inbound::salvage(wire).unwrap();
    let (event, _) = inbound::read(&interaction, GuildId::new(1), Millis(3)).unwrap();
    assert_eq!(
        (event.place, event.from.roles),
        (Place::Guild, Some(vec![6]))
    );
}

#[test]
fn bots_are_nobody() {
    let user =
        json!({"id": "5", "username": "x", "discriminator": "0", "avatar": null, "bot": true});
    let wire = json!({
        "id": "7",
        "application_id": "8",
        "type": 2,
        "token": "secret",
        "version": 1,
        "locale": "de",
        "channel_id": "9",
        "user": user,
        "data": {"id": "1", "name": "help", "type": 1},
        "attachment_size_limit": 0,
    });
    let interaction = inbound::salvage(wire).unwrap();
    assert_eq!(
        inbound::read(&interaction, GuildId::new(1), Millis(3)),
        None
    );
}
