//! What becomes of notices: posted once, edited, kept back, refused.

use super::*;
use crate::chat::{MessageRef, Messenger};
use crate::delivery::courier::{Address, Courier as _, Effect, Envelope, Outcome};
use crate::discord::DiscordCourier;
use crate::domain::ids::NoticeId;
use crate::sandbox::faults::{Fault as Trouble, Rule};

fn post(id: i64, to: Address, title: &str) -> Envelope {
    Envelope {
        id: NoticeId(id),
        to,
        effect: Effect::Post {
            card: titled(title),
            buttons: Vec::new(),
        },
    }
}

async fn courier() -> (local::Discord, DiscordCourier, Address) {
    let local = local::Discord::start(local::Setup::default())
        .await
        .unwrap();
    let courier = DiscordCourier::new(api(&local));
    let channel = Address::DiscordChannel(local.approvals_channel_id().cast_signed());
    (local, courier, channel)
}

fn trouble(local: &local::Discord, fault: Trouble, matching: &str) {
    local.fault(Rule {
        fault,
        matching: matching.to_owned(),
        times: 1,
    });
}

#[tokio::test]
async fn a_notice_handed_over_twice_is_posted_once_and_can_be_edited() {
    let (local, courier, channel) = courier().await;
    assert!(courier.serves(&channel) && !courier.serves(&Address::TelegramChat(1)));
    trouble(&local, Trouble::DropAnswer, "/messages");
    let first = courier.deliver(post(7, channel, "A request")).await;
    assert!(
        matches!(first, Outcome::Later { after: None, .. }),
        "{first:?}"
    );
    let Outcome::Sent(Some(message)) = courier.deliver(post(7, channel, "A request")).await else {
        panic!("not sent")
    };
    let channel_id = local.approvals_channel_id();
    let seen = local.person("Ada").sees(channel_id);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].text(), "A request");
    let edit = |message: MessageRef| Envelope {
        id: NoticeId(8),
        to: channel,
        effect: Effect::Edit {
            message,
            card: titled("Approved"),
            buttons: Vec::new(),
        },
    };
    let edited = courier.deliver(edit(message.clone())).await;
    assert_eq!(edited, Outcome::Sent(Some(message.clone())));
    assert_eq!(seen[0].refreshed().text(), "Approved");
    let gone = MessageRef {
        message: 5,
        ..message.clone()
    };
    assert_eq!(courier.deliver(edit(gone)).await, Outcome::Nothing);
    let dead = MessageRef {
        token: Some("dead".to_owned()),
        ..message
    };
    assert_eq!(courier.deliver(edit(dead)).await, Outcome::Nothing);
}

#[tokio::test]
async fn a_notice_that_goes_out_again_says_what_holds_now() {
    let (local, courier, channel) = courier().await;
    trouble(&local, Trouble::DropAnswer, "/messages");
    courier.deliver(post(7, channel, "Waits")).await;
    let before = local.record().calls().len();
    let sent = courier.deliver(post(7, channel, "Approved")).await;
    assert!(matches!(sent, Outcome::Sent(Some(_))), "{sent:?}");
    let seen = local.person("Ada").sees(local.approvals_channel_id());
    let seen: Vec<_> = seen.iter().map(local::Message::text).collect();
    assert_eq!(seen, ["Approved"]);
    // What stands there as it is to be is not edited.
    courier.deliver(post(7, channel, "Approved")).await;
    assert_eq!(local.record().calls().len(), before + 3);
}

#[tokio::test]
async fn limits_and_breakdowns_are_for_later() {
    let (local, courier, channel) = courier().await;
    let busy = Trouble::TooManyRequests {
        retry_after_ms: 20_000,
    };
    trouble(&local, busy, "/messages");
    let wait = |outcome: Outcome| match outcome {
        Outcome::Later { after, .. } => after,
        other => panic!("{other:?}"),
    };
    let asked = wait(courier.deliver(post(1, channel, "A")).await);
    assert_eq!(asked, Some(Duration::from_secs(20)));
    let calls = local.record().calls().len();
    // The channel is left alone meanwhile, without asking again; others are not.
    assert!(wait(courier.deliver(post(1, channel, "A")).await).unwrap() > Duration::from_secs(15));
    assert_eq!(local.record().calls().len(), calls);
    let other = Address::DiscordChannel(local.channel("general").cast_signed());
    trouble(&local, Trouble::ServerError { status: 500 }, "/messages");
    assert_eq!(wait(courier.deliver(post(2, other, "B")).await), None);
    trouble(&local, Trouble::DropCall, "/messages");
    assert_eq!(wait(courier.deliver(post(2, other, "B")).await), None);
    assert!(matches!(
        courier.deliver(post(2, other, "B")).await,
        Outcome::Sent(Some(_))
    ));
}

