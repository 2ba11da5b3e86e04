//! Money: what an invoice asks for, in minor units of one currency, and the price of a credit.

use serde::{Deserialize, Serialize};

use super::credits::{CreditUnit, Credits};

/// An amount of money in minor units (cents) of the business's currency. Never negative on an invoice.
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
pub struct Money(pub i64);

/// Money per whole credit, in millionths of the currency's major unit: an SMS costs fractions of a cent.
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
pub struct UnitPrice(pub i64);

impl UnitPrice {
    /// A price as people write it: ASCII digits, perhaps `.` and up to six decimals, at most a million a credit.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || whole.len() > 7 || decimals.len() > 6 {
            return None;
        }
        let price = format!("{whole}{decimals:0<6}").parse().ok()?;
        (price <= 1_000_000_000_000).then_some(Self(price))
    }
}

/// A tax rate in basis points: 2000 is 20 %.
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
pub struct TaxRate(pub i64);

impl TaxRate {
    /// A rate in percent as people write it: ASCII digits, perhaps `.` and up to two decimals, at most 100.
    pub fn parse(text: &str) -> Option<Self> {
        let hundredths = Currency {
            code: String::new(),
            exponent: 2,
        };
        let rate = hundredths
            .parse(text.trim().trim_end_matches('%').trim_end())?
            .0;
        (rate <= 10_000).then_some(Self(rate))
    }

    /// The rate in percent in plain decimals, none of them superfluous: `19.6`.
    pub fn decimal(self) -> String {
        CreditUnit::new(2).decimal(Credits(self.0))
    }
}

/// A currency by its ISO 4217 code and the number of decimals of its major unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Currency {
    /// `EUR`.
    pub code: String,
    /// 2 for the euro, 0 for the yen, 3 for the dinar.
    pub exponent: u32,
}

impl Currency {
    /// Reads money as people write it: ASCII digits, perhaps `.` and up to the currency's decimals.
    pub fn parse(&self, text: &str) -> Option<Money> {
        let decimals = usize::try_from(self.exponent).ok()?;
        let (whole, fraction) = match text.trim().split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return None,
            None => (text.trim(), ""),
        };
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || fraction.len() > decimals {
            return None;
        }
        if !digits(whole) || !digits(fraction) {
            return None;
        }
        format!("{whole}{fraction:0<decimals$}")
            .parse()
            .ok()
            .map(Money)
    }

    /// Writes money in plain decimals, as many as the currency has: `1234.50`.
    pub fn decimal(&self, money: Money) -> String {
        let scale = 10_u64.pow(self.exponent);
        let size = money.0.unsigned_abs();
        let sign = if money.0 < 0 { "-" } else { "" };
        let whole = size / scale;
        if self.exponent == 0 {
            return format!("{sign}{whole}");
        }
        let fraction = size % scale;
        let width = self.exponent as usize;
        format!("{sign}{whole}.{fraction:0width$}")
    }

    /// Writes the price of one credit in plain decimals, none of them superfluous but the currency's own: `0.05`.
    pub fn decimal_price(&self, price: UnitPrice) -> String {
        let size = price.0.unsigned_abs();
        let fraction = format!("{:06}", size % 1_000_000);
        let kept = fraction.trim_end_matches('0');
        let width = kept.len().max(self.exponent as usize);
        let whole = size / 1_000_000;
        if width == 0 {
            return whole.to_string();
        }
        format!("{whole}.{kept:0<width$}")
    }
}

/// What credits cost at a price, before tax, rounded half up to the minor unit once. `None` when it does not fit.
pub fn cost(
    credits: Credits,
    unit: CreditUnit,
    price: UnitPrice,
    currency: &Currency,
) -> Option<Money> {
    let minor = 10_i128.pow(currency.exponent);
    let product = i128::from(credits.0)
        .checked_mul(i128::from(price.0))?
        .checked_mul(minor)?;
    rounded(product, i128::from(unit.scale()) * 1_000_000)
}

