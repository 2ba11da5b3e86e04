//! What the real server refuses in messages, embeds and components.

use std::time::Duration;

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{Raw, assert_fault, assert_refused, letters};

fn button(custom_id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": "Go", "custom_id": custom_id })
}

fn row(children: &[Value]) -> Value {
    json!({ "type": 1, "components": children })
}

/// A message with these components in its only row.
fn with_row(children: &[Value]) -> Value {
    json!({ "content": "c", "components": [row(children)] })
}

fn select(options: &[Value]) -> Value {
    json!({ "type": 3, "custom_id": "s", "options": options })
}

fn option(value: &str) -> Value {
    json!({ "label": "l", "value": value })
}

fn buttons(count: usize) -> Vec<Value> {
    (0..count).map(|at| button(&format!("b{at}"))).collect()
}

async fn check(cases: &[(Value, &str, &str)]) {
    let raw = Raw::start().await;
    for (body, place, code) in cases {
        assert_fault(&raw.post(&raw.messages_path(), body).await, place, code);
    }
}

#[tokio::test]
async fn lengths_of_content_and_embeds() {
    let field = |name: &str, value: &str| json!({ "name": name, "value": value });
    let embed = |embed: Value| json!({ "embeds": [embed] });
    let fields: Vec<_> = (0..26).map(|_| field("n", "v")).collect();
    let six_thousand =
        json!({ "embeds": [{ "description": letters(4_000) }, { "description": letters(2_001) }] });
    check(&[
        (
            json!({ "content": letters(2_001) }),
            "content",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            json!({ "content": "c", "embeds": vec![json!({ "title": "t" }); 11] }),
            "embeds",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            embed(json!({ "title": letters(257) })),
            "embeds/0/title",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            embed(json!({ "description": letters(4_097) })),
            "embeds/0/description",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            embed(json!({ "fields": fields })),
            "embeds/0/fields",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            embed(json!({ "fields": [field(&letters(257), "v")] })),
            "embeds/0/fields/0/name",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            embed(json!({ "fields": [field("n", &letters(1_025))] })),
            "embeds/0/fields/0/value",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            embed(json!({ "fields": [field("n", "")] })),
            "embeds/0/fields/0/value",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            embed(json!({ "footer": { "text": letters(2_049) } })),
            "embeds/0/footer/text",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            embed(json!({ "title": "t", "color": 0x0100_0000 })),
            "embeds/0/color",
            "NUMBER_TYPE_MAX",
        ),
        (
            embed(json!({ "title": "t", "timestamp": "yesterday" })),
            "embeds/0/timestamp",
            "DATE_TIME_TYPE_PARSE",
        ),
        (
            embed(json!({ "title": "t", "url": "ftp://x" })),
            "embeds/0/url",
            "URL_TYPE_INVALID_SCHEME",
        ),
        (
            embed(json!({})),
            "embeds/0/description",
            "BASE_TYPE_REQUIRED",
        ),
        (six_thousand, "embeds/1", "MAX_EMBED_SIZE_EXCEEDED"),
        (
            json!({ "content": "c", "nonce": letters(26) }),
            "nonce",
            "BASE_TYPE_MAX_LENGTH",
        ),
    ])
    .await;
}

#[tokio::test]
async fn the_greatest_message_is_taken() {
    let raw = Raw::start().await;
    let rows: Vec<_> = (0..5)
        .map(|row_at| {
            row(&(0..5)
                .map(|at| button(&format!("{row_at}-{at}")))
                .collect::<Vec<_>>())
        })
        .collect();
    let body = json!({
        "content": letters(2_000),
        "embeds": [{ "description": letters(4_096) }, { "description": letters(1_904) }],
        "components": rows,
    });
    let (status, message) = raw.post(&raw.messages_path(), &body).await;
    assert_eq!(status, 200, "{message}");
    assert_eq!(message["components"][4]["components"][4]["id"], 30);
    let selects = with_row(&[select(
        &(0..25)
            .map(|at| option(&at.to_string()))
            .collect::<Vec<_>>(),
    )]);
    assert_eq!(raw.post(&raw.messages_path(), &selects).await.0, 200);
}

