//! Invoices: what an added credit is to cost, and what it is called.

use serde::{Deserialize, Serialize};

use super::client::named;
use super::credits::{Amount, CreditUnit};
use super::money::{Currency, Money, TaxRate, UnitPrice, cost, tax};

named!(
    /// How added credit is paid for.
    Mode {
        /// Credit now, invoice unpaid.
        OnAccount = "on-account",
        /// Credit lands when the invoice is marked paid.
        Prepaid = "prepaid",
        /// Zero-total invoice; needs a reason.
        Gift = "gift",
    }
);

named!(
    /// Where an invoice stands.
    InvoiceStatus {
        /// Asked for.
        Unpaid = "unpaid",
        /// Settled; a zero total is settled from the start.
        Paid = "paid",
        /// Taken back; keeps its number.
        Voided = "voided",
    }
);

/// The amounts of an invoice, fixed when it is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Price of one credit at issue.
    pub price: UnitPrice,
    /// Before tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// What is asked for.
    pub total: Money,
}

/// The amounts for so many credits; a gift costs nothing. `None` when they do not fit.
pub fn totals(
    amount: Amount,
    mode: Mode,
    unit: CreditUnit,
    price: UnitPrice,
    rate: TaxRate,
    currency: &Currency,
) -> Option<Totals> {
    let price = if mode == Mode::Gift {
        UnitPrice(0)
    } else {
        price
    };
    let net = cost(amount.credits(), unit, price, currency)?;
    let tax = tax(net, rate)?;
    let total = Money(net.0.checked_add(tax.0)?);
    Some(Totals {
        price,
        net,
        tax,
        total,
    })
}

/// An invoice's name: the series' prefix and its number, `INV-000042`.
pub fn number(prefix: &str, number: i64) -> String {
    format!("{prefix}-{number:06}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gift_costs_nothing() {
        let euro = Currency {
            code: "EUR".into(),
            exponent: 2,
        };
        let check = |mode, expected| {
            let totals = totals(
                Amount::try_from(500).unwrap(),
                mode,
                CreditUnit::new(0),
                UnitPrice(50_000),
                TaxRate(2_000),
                &euro,
            );
            assert_eq!(totals.map(|totals| totals.total), Some(Money(expected)));
        };
        check(Mode::OnAccount, 3_000);
        check(Mode::Prepaid, 3_000);
        check(Mode::Gift, 0);
        assert_eq!(number("INV", 42), "INV-000042");
    }
}