/// The tax on a net amount, rounded half up to the minor unit. `None` when it does not fit.
pub fn tax(net: Money, rate: TaxRate) -> Option<Money> {
    rounded(i128::from(net.0).checked_mul(i128::from(rate.0))?, 10_000)
}

fn rounded(numerator: i128, denominator: i128) -> Option<Money> {
    let doubled = numerator.checked_mul(2)?.checked_add(denominator)?;
    i64::try_from(doubled.div_euclid(denominator * 2))
        .ok()
        .map(Money)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_in_one_grammar() {
        let check = |text: &str, expected: Option<i64>| {
            assert_eq!(UnitPrice::parse(text), expected.map(UnitPrice), "{text}");
        };
        check("0.05", Some(50_000));
        check("1", Some(1_000_000));
        check("0", Some(0));
        check("0.000001", Some(1));
        check("0.0000001", None);
        check("1,5", None);
        check("-1", None);
        check("1.", None);
        check("", None);
        check("1000000", Some(1_000_000_000_000));
        check("1000000.1", None);
    }

    #[test]
    fn money_and_rates_are_read_in_one_grammar() {
        let check = |text: &str, expected: Option<i64>| {
            assert_eq!(euro().parse(text), expected.map(Money), "{text}");
        };
        check("12.5", Some(1_250));
        check(" 12 ", Some(1_200));
        check("0.01", Some(1));
        check("0.001", None);
        check("1,5", None);
        check("-1", None);
        check("1.", None);
        check("", None);
        check("9999999999999", None);
        let check = |text: &str, expected: Option<i64>| {
            assert_eq!(TaxRate::parse(text), expected.map(TaxRate), "{text}");
        };
        check("19.6 %", Some(1_960));
        check("100", Some(10_000));
        check("100.01", None);
        assert_eq!(
            (TaxRate(1_960).decimal(), TaxRate(2_000).decimal()),
            ("19.6".into(), "20".into())
        );
    }

    fn euro() -> Currency {
        Currency {
            code: "EUR".into(),
            exponent: 2,
        }
    }

    #[test]
    fn credits_cost_their_price_rounded_once() {
        let check = |credits, decimals, price, expected| {
            let cost = cost(
                Credits(credits),
                CreditUnit::new(decimals),
                UnitPrice(price),
                &euro(),
            );
            assert_eq!(cost, Some(Money(expected)), "{credits} at {price}");
        };
        check(500, 0, 50_000, 2_500);
        check(1, 0, 4_999, 0);
        check(1, 0, 5_000, 1);
        check(333, 2, 7_500, 2);
        check(
            crate::domain::credits::LARGEST,
            0,
            50_000,
            5_000_000_000_000,
        );
    }

    #[test]
    fn too_dear_is_refused_not_wrapped() {
        let most = UnitPrice(i64::MAX);
        assert_eq!(
            cost(Credits(i64::MAX), CreditUnit::new(0), most, &euro()),
            None
        );
    }

    #[test]
    fn tax_is_rounded_half_up() {
        assert_eq!(tax(Money(2_500), TaxRate(2_000)), Some(Money(500)));
        assert_eq!(tax(Money(1), TaxRate(5_000)), Some(Money(1)));
        assert_eq!(tax(Money(1), TaxRate(4_999)), Some(Money(0)));
    }

    #[test]
    fn written_in_plain_decimals() {
        assert_eq!(euro().decimal(Money(123_450)), "1234.50");
        assert_eq!(euro().decimal(Money(-5)), "-0.05");
        let yen = Currency {
            code: "JPY".into(),
            exponent: 0,
        };
        assert_eq!(yen.decimal(Money(1_000)), "1000");
        assert_eq!(euro().decimal_price(UnitPrice(50_000)), "0.05");
        assert_eq!(euro().decimal_price(UnitPrice(7_500)), "0.0075");
        assert_eq!(euro().decimal_price(UnitPrice(2_000_000)), "2.00");
        assert_eq!(yen.decimal_price(UnitPrice(2_000_000)), "2");
    }
}