#[tokio::test]
async fn components() {
    let label = |text: String| json!({ "type": 2, "style": 1, "label": text, "custom_id": "b" });
    let both =
        json!({ "type": 2, "style": 5, "label": "l", "url": "https://x.org", "custom_id": "b" });
    let first = "components/0/components/0";
    let at = |below: &str| format!("{first}/{below}");
    check(&[
        (
            json!({ "content": "c", "components": vec![row(&[button("b")]); 6] }),
            "components",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            with_row(&buttons(6)),
            "components/0/components",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            with_row(&[]),
            "components/0/components",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            with_row(&[button("b"), button("b")]),
            "components/0/components/1/custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            with_row(&[select(&[option("1")]), button("b")]),
            "components/0/components",
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        ),
        (
            with_row(&[button(&letters(101))]),
            &at("custom_id"),
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            with_row(&[button("")]),
            &at("custom_id"),
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            with_row(&[json!({ "type": 2, "style": 1, "label": "l" })]),
            &at("custom_id"),
            "BASE_TYPE_REQUIRED",
        ),
        (
            with_row(&[label(letters(81))]),
            &at("label"),
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            with_row(&[label(String::new())]),
            first,
            "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED",
        ),
        (
            with_row(&[json!({ "type": 2, "style": 9, "label": "l", "custom_id": "b" })]),
            &at("style"),
            "BASE_TYPE_CHOICES",
        ),
        (
            with_row(&[both]),
            &at("custom_id"),
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        ),
        (
            with_row(&[json!({ "type": 99 })]),
            &at("type"),
            "BASE_TYPE_CHOICES",
        ),
        (
            with_row(&[json!({ "type": 4, "custom_id": "t", "label": "l", "style": 1 })]),
            &at("type"),
            "BASE_TYPE_CHOICES",
        ),
        (
            json!({ "content": "c", "components": [button("b")] }),
            "components/0/type",
            "BASE_TYPE_CHOICES",
        ),
        (
            json!({ "content": "c", "components": [{ "type": 77 }] }),
            "components/0/type",
            "BASE_TYPE_CHOICES",
        ),
        (
            json!({ "content": "c", "components": [{ "type": 10, "content": "t" }] }),
            "components/0/type",
            "BASE_TYPE_CHOICES",
        ),
        (
            with_row(&[select(&vec![option("1"); 26])]),
            &at("options"),
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            with_row(&[select(&[option("1"), option("1")])]),
            &at("options/1/value"),
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
        (
            with_row(&[select(&[option(&letters(101))])]),
            &at("options/0/value"),
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            with_row(&[
                json!({ "type": 2, "style": 1, "custom_id": "b", "emoji": { "name": "no" } }),
            ]),
            &at("emoji/name"),
            "COMPONENT_INVALID_EMOJI",
        ),
    ])
    .await;
}

#[tokio::test]
async fn layouts_of_components_v2() {
    const V2: u64 = 1 << 15;
    let raw = Raw::start().await;
    let path = raw.messages_path();
    let text = json!({ "type": 10, "content": "t" });
    let container = json!({ "type": 17, "components": [text, row(&[button("b")])] });
    let (status, sent) = raw
        .post(&path, &json!({ "flags": V2, "components": [container] }))
        .await;
    assert_eq!((status, sent["flags"].as_u64()), (200, Some(V2)));
    let mixed = json!({ "flags": V2, "content": "c", "components": [text] });
    assert_fault(
        &raw.post(&path, &mixed).await,
        "content",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    );
    let many = json!({ "flags": V2, "components": vec![text.clone(); 41] });
    assert_fault(
        &raw.post(&path, &many).await,
        "components",
        "COMPONENT_LAYOUT_MAX_COMPONENTS",
    );
    assert_refused(
        &raw.post(&path, &json!({ "flags": V2, "components": [] }))
            .await,
        400,
        50006,
    );
    let later = json!({ "content": "c" });
    let edited = raw
        .patch(&format!("{path}/{}", sent["id"].as_str().unwrap()), &later)
        .await;
    assert_fault(
        &edited,
        "content",
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    );
}

#[tokio::test]
async fn empty_messages() {
    let raw = Raw::start().await;
    let path = raw.messages_path();
    for body in [
        json!({}),
        json!({ "content": "  " }),
        json!({ "content": null, "embeds": [], "components": [] }),
    ] {
        assert_refused(&raw.post(&path, &body).await, 400, 50006);
    }
    let (_, sent) = raw.post(&path, &json!({ "content": "c" })).await;
    let one = format!("{path}/{}", sent["id"].as_str().unwrap());
    assert_refused(
        &raw.patch(&one, &json!({ "content": "" })).await,
        400,
        50006,
    );
}

#[tokio::test]
async fn unknown_and_forbidden_places() {
    let raw = Raw::start().await;
    let hello = json!({ "content": "c" });
    assert_refused(&raw.post("/channels/1/messages", &hello).await, 404, 10003);
    assert_refused(
        &raw.patch(&format!("{}/1", raw.messages_path()), &hello)
            .await,
        404,
        10008,
    );
    assert_refused(
        &raw.delete(&format!("{}/1", raw.messages_path())).await,
        404,
        10008,
    );
    raw.discord
        .forbid_channel(raw.discord.channel("secret"), true);
    let secret = format!("/channels/{}/messages", raw.discord.channel("secret"));
    assert_refused(&raw.post(&secret, &hello).await, 403, 50001);
    assert_refused(&raw.get("/nothing/here").await, 404, 0);
}

#[tokio::test]
async fn messages_of_others() {
    let raw = Raw::start().await;
    let said = raw.ada().says("hello").unwrap();
    let path = format!("{}/{}", raw.messages_path(), said.id());
    assert_refused(
        &raw.patch(&path, &json!({ "content": "c" })).await,
        403,
        50005,
    );
    assert_refused(&raw.delete(&path).await, 403, 50013);
}

#[tokio::test]
async fn closed_direct_messages_and_no_common_server() {
    let raw = Raw::start().await;
    let ada = raw.ada();
    let open = async |id: u64| {
        raw.post(
            "/users/@me/channels",
            &json!({ "recipient_id": id.to_string() }),
        )
        .await
    };
    let (status, channel) = open(ada.id()).await;
    assert_eq!((status, channel["type"].as_u64()), (200, Some(1)));
    let path = format!("/channels/{}/messages", channel["id"].as_str().unwrap());
    let hello = json!({ "content": "c" });
    assert_eq!(raw.post(&path, &hello).await.0, 200);
    ada.close_dms();
    assert_refused(&raw.post(&path, &hello).await, 403, 50007);
    ada.open_dms();
    ada.leave_guild();
    assert_refused(&raw.post(&path, &hello).await, 403, 50007);
    assert_refused(&open(1).await, 400, 50033);
    assert_eq!(ada.dms().len(), 1);
}

#[tokio::test]
async fn a_nonce_posts_once_for_a_few_minutes() {
    let raw = Raw::start().await;
    let path = raw.messages_path();
    let body = json!({ "content": "c", "nonce": "n", "enforce_nonce": true });
    let first = raw.post(&path, &body).await.1["id"].clone();
    assert_eq!(raw.post(&path, &body).await.1["id"], first);
    let careless = json!({ "content": "c", "nonce": "n" });
    assert_ne!(raw.post(&path, &careless).await.1["id"], first);
    raw.discord.pass_time(Duration::from_mins(6));
    assert_ne!(raw.post(&path, &body).await.1["id"], first);
}

#[tokio::test]
async fn mentions_notify_only_as_allowed() {
    let raw = Raw::start().await;
    let content = format!("@everyone <@{}>", raw.ada().id());
    let (_, loud) = raw
        .post(&raw.messages_path(), &json!({ "content": content }))
        .await;
    assert_eq!(
        (
            loud["mention_everyone"].as_bool(),
            loud["mentions"].as_array().unwrap().len()
        ),
        (Some(true), 1)
    );
    let body = json!({ "content": content, "allowed_mentions": { "parse": [] } });
    let (_, quiet) = raw.post(&raw.messages_path(), &body).await;
    assert_eq!(
        (
            quiet["mention_everyone"].as_bool(),
            quiet["mentions"].as_array().unwrap().len()
        ),
        (Some(false), 0)
    );
    let body = json!({ "content": "c", "allowed_mentions": { "parse": ["people"] } });
    assert_fault(
        &raw.post(&raw.messages_path(), &body).await,
        "allowed_mentions/parse/0",
        "BASE_TYPE_CHOICES",
    );
}

#[tokio::test]
async fn files() {
    let raw = Raw::start().await;
    let body = json!({ "attachments": [{ "id": 0, "filename": "a.txt", "description": "d" }] });
    let form = Form::new().text("payload_json", body.to_string()).part(
        "files[0]",
        Part::bytes(b"hello".to_vec()).file_name("b.txt"),
    );
    let request = raw
        .request(reqwest::Method::POST, &raw.messages_path())
        .multipart(form);
    let (status, sent) = Raw::send(request).await;
    assert_eq!(
        (status, sent["attachments"][0]["filename"].as_str()),
        (200, Some("a.txt"))
    );
    let url = sent["attachments"][0]["url"].as_str().unwrap();
    assert_eq!(
        reqwest::get(url).await.unwrap().text().await.unwrap(),
        "hello"
    );
    let without = raw
        .post(
            &raw.messages_path(),
            &json!({ "content": "c", "attachments": [{ "id": 0 }] }),
        )
        .await;
    assert_fault(&without, "attachments/0/id", "ATTACHMENT_NOT_FOUND");
}

/// Posts JSON with files of these sizes, named `0.png`, `1.png` and so on.
async fn upload(raw: &Raw, body: &Value, sizes: &[usize]) -> (u16, Value) {
    let mut form = Form::new().text("payload_json", body.to_string());
    for (at, size) in sizes.iter().enumerate() {
        let part = Part::bytes(vec![0; *size]).file_name(format!("{at}.png"));
        form = form.part(format!("files[{at}]"), part);
    }
    let request = raw.request(reqwest::Method::POST, &raw.messages_path());
    Raw::send(request.multipart(form)).await
}

#[tokio::test]
async fn files_that_are_too_many_or_too_large() {
    const MIB: usize = 1024 * 1024;
    let raw = Raw::start().await;
    let body = json!({ "content": "c" });
    assert_eq!(upload(&raw, &body, &[1; 10]).await.0, 200);
    let answer = upload(&raw, &body, &[1; 11]).await;
    assert_fault(&answer, "attachments", "BASE_TYPE_MAX_LENGTH");
    assert_eq!(upload(&raw, &body, &[4 * MIB, 6 * MIB]).await.0, 200);
    let answer = upload(&raw, &body, &[4 * MIB, 6 * MIB + 1]).await;
    assert_refused(&answer, 413, 40005);
}

#[tokio::test]
async fn a_picture_is_named_by_an_embed_and_served() {
    let raw = Raw::start().await;
    let embed = |name: &str| {
        let url = format!("attachment://{name}");
        json!({ "embeds": [{ "title": "t", "image": { "url": url } }] })
    };
    let answer = upload(&raw, &embed("1.png"), &[5]).await;
    assert_fault(&answer, "embeds/0/image/url", "EMBED_ATTACHMENT_NOT_FOUND");
    let (status, sent) = upload(&raw, &embed("0.png"), &[5]).await;
    assert_eq!(status, 200, "{sent}");
    let url = sent["embeds"][0]["image"]["url"].as_str().unwrap();
    assert_eq!(
        reqwest::get(url)
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap()
            .len(),
        5
    );
    // An edit may go on showing what stays, not what goes.
    let path = format!("{}/{}", raw.messages_path(), sent["id"].as_str().unwrap());
    assert_eq!(raw.patch(&path, &embed("0.png")).await.0, 200);
    let mut going = embed("0.png");
    going["attachments"] = json!([]);
    let answer = raw.patch(&path, &going).await;
    assert_fault(&answer, "embeds/0/image/url", "EMBED_ATTACHMENT_NOT_FOUND");
}
