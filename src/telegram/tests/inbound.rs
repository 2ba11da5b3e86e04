//! Updates that the local Telegram does not send, or not in every shape.

use serde_json::{Value, json};

use super::asked;
use crate::chat::{Ask, Place};
use crate::clock::Millis;
use crate::telegram::inbound::{Incoming, Me, Read, read};

const ADA: i64 = 6_000_000_000;
const GROUP: i64 = -1_001_234_567_890;

fn me() -> Me {
    Me {
        id: 7_000_000_001,
        username: "desk_bot".into(),
    }
}

fn read_json(update: &Value) -> Read {
    read(&update.to_string(), &me(), Millis(5))
}

fn ours(update: &Value) -> Incoming {
    match read_json(update) {
        Read::Ours(incoming) => *incoming,
        other => panic!("{other:?}: {update}"),
    }
}

fn message(chat: &Value, more: Value) -> Value {
    let mut message = json!({
        "message_id": 9, "date": 1_767_225_600, "chat": chat,
        "from": {"id": ADA, "is_bot": false, "first_name": "Ada", "last_name": "L.", "language_code": "de"},
    });
    let fields = message.as_object_mut().unwrap();
    let Value::Object(more) = more else {
        panic!("no object");
    };
    fields.extend(more);
    json!({"update_id": 12, "message": message})
}

fn private() -> Value {
    json!({"id": ADA, "type": "private", "first_name": "Ada"})
}

fn group() -> Value {
    json!({"id": GROUP, "type": "supergroup", "title": "Desk", "is_forum": true})
}

#[test]
fn an_event_tells_who_where_and_what() {
    let incoming = ours(&message(&private(), json!({"text": "/client_find ada"})));
    let event = incoming.event;
    assert_eq!(event.id, "telegram:12:1767225600");
    assert_eq!(event.from.identity.to_string(), format!("telegram:{ADA}"));
    assert_eq!(
        (event.from.name.as_str(), event.from.locale.as_str()),
        ("Ada L.", "de")
    );
    assert_eq!((event.chat, event.at), (ADA, Millis(5)));
    assert_eq!(event.ask, Ask::Typed("client_find ada".into()));
    assert_eq!(incoming.reply_to, None);
}

#[test]
fn commands_lose_the_slash_and_our_name_and_nothing_else() {
    let check = |text: &str, expected: Option<&str>| {
        let found = match read_json(&message(&group(), json!({"text": text}))) {
            Read::Ours(incoming) => Some(asked(&incoming.event)),
            _ => None,
        };
        assert_eq!(found.as_deref(), expected, "{text}");
    };
    check("/help", Some("/help"));
    check(
        "/credit_add@Desk_Bot ada  5@6",
        Some("/credit_add ada  5@6"),
    );
    check("/credit_add\nada", Some("/credit_add\nada"));
    check("/help@other_bot", None);
    check("/mail me@desk_bot", Some("/mail me@desk_bot"));
    check("help", None);
    check(" /help", None);
}

#[test]
fn formatting_that_is_not_known_does_not_make_words_vanish() {
    let strange = json!([{"type": "sparkle", "offset": 0, "length": 3, "colour": "red"}]);
    let text = message(&private(), json!({"text": "500", "entities": strange}));
    assert_eq!(asked(&ours(&text).event), "500");
    let photo =
        json!([{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "file_size": 3}]);
    let caption = json!({"caption": "receipt", "caption_entities": strange, "photo": photo});
    assert_eq!(
        asked(&ours(&message(&private(), caption)).event),
        "(photo.jpg) receipt"
    );
    let quoted = json!({"text": "501", "reply_to_message": {
        "message_id": 8, "date": 1_767_225_600, "chat": group(), "text": "How many?", "entities": strange,
        "from": {"id": 7_000_000_001_i64, "is_bot": true, "first_name": "Desk", "username": "desk_bot"},
    }});
    assert_eq!(asked(&ours(&message(&group(), quoted)).event), "501");
}

#[test]
fn words_in_a_group_count_only_in_reply_to_us() {
    let reply_to = |user: i64| {
        json!({"text": "500", "reply_to_message": {
            "message_id": 8, "date": 1_767_225_600, "chat": group(), "text": "How many?",
            "from": {"id": user, "is_bot": true, "first_name": "Somebody"},
        }})
    };
    let ours = ours(&message(&group(), reply_to(me().id)));
    assert_eq!(ours.reply_to, Some(9));
    assert_eq!(ours.event.place, Place::Group);
    let others = read_json(&message(&group(), reply_to(5)));
    assert_eq!(others, Read::Nothing);
}

#[test]
fn a_press_on_a_message_that_is_not_there_comes_from_the_person() {
    let press = |more: Value| {
        let mut query = json!({
            "id": "1", "chat_instance": "x", "data": "1:v:1",
            "from": {"id": ADA, "is_bot": false, "first_name": "Ada"},
        });
        let Value::Object(more) = more else {
            panic!("no object");
        };
        query.as_object_mut().unwrap().extend(more);
        json!({"update_id": 12, "callback_query": query})
    };
    let absent = ours(&press(json!({})));
    assert_eq!(absent.event.message, None);
    assert_eq!(
        (absent.event.chat, absent.event.place),
        (ADA, Place::PrivateChat)
    );
    let old = json!({"message": {"message_id": 8, "date": 0, "chat": group()}});
    let inaccessible = ours(&press(old)).event;
    assert_eq!(
        (inaccessible.chat, inaccessible.place),
        (GROUP, Place::Group)
    );
    assert_eq!(inaccessible.message.map(|message| message.message), Some(8));
    let channel = json!({"id": GROUP, "type": "channel", "title": "News"});
    let in_channel = json!({"message": {"message_id": 8, "date": 0, "chat": channel}});
    assert_eq!(ours(&press(in_channel)).event.place, Place::Unvouched);
}

#[test]
fn what_is_nothing_of_ours_is_nothing() {
    let service = json!({"new_chat_members": [{"id": 5, "is_bot": false, "first_name": "Bob"}]});
    assert_eq!(read_json(&message(&group(), service)), Read::Nothing);
    let bot = json!({"text": "/help", "from": {"id": 5, "is_bot": true, "first_name": "Bot"}});
    assert_eq!(read_json(&message(&group(), bot)), Read::Nothing);
    let linked = json!({"text": "/help", "is_automatic_forward": true,
        "sender_chat": {"id": -1_005, "type": "channel", "title": "News"}});
    assert_eq!(read_json(&message(&group(), linked)), Read::Nothing);
    let unknown = json!({"update_id": 12, "telepathy": {"thought": "hm"}});
    assert!(matches!(read_json(&unknown), Read::Unreadable(_)));
    assert!(matches!(
        read("no json", &me(), Millis(5)),
        Read::Unreadable(_)
    ));
}
