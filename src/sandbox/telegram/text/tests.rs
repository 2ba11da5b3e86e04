use super::*;

fn entities(formatted: &Formatted) -> Vec<String> {
    formatted
        .entities
        .iter()
        .map(|e| {
            format!(
                "{} {}+{}",
                e["type"].as_str().unwrap(),
                e["offset"],
                e["length"]
            )
        })
        .collect()
}

fn check(mode: &str, source: &str, text: &str, expected: &[&str]) {
    let formatted = Formatted::parse(source, mode).unwrap();
    assert_eq!(formatted.text, text, "{source}");
    assert_eq!(entities(&formatted), expected, "{source}");
}

fn refused(mode: &str, source: &str, expected: &str) {
    let refusal = Formatted::parse(source, mode).unwrap_err();
    assert_eq!(
        refusal.description,
        format!("Bad Request: can't parse entities: {expected}")
    );
    assert_eq!(refusal.code, 400);
}

#[test]
fn html_becomes_text_and_entities() {
    check(
        "HTML",
        "<b>bold</b> &amp; <i>it</i>",
        "bold & it",
        &["bold 0+4", "italic 7+2"],
    );
    check(
        "html",
        "a &lt;b&gt; &nbsp; &#1071;&#x42f;",
        "a <b> &nbsp; ЯЯ",
        &[],
    );
    check(
        "HTML",
        "😀<b>x<u>y</u></b>",
        "😀xy",
        &["bold 2+2", "underline 3+1"],
    );
    check(
        "HTML",
        "<a href=\"https://a.example/?x=1&amp;y=2\">go</a>",
        "go",
        &["text_link 0+2"],
    );
    check(
        "HTML",
        "<pre><code class=\"language-rust\">fn</code></pre>",
        "fn",
        &["pre 0+2"],
    );
    check(
        "HTML",
        "<blockquote expandable>q</blockquote>",
        "q",
        &["expandable_blockquote 0+1"],
    );
    check("HTML", "  <b> x </b>  ", "x", &["bold 0+1"]);
    check("HTML", "<b></b>x", "x", &[]);
}

#[test]
fn broken_html_is_refused() {
    refused(
        "HTML",
        "<b>x",
        "Can't find end tag corresponding to start tag \"b\"",
    );
    refused(
        "HTML",
        "a < b",
        "Unsupported start tag \"\" at byte offset 2",
    );
    refused("HTML", "a <b", "Unclosed start tag at byte offset 2");
    refused(
        "HTML",
        "<h1>x</h1>",
        "Unsupported start tag \"h1\" at byte offset 0",
    );
    refused(
        "HTML",
        "a <x> b",
        "Unsupported start tag \"x\" at byte offset 2",
    );
    refused("HTML", "x</b>", "Unexpected end tag at byte offset 1");
    refused(
        "HTML",
        "<b>x</i>",
        "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\"",
    );
    refused("HTML", "<b>x</b", "Unclosed end tag at byte offset 4");
}

#[test]
fn markdown_becomes_text_and_entities() {
    check(
        "MarkdownV2",
        "*bold _it_* \\. __u__",
        "bold it . u",
        &["bold 0+7", "italic 5+2", "underline 10+1"],
    );
    check(
        "MarkdownV2",
        "`a.b` ||s|| ~d~",
        "a.b s d",
        &["code 0+3", "spoiler 4+1", "strikethrough 6+1"],
    );
    check(
        "MarkdownV2",
        "[go](https://a.example)",
        "go",
        &["text_link 0+2"],
    );
    check("MarkdownV2", "```rust\nfn\n```", "fn", &["pre 0+2"]);
    check(
        "MarkdownV2",
        ">one\n>two\nthree",
        "one\ntwo\nthree",
        &["blockquote 0+8"],
    );
    check(
        "Markdown",
        "*b* _i_ [x](http://a.example)",
        "b i x",
        &["bold 0+1", "italic 2+1", "text_link 4+1"],
    );
}

#[test]
fn broken_markdown_is_refused() {
    refused(
        "MarkdownV2",
        "1.5",
        "Character '.' is reserved and must be escaped with the preceding '\\'",
    );
    refused(
        "MarkdownV2",
        "a *b",
        "Can't find end of Bold entity at byte offset 2",
    );
    refused(
        "MarkdownV2",
        "[a](b",
        "Can't find end of a URL at byte offset 3",
    );
    refused(
        "Markdown",
        "a_b",
        "Can't find end of the entity starting at byte offset 1",
    );
}

#[test]
fn telegram_finds_commands_and_addresses_by_itself() {
    let formatted = Formatted::typed(
        "/start@desk_bot 7 see https://a.example/x, @ada_l or a@b.example #paid 😀 /me",
    );
    assert_eq!(
        entities(&formatted),
        [
            "bot_command 0+15",
            "url 22+19",
            "mention 43+6",
            "email 53+11",
            "hashtag 65+5",
            "bot_command 74+3",
        ]
    );
    assert_eq!(
        entities(&Formatted::typed("a/b 1/2 /")),
        Vec::<String>::new()
    );
}

#[test]
fn named_entities_stay_inside_the_text() {
    let bold = |offset: usize, length: usize| json!([{ "type": "bold", "offset": offset, "length": length }]);
    assert!(Formatted::with_entities("ab", &bold(0, 2)).is_ok());
    assert!(Formatted::with_entities("ab", &bold(1, 2)).is_err());
    assert!(Formatted::with_entities("😀b", &bold(1, 1)).is_err());
}

#[test]
fn unknown_parse_modes_are_refused() {
    let refusal = Formatted::parse("x", "BBCode").unwrap_err();
    assert_eq!(refusal.description, "Bad Request: unsupported parse_mode");
}
