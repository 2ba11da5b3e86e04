//! Identifiers: 64-bit numbers made by the application, each of its own type so that they cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Text that is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct BadId;

/// Crockford's base 32, lower case: no letter that can be taken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A number as the short text that buttons carry: at most 13 characters for 64 bits.
pub fn to_base32(number: i64) -> String {
    let mut rest = number.cast_unsigned();
    let mut digits = Vec::with_capacity(13);
    loop {
        digits.push(ALPHABET[(rest & 31) as usize]);
        rest >>= 5;
        if rest == 0 {
            break;
        }
    }
    digits
        .iter()
        .rev()
        .map(|&digit| char::from(digit))
        .collect()
}

/// The number that [`to_base32`] wrote; one text per number (no leading zeros, no other spelling).
pub fn from_base32(text: &str) -> Result<i64, BadId> {
    if text.is_empty() || text.len() > 13 || (text.len() > 1 && text.starts_with('0')) {
        return Err(BadId);
    }
    let mut number: u64 = 0;
    for byte in text.bytes() {
        let digit = ALPHABET
            .iter()
            .position(|&letter| letter == byte)
            .ok_or(BadId)?;
        if number >> 59 != 0 {
            return Err(BadId);
        }
        number = (number << 5) | digit as u64;
    }
    let number = number.cast_signed();
    if number < 0 { Err(BadId) } else { Ok(number) }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&to_base32(self.0))
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                from_base32(text).map($name)
            }
        }
    };
}

id!(
    /// A client: an account on the SMS platform.
    ClientId
);
id!(
    /// A person: a human who talks to Bursar.
    PersonId
);
id!(
    /// A request: what was asked, from draft to outcome.
    RequestId
);
id!(
    /// A posting: one balanced ledger transaction.
    PostingId
);
id!(
    /// An account of the ledger.
    AccountId
);
id!(
    /// An invoice.
    InvoiceId
);
id!(
    /// A row of the outbox.
    NoticeId
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn base32_comes_back(number in 0..i64::MAX) {
            prop_assert_eq!(from_base32(&to_base32(number)), Ok(number));
        }

        #[test]
        fn base32_has_one_spelling(text in "[0-9a-z]{1,14}") {
            if let Ok(number) = from_base32(&text) {
                prop_assert_eq!(to_base32(number), text);
            }
        }
    }
}
