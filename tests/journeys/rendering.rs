//! A client whose name is a mention, a tag and markup: shown as it is everywhere, and nothing more.

use bursar::sandbox::{discord, telegram};

use crate::desk::clients::{MARKUP, MARKUP_NAME};
use crate::desk::people::{OnDiscord as _, OnTelegram as _};
use crate::desk::{Desk, Options};

/// What Discord's markdown makes of the name.
const ESCAPED: &str = r"\@everyone \<b>x\</b> \*y\*";

fn harmless(message: &discord::Message) {
    assert!(!message.mentions_everyone() && message.mentions().is_empty());
    let embeds = serde_json::to_string(message.embeds()).unwrap();
    let name = serde_json::to_string(ESCAPED).unwrap();
    let bare = embeds.replace(name.trim_matches('"'), "");
    assert!(bare.len() < embeds.len(), "the name is not there: {embeds}");
    assert!(
        !bare.contains("@everyone") && !bare.contains("<b>"),
        "{embeds}"
    );
    let wire = message.wire();
    assert_eq!(wire["mention_everyone"], false);
}

fn literal(message: &telegram::Message) {
    assert!(message.words().contains(MARKUP_NAME), "{}", message.words());
    for entity in message.entities() {
        let kind = entity["type"].as_str().unwrap();
        // The bot's own: numbers can be searched for by a tap, and a question says how to stop it.
        let kinds = ["bold", "italic", "code", "hashtag", "bot_command"];
        assert!(kinds.contains(&kind), "{entity}");
        // Only whole parts of a card are marked: never a part of the name.
        let part = part(message.words(), entity);
        assert!(
            part == MARKUP_NAME || !MARKUP_NAME.contains(&part),
            "{part}"
        );
    }
}

fn part(text: &str, entity: &serde_json::Value) -> String {
    let number = |key: &str| usize::try_from(entity[key].as_u64().unwrap()).unwrap();
    let units: Vec<u16> = text.encode_utf16().collect();
    let (from, length) = (number("offset"), number("length"));
    String::from_utf16(&units[from..from + length]).unwrap()
}

on_one! {
    async fn a_name_is_only_a_name(db) {
        let desk = Desk::open(db, Options::default()).await;
        let (sam, tessa) = (&desk.support, &desk.telegram_support);
        let (amara, tariq) = (&desk.admins[0], &desk.telegram_admin);

        let found = sam.asks("client find", &[("client", "@every")]).await;
        harmless(&found);
        assert_eq!(found.buttons(), [format!("View {MARKUP_NAME}")]);
        let card = sam.presses(&found, "View").await;
        harmless(&card);
        let found = tessa.asks("/client_find <b>x</").await;
        literal(&found);
        let card = tessa.changes(&found, "View").await;
        literal(&card);
        assert_eq!(
            sam.completes("client view", "client", "mark").await,
            [format!("{MARKUP_NAME} (markup)")]
        );
        let none = sam.asks("client find", &[("client", "@here **zz**")]).await;
        assert!(
            !none.mentions_everyone() && none.text().contains(r"\@here \*\*zz\*\*"),
            "{}",
            none.text()
        );

        // Through request, copies, outcome and what everybody is told.
        let note = "<i>@here</i> [x](http://evil.example) _z_";
        let preview = sam
            .asks(
                "credit add",
                &[("client", "markup"), ("amount", "3"), ("note", note)],
            )
            .await;
        harmless(&preview);
        let waiting = sam.presses(&preview, "Confirm").await;
        harmless(&waiting);
        let shown = amara.sees_request("everyone").await;
        harmless(&shown);
        assert!(!shown.text().contains("[x](http"), "{}", shown.text());
        let copy = tariq.next_message().await;
        literal(&copy);
        assert!(copy.words().contains(note), "{}", copy.words());
        let list = tariq.asks("/approval_list").await;
        literal(&list);
        let approved = tariq.changes(&copy, "Approve").await;
        literal(&approved);
        harmless(
            &shown
                .becomes(|message| message.text().contains("Approved"))
                .await
                .unwrap(),
        );
        harmless(
            &waiting
                .becomes(|message| message.text().contains("Approved"))
                .await
                .unwrap(),
        );
        harmless(&sam.is_told("Your request").await);
        assert_eq!(desk.balance(MARKUP).await, 10);

        // A form's title is no markup at all on Discord, and a question's is escaped on Telegram.
        let card = sam.asks("client view", &[("client", "markup")]).await;
        let form = sam.press_opens(&card, "Add credit").await;
        assert!(form.title().starts_with("Add credit"), "{}", form.title());
        let question = tessa.asks("/credit_add markup").await;
        literal(&question);
        tessa.asks("/cancel").await;
        desk.close().await;
    }
}