#[tokio::test]
async fn people_who_take_no_messages_are_unreachable() {
    let (local, courier, _) = courier().await;
    let ada = local.person("Ada");
    let to = Address::DiscordUser(ada.id().cast_signed());
    assert!(matches!(
        courier.deliver(post(1, to, "Paid")).await,
        Outcome::Sent(Some(_))
    ));
    assert_eq!(ada.dms()[0].text(), "Paid");
    ada.close_dms();
    let closed = courier.deliver(post(2, to, "More")).await;
    assert!(matches!(closed, Outcome::Unreachable(_)), "{closed:?}");
    ada.open_dms();
    assert!(matches!(
        courier.deliver(post(3, to, "More")).await,
        Outcome::Sent(Some(_))
    ));
    let opened = local.record().calls();
    let opened = opened
        .iter()
        .filter(|call| call.path.ends_with("/users/@me/channels"));
    assert_eq!(opened.count(), 1);
}

#[tokio::test]
async fn what_discord_never_takes_is_refused() {
    let (local, courier, channel) = courier().await;
    local.forbid_channel(local.approvals_channel_id(), true);
    let forbidden = courier.deliver(post(1, channel, "A")).await;
    assert!(matches!(forbidden, Outcome::Refused(_)), "{forbidden:?}");
    for nowhere in [
        Address::DiscordChannel(5),
        Address::DiscordChannel(0),
        Address::TelegramChat(5),
    ] {
        let outcome = courier.deliver(post(2, nowhere, "A")).await;
        assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    }
    let menu = Envelope {
        id: NoticeId(3),
        to: channel,
        effect: Effect::Menu {
            role: None,
            locale: String::new(),
        },
    };
    assert_eq!(courier.deliver(menu).await, Outcome::Nothing);
}

#[tokio::test]
async fn a_refused_token_stops_everything_for_a_minute() {
    let local = local::Discord::start(local::Setup::default())
        .await
        .unwrap();
    let api = Api::new(Settings {
        token: "MTIzNDU2Nzg5MDEyMzQ1Njc4.GAAAAA.wrong".to_owned().into(),
        ..settings(&local)
    });
    let courier = DiscordCourier::new(api.unwrap());
    for channel in [5, 6] {
        let outcome = courier
            .deliver(post(1, Address::DiscordChannel(channel), "A"))
            .await;
        let Outcome::Later {
            after: Some(after), ..
        } = outcome
        else {
            panic!("{outcome:?}")
        };
        assert!(after > Duration::from_secs(55), "{after:?}");
    }
    assert_eq!(local.record().calls().len(), 1);
}

#[tokio::test]
async fn nobody_is_mentioned_by_a_name() {
    let (local, courier, channel) = courier().await;
    let ada = local.person("Ada");
    let card = Card {
        title: "@everyone".to_owned(),
        text: format!("<@{}> @here", ada.id()),
        ..Card::default()
    };
    let effect = Effect::Post {
        card,
        buttons: Vec::new(),
    };
    let envelope = Envelope {
        id: NoticeId(1),
        to: channel,
        effect,
    };
    let Outcome::Sent(Some(MessageRef { messenger, .. })) = courier.deliver(envelope).await else {
        panic!("not sent")
    };
    assert_eq!(messenger, Messenger::Discord);
    let seen = ada.sees(local.approvals_channel_id());
    assert!(seen[0].mentions().is_empty() && !seen[0].mentions_everyone());
    assert_eq!(
        seen[0].text(),
        format!("\\@everyone\n\\<\\@{}> \\@here", ada.id())
    );
}
