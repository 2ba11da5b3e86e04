//! Credits: SMS units, counted in the smallest unit, and the one grammar in which people write amounts.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number of credits in smallest units; `credit_decimals` says how many of those make one credit.
/// Signed, because entries of the ledger and balances are.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Credits(pub i64);

impl Credits {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum, or `None` when it does not fit 64 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The opposite, or `None` for the one value that has none.
    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }
}

/// The largest amount of one action: 10^12 smallest units.
pub const LARGEST: i64 = 1_000_000_000_000;

/// An amount that an action moves: 1 to [`LARGEST`] smallest units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Amount(i64);

impl Amount {
    /// The amount as credits, above zero.
    pub fn credits(self) -> Credits {
        Credits(self.0)
    }

    /// Smallest units, above zero.
    pub fn smallest(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for Amount {
    type Error = BadAmount;
    fn try_from(smallest: i64) -> Result<Self, BadAmount> {
        match smallest {
            i64::MIN..=0 => Err(BadAmount::TooSmall),
            1..=LARGEST => Ok(Self(smallest)),
            _ => Err(BadAmount::TooLarge),
        }
    }
}

impl From<Amount> for i64 {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

/// Why text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum BadAmount {
    /// Something else than ASCII digits with at most one `.` between digits.
    #[error("not a plain number")]
    NotANumber,
    /// More decimals than the unit has.
    #[error("too many decimals")]
    TooManyDecimals,
    /// Zero.
    #[error("less than one smallest unit")]
    TooSmall,
    /// Above [`LARGEST`].
    #[error("above the largest amount")]
    TooLarge,
}

/// How credits are written: the number of decimals of one credit (0 to 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditUnit {
    decimals: u32,
}

impl CreditUnit {
    /// A unit with this many decimals; more than 6 count as 6.
    pub fn new(decimals: u32) -> Self {
        Self {
            decimals: decimals.min(6),
        }
    }

    /// Smallest units in one credit.
    pub fn scale(self) -> i64 {
        10_i64.pow(self.decimals)
    }

    /// Reads an amount: ASCII digits, optionally `.` and at least one decimal, up to the unit's. White space around it
    /// is dropped; commas, exponents, signs and other digits are refused.
    pub fn parse(self, text: &str) -> Result<Amount, BadAmount> {
        let text = text.trim();
        let (whole, fraction) = match text.split_once('.') {
            Some((_, "")) => return Err(BadAmount::NotANumber),
            Some((whole, fraction)) => (whole, fraction),
            None => (text, ""),
        };
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return Err(BadAmount::NotANumber);
        }
        if fraction.len() > self.decimals as usize {
            return Err(BadAmount::TooManyDecimals);
        }
        let padded = format!("{whole}{fraction:0<width$}", width = self.decimals as usize);
        let significant = padded.trim_start_matches('0');
        match significant.len() {
            0 => Err(BadAmount::TooSmall),
            // 10^12 has 13 digits; anything longer is larger and might not fit.
            14.. => Err(BadAmount::TooLarge),
            _ => significant
                .parse::<i64>()
                .map_err(|_| BadAmount::TooLarge)
                .and_then(Amount::try_from),
        }
    }

    /// Writes credits in plain decimals, none of them superfluous: `-12500.5`. Above zero it is the grammar that
    /// [`CreditUnit::parse`] reads.
    pub fn decimal(self, credits: Credits) -> String {
        let scale = self.scale().unsigned_abs();
        let size = credits.0.unsigned_abs();
        let sign = if credits.0 < 0 { "-" } else { "" };
        let mut text = format!("{sign}{}", size / scale);
        let fraction = size % scale;
        if fraction != 0 {
            let digits = format!("{fraction:0width$}", width = self.decimals as usize);
            text.push('.');
            text.push_str(digits.trim_end_matches('0'));
        }
        text
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_grammar() {
        let unit = CreditUnit::new(2);
        let check = |text: &str, expected: Result<i64, BadAmount>| {
            assert_eq!(unit.parse(text).map(Amount::smallest), expected, "{text:?}");
        };
        check("500", Ok(50_000));
        check(" 500 ", Ok(50_000));
        check("0.01", Ok(1));
        check("007.5", Ok(750));
        check("10000000000", Ok(LARGEST));
        check("10000000000.01", Err(BadAmount::TooLarge));
        check("99999999999999999999999999", Err(BadAmount::TooLarge));
        check("0", Err(BadAmount::TooSmall));
        check("0.00", Err(BadAmount::TooSmall));
        check("1.234", Err(BadAmount::TooManyDecimals));
        for bad in [
            "", "-5", "+5", "1,000", "1e3", "5.", ".5", "1 000", "٣", "５", "0x10", "1.2.3", "½",
            "NaN",
        ] {
            check(bad, Err(BadAmount::NotANumber));
        }
        assert_eq!(
            CreditUnit::new(0).parse("1.0"),
            Err(BadAmount::TooManyDecimals)
        );
    }

    #[test]
    fn written_in_plain_decimals() {
        let unit = CreditUnit::new(2);
        assert_eq!(unit.decimal(Credits(123_456_750)), "1234567.5");
        assert_eq!(unit.decimal(Credits(-100)), "-1");
        assert_eq!(unit.decimal(Credits(5)), "0.05");
        assert_eq!(CreditUnit::new(0).decimal(Credits(1000)), "1000");
    }

    proptest! {
        #[test]
        fn what_is_written_plainly_is_read_back(smallest in 1..=LARGEST, decimals in 0u32..=6) {
            let unit = CreditUnit::new(decimals);
            let amount = Amount::try_from(smallest).unwrap();
            prop_assert_eq!(unit.parse(&unit.decimal(amount.credits())), Ok(amount));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".*", decimals in 0u32..=6) {
            if let Ok(amount) = CreditUnit::new(decimals).parse(&text) {
                prop_assert!((1..=LARGEST).contains(&amount.smallest()));
            }
        }
    }
}
