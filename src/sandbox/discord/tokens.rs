//! Tokens of bots, interactions and sessions. They guard nothing but mistakes: everything is on loopback.

use super::model::Id;

/// A secret of this many characters.
#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox stands for the world outside, which has its own time and chance"
)]
pub fn random_token(length: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = vec![0; length];
    // Without randomness the token is merely guessable, which on loopback harms nobody.
    if getrandom::fill(&mut bytes).is_err() {
        bytes.fill(7);
    }
    bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte & 63)]))
        .collect()
}

/// A bot token of the real shape: clients read the application's id out of its first part.
pub fn bot_token(bot: Id) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = bot.to_string();
    let mut first = String::new();
    for chunk in digits.as_bytes().chunks(3) {
        let mut group = [0_u8; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for sextet in 0..=chunk.len() {
            let index = (bits >> (18 - 6 * sextet)) & 63;
            first.push(char::from(ALPHABET[index as usize]));
        }
    }
    format!("{first}.{}.{}", random_token(6), random_token(38))
}
