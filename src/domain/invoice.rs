//! Invoices: what an added credit is to cost, and what it is called.

use serde::{Deserialize, Serialize};

use super::client::named;
use super::credits::{Amount, CreditUnit, Credits};
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

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is for.
    pub text: String,
    /// Of how many, in thousandths.
    pub quantity: i64,
    /// The price of one.
    pub price: UnitPrice,
    /// What it asks for before tax.
    pub net: Money,
}

/// The most characters of a line's text.
pub const LINE_TEXT: usize = 200;
/// The most lines of an invoice: they fit on one card.
pub const LINES: usize = 20;

/// Quantities have three decimals.
fn quantities() -> CreditUnit {
    CreditUnit::new(3)
}

impl Line {
    /// A line of its parts as people write them. `None` where one of them cannot be read, or the line is too dear.
    pub fn parse(text: &str, quantity: &str, price: &str, currency: &Currency) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LINE_TEXT {
            return None;
        }
        let quantity = quantities().parse(quantity).ok()?;
        let price = UnitPrice::parse(price.trim())?;
        let net = cost(quantity.credits(), quantities(), price, currency)?;
        Some(Self {
            text: text.to_owned(),
            quantity: quantity.smallest(),
            price,
            net,
        })
    }

    /// The quantity in plain decimals.
    pub fn decimal_quantity(&self) -> String {
        quantities().decimal(Credits(self.quantity))
    }
}

/// The lines of a text: `what; quantity; price of one`, one to a line or between `|`. `Err` holds what cannot be read.
pub fn lines(text: &str, currency: &Currency) -> Result<Vec<Line>, String> {
    let parts = text.split(['\n', '|']).map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    let lines: Result<Vec<_>, _> = parts
        .map(|part| {
            let mut fields = part.rsplitn(3, ';');
            let (price, quantity, text) = (fields.next(), fields.next(), fields.next());
            let line = text.zip(quantity).zip(price);
            line.and_then(|((text, quantity), price)| Line::parse(text, quantity, price, currency))
                .ok_or_else(|| part.to_owned())
        })
        .collect();
    match lines {
        Ok(lines) if lines.is_empty() || lines.len() > LINES => Err(text.trim().to_owned()),
        lines => lines,
    }
}

/// The amounts of an invoice with lines. `None` when they do not fit.
pub fn sum(lines: &[Line], rate: TaxRate) -> Option<Totals> {
    let net = lines
        .iter()
        .try_fold(0_i64, |sum, line| sum.checked_add(line.net.0));
    let net = Money(net?);
    let tax = tax(net, rate)?;
    Some(Totals {
        price: UnitPrice(0),
        net,
        tax,
        total: Money(net.0.checked_add(tax.0)?),
    })
}

/// The parts of an amount that a credit note takes off an invoice of which so much was credited before: its share of the
/// tax, so that notes over all of it hold all of its tax. `None` where the amount is nothing or more than is left.
pub fn note(invoice: Totals, credited: Money, amount: Money) -> Option<Totals> {
    let after = credited.0.checked_add(amount.0)?;
    if amount.0 < 1 || after > invoice.total.0 {
        return None;
    }
    let share = |of: i64| {
        let tax = i128::from(invoice.tax.0) * i128::from(of) / i128::from(invoice.total.0);
        i64::try_from(tax).ok()
    };
    let tax = share(after)?.checked_sub(share(credited.0)?)?;
    Some(Totals {
        price: invoice.price,
        net: Money(amount.0 - tax),
        tax: Money(tax),
        total: amount,
    })
}

/// A payment's reference as it is compared with others: without case and white space.
pub fn reference_key(reference: &str) -> String {
    let kept = reference.chars().filter(|char| !char.is_whitespace());
    kept.flat_map(char::to_lowercase).collect()
}

/// The prefix and number that an invoice's name consists of; a number alone is the house's.
pub fn parse_number(text: &str) -> Option<(String, i64)> {
    let text = text.trim();
    let (prefix, digits) = text.rsplit_once('-').unwrap_or(("INV", text));
    if digits.is_empty() || digits.len() > 12 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let prefix = match prefix.rsplit_once('-') {
        Some((owner, kind)) => format!("{owner}-{}", kind.to_ascii_uppercase()),
        None => prefix.to_ascii_uppercase(),
    };
    Some((prefix, digits.parse().ok()?))
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

    #[test]
    fn lines_are_read_and_summed() {
        let euro = Currency {
            code: "EUR".into(),
            exponent: 2,
        };
        let read = |text: &str| lines(text, &euro);
        let two = read("Setup; one time; 1; 50 | Numbers; 2.5; 0.333\n").unwrap();
        assert_eq!(two[0].text, "Setup; one time");
        assert_eq!((two[1].quantity, two[1].net), (2_500, Money(83)));
        assert_eq!(two[1].decimal_quantity(), "2.5");
        let totals = sum(&two, TaxRate(2_000)).unwrap();
        assert_eq!(
            (totals.net, totals.tax, totals.total),
            (Money(5_083), Money(1_017), Money(6_100))
        );
        for bad in [
            "",
            "x",
            "x; 1",
            "; 1; 1",
            "x; 0; 1",
            "x; -1; 1",
            "x; 1; 1,5",
            "x; 1; -1",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(read(&"x; 1; 1|".repeat(LINES + 1)).is_err());
    }

    #[test]
    fn notes_over_all_hold_all_of_the_tax() {
        let whole = Totals {
            price: UnitPrice(0),
            net: Money(83),
            tax: Money(17),
            total: Money(100),
        };
        let (mut credited, mut tax) = (0, 0);
        for amount in [33, 33, 34] {
            let note = note(whole, Money(credited), Money(amount)).unwrap();
            assert_eq!(note.net.0 + note.tax.0, amount);
            credited += amount;
            tax += note.tax.0;
        }
        assert_eq!(tax, 17);
        assert_eq!(note(whole, Money(99), Money(2)), None);
        assert_eq!(note(whole, Money(0), Money(0)), None);
    }

    #[test]
    fn names_and_references_are_read_as_people_write_them() {
        let check = |text: &str, expected: Option<(&str, i64)>| {
            let expected = expected.map(|(prefix, number)| (prefix.to_owned(), number));
            assert_eq!(parse_number(text), expected, "{text}");
        };
        check("INV-000042", Some(("INV", 42)));
        check("inv-42", Some(("INV", 42)));
        check("42", Some(("INV", 42)));
        check("rex-inv-000001", Some(("rex-INV", 1)));
        check("INV-", None);
        check("ada", None);
        assert_eq!(reference_key(" TX 17\u{a0}a"), "tx17a");
    }
}
