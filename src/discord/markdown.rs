//! Plain text as Discord shows it: what would be markup is escaped, what cannot be seen is taken out, and what is too
//! long is cut and says so. Nothing in a name becomes a mention, a link text or a heading.

/// What stands where text was cut.
pub(super) const CUT: char = '…';
/// What stands where Discord takes no empty text.
pub(super) const NOTHING: &str = "–";

/// Text for a place where Discord reads markdown; lines stay lines.
pub(super) fn block(text: &str, limit: usize) -> String {
    fit(&escape(&visible(text)), limit)
}

/// Text for a place where Discord reads markdown and which is one line.
pub(super) fn line(text: &str, limit: usize) -> String {
    fit(&escape(&folded(text)), limit)
}

/// Text for a place where Discord reads no markdown and which is one line: labels, footers, placeholders.
pub(super) fn label(text: &str, limit: usize) -> String {
    fit(&pieces(&folded(text)), limit)
}

/// Text as it was typed, for what is edited and sent back: only its length is seen to.
pub(super) fn verbatim(text: &str, limit: usize) -> String {
    fit(&pieces(text), limit)
}

/// How long Discord finds it. It counts code points in some places and UTF-16 units in others; the latter are never
/// fewer.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Without what is invisible or turns the direction of what follows.
fn visible(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => kept.push('\n'),
            '\t' => kept.push(' '),
            // Joiners shape Persian and Indic words and emoji; between ASCII letters they only deceive.
            '\u{200c}' | '\u{200d}' => {
                let before = kept.chars().next_back();
                let after = characters.peek();
                if before.is_some_and(|c| !c.is_ascii()) && after.is_some_and(|c| !c.is_ascii()) {
                    kept.push(character);
                }
            }
            character if character.is_control() || is_hidden(character) => {}
            character => kept.push(character),
        }
    }
    kept.trim().to_owned()
}

fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// On one line, with single spaces.
fn folded(text: &str) -> String {
    visible(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn pieces(text: &str) -> Vec<String> {
    text.chars().map(String::from).collect()
}

/// The text in pieces that must not be cut apart: an escape and what it escapes are one.
fn escape(text: &str) -> Vec<String> {
    let mut escaped = Vec::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            escaped.push("\n".to_owned());
        }
        let mut at_start = true;
        for (index, word) in line.split(' ').enumerate() {
            if index > 0 {
                escaped.push(" ".to_owned());
            }
            if is_plain_address(word) {
                escaped.extend(pieces(word));
            } else {
                escape_word(word, at_start, &mut escaped);
            }
            at_start &= word.is_empty();
        }
    }
    escaped
}

fn escape_word(word: &str, at_start: bool, escaped: &mut Vec<String>) {
    for (at, character) in word.char_indices() {
        let rest = &word[at + character.len_utf8()..];
        let is_markup = match character {
            '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '@' | '[' | ']' => true,
            // Headings, quotes, lists and small print, at the start of a line only.
            '#' | '-' | '>' | '+' => at_start && word[..at].chars().all(|c| "#->+".contains(c)),
            '.' => {
                at_start
                    && at > 0
                    && rest.is_empty()
                    && word[..at].bytes().all(|b| b.is_ascii_digit())
            }
            ':' => is_emoji(rest),
            _ => false,
        };
        escaped.push(if is_markup {
            format!("\\{character}")
        } else {
            character.to_string()
        });
    }
}

/// Whether `name:` follows, which would become a picture.
fn is_emoji(rest: &str) -> bool {
    rest.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
            && name.bytes().any(|byte| !byte.is_ascii_digit())
    })
}

/// Whether the word is a web address that Discord makes a link of as it stands. A backslash in it would break it.
fn is_plain_address(word: &str) -> bool {
    let rest = word
        .strip_prefix("https://")
        .or_else(|| word.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._/?=&%#:+".contains(&byte))
    })
}

/// As many pieces as fit; where one does not, [`CUT`] says so.
fn fit(pieces: &[String], limit: usize) -> String {
    let mut text = String::new();
    let mut used = 0;
    let mut keep_until = 0;
    for piece in pieces {
        used += length(piece);
        if used > limit {
            text.truncate(keep_until);
            if limit > 0 {
                text.push(CUT);
            }
            return text;
        }
        text.push_str(piece);
        if used < limit {
            keep_until = text.len();
        }
    }
    text
}
