//! Money: what an invoice asks for, in minor units of one currency, and the price of a credit.

use serde::{Deserialize, Serialize};

use super::credits::{CreditUnit, Credits, separated};

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

/// A currency by its ISO 4217 code and the number of decimals of its major unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Currency {
    /// `EUR`.
    pub code: String,
    /// 2 for the euro, 0 for the yen, 3 for the dinar.
    pub exponent: u32,
}

impl Currency {
    /// Writes money with separators and its unit: `1,234.50 EUR`.
    pub fn show(&self, money: Money) -> String {
        let scale = 10_u64.pow(self.exponent);
        let size = money.0.unsigned_abs();
        let sign = if money.0 < 0 { "-" } else { "" };
        let whole = separated(size / scale);
        if self.exponent == 0 {
            return format!("{sign}{whole} {}", self.code);
        }
        let fraction = size % scale;
        format!(
            "{sign}{whole}.{fraction:0width$} {}",
            self.code,
            width = self.exponent as usize
        )
    }

    /// Writes the price of one credit without superfluous decimals: `0.05 EUR`.
    pub fn show_price(&self, price: UnitPrice) -> String {
        let size = price.0.unsigned_abs();
        let fraction = format!("{:06}", size % 1_000_000);
        let kept = fraction.trim_end_matches('0');
        let width = kept.len().max(self.exponent as usize);
        let whole = separated(size / 1_000_000);
        if width == 0 {
            return format!("{whole} {}", self.code);
        }
        format!("{whole}.{kept:0<width$} {}", self.code)
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
    fn shown_with_unit() {
        assert_eq!(euro().show(Money(123_450)), "1,234.50 EUR");
        assert_eq!(
            Currency {
                code: "JPY".into(),
                exponent: 0
            }
            .show(Money(1_000)),
            "1,000 JPY"
        );
        assert_eq!(euro().show_price(UnitPrice(50_000)), "0.05 EUR");
        assert_eq!(euro().show_price(UnitPrice(7_500)), "0.0075 EUR");
        assert_eq!(euro().show_price(UnitPrice(2_000_000)), "2.00 EUR");
    }
}
