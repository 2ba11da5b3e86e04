//! Numbers, money and moments as a language writes them: separators, order and names of months are messages like any
//! other. Only for people: files, logs and what is typed have the one form of the machine.

use fluent_bundle::FluentValue;
use time::Date;

use super::{Language, Sentences};
use crate::clock::Millis;
use crate::domain::credits::{CreditUnit, Credits};
use crate::domain::money::{Currency, Money, TaxRate, UnitPrice};

/// What a message file says about numbers; read once, because every number needs it.
pub(super) struct Marks {
    group: String,
    point: String,
}

impl Marks {
    pub(super) fn of(text: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            group: text("number-group").unwrap_or_default(),
            point: text("number-point").unwrap_or_else(|| ".".to_owned()),
        }
    }
}

/// Writes the numbers that stand in sentences; text stays as it is.
pub(super) fn shown(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(number) => {
            Some(Sentences::of(language.name(), "").number(&number.as_string()))
        }
        _ => None,
    }
}

impl Sentences {
    /// A number in plain decimals, such as `-1234.5`, with the marks of the language.
    pub fn number(&self, plain: &str) -> String {
        let (whole, fraction) = match plain.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (plain, None),
        };
        let (sign, digits) = match whole.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", whole),
        };
        let mut text = sign.to_owned();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push_str(&self.marks.group);
            }
            text.push(digit);
        }
        if let Some(fraction) = fraction {
            text.push_str(&self.marks.point);
            text.push_str(fraction);
        }
        text
    }

    /// How many there are.
    pub fn count(&self, count: i64) -> String {
        self.number(&count.to_string())
    }

    /// Credits without their name, for where it stands already.
    pub fn units(&self, unit: CreditUnit, credits: Credits) -> String {
        self.number(&unit.decimal(credits))
    }

    /// Credits by name: `1,500 credits`. The plural goes by the number itself, parts of a credit included.
    pub fn credits(&self, unit: CreditUnit, credits: Credits) -> String {
        let plain = unit.decimal(credits);
        self.credits_written(FluentValue::try_number(&plain), self.number(&plain))
    }

    /// Money with its currency.
    pub fn money(&self, currency: &Currency, money: Money) -> String {
        let amount = self.number(&currency.decimal(money));
        self.money_written(amount, currency.code.clone())
    }

    /// The price of one credit with its currency.
    pub fn price(&self, currency: &Currency, price: UnitPrice) -> String {
        let amount = self.number(&currency.decimal_price(price));
        self.money_written(amount, currency.code.clone())
    }

    /// A tax rate in percent.
    pub fn rate(&self, rate: TaxRate) -> String {
        self.percent_written(self.number(&rate.decimal()))
    }

    /// A day.
    pub fn date(&self, day: Date) -> String {
        self.date_written(day.day(), self.month(day), day.year().to_string())
    }

    /// A day of a year that is known.
    pub fn day(&self, day: Date) -> String {
        self.day_written(day.day(), self.month(day))
    }

    /// A month of a year that is known, shortened.
    pub fn month(&self, day: Date) -> String {
        self.month_name(u8::from(day.month()))
    }

    /// A day and time of day, in UTC.
    pub fn moment(&self, at: Millis) -> String {
        let Some(at) = at.utc() else {
            return String::new();
        };
        self.moment_written(
            at.day(),
            self.month(at.date()),
            at.year().to_string(),
            format!("{:02}", at.hour()),
            format!("{:02}", at.minute()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "en";
    const FRENCH: &str = "fr";

    fn say(language: &str) -> &'static Sentences {
        Sentences::of(language, "en")
    }

    fn euro() -> Currency {
        Currency {
            code: "EUR".into(),
            exponent: 2,
        }
    }

    #[test]
    fn numbers_have_the_marks_of_their_language() {
        let check = |plain: &str, english: &str, french: &str| {
            assert_eq!(say(ENGLISH).number(plain), english);
            assert_eq!(say(FRENCH).number(plain), french);
        };
        check("0", "0", "0");
        check("999", "999", "999");
        check("-1000", "-1,000", "-1\u{202f}000");
        check("1234567.5", "1,234,567.5", "1\u{202f}234\u{202f}567,5");
        check("0.05", "0.05", "0,05");
        assert_eq!(
            say(FRENCH)
                .count(i64::MIN)
                .chars()
                .filter(|c| *c == '\u{202f}')
                .count(),
            6
        );
    }

    #[test]
    fn money_and_prices_have_their_currency() {
        let check = |money: i64, english: &str, french: &str| {
            assert_eq!(say(ENGLISH).money(&euro(), Money(money)), english);
            assert_eq!(say(FRENCH).money(&euro(), Money(money)), french);
        };
        check(123_450, "1,234.50 EUR", "1\u{202f}234,50\u{a0}EUR");
        check(-5, "-0.05 EUR", "-0,05\u{a0}EUR");
        let yen = Currency {
            code: "JPY".into(),
            exponent: 0,
        };
        assert_eq!(say(ENGLISH).money(&yen, Money(1_000)), "1,000 JPY");
        let check = |price: i64, english: &str, french: &str| {
            assert_eq!(say(ENGLISH).price(&euro(), UnitPrice(price)), english);
            assert_eq!(say(FRENCH).price(&euro(), UnitPrice(price)), french);
        };
        check(50_000, "0.05 EUR", "0,05\u{a0}EUR");
        check(7_500, "0.0075 EUR", "0,0075\u{a0}EUR");
        check(2_000_000, "2.00 EUR", "2,00\u{a0}EUR");
        assert_eq!(say(ENGLISH).rate(TaxRate(1_960)), "19.6 %");
        assert_eq!(say(FRENCH).rate(TaxRate(1_960)), "19,6\u{a0}%");
        assert_eq!(say(FRENCH).rate(TaxRate(2_000)), "20\u{a0}%");
    }

    #[test]
    fn plurals_go_by_the_number_and_show_it_as_written() {
        let unit = CreditUnit::new(1);
        let check = |credits: i64, english: &str, french: &str| {
            assert_eq!(say(ENGLISH).credits(unit, Credits(credits)), english);
            assert_eq!(say(FRENCH).credits(unit, Credits(credits)), french);
        };
        check(0, "0 credits", "0\u{a0}crédit");
        check(10, "1 credit", "1\u{a0}crédit");
        check(-10, "-1 credit", "-1\u{a0}crédit");
        // In French it is plural from two on.
        check(15, "1.5 credits", "1,5\u{a0}crédit");
        check(20, "2 credits", "2\u{a0}crédits");
        check(
            12_345_678,
            "1,234,567.8 credits",
            "1\u{202f}234\u{202f}567,8\u{a0}crédits",
        );
        check(
            i64::MAX,
            "922,337,203,685,477,580.7 credits",
            "922\u{202f}337\u{202f}203\u{202f}685\u{202f}477\u{202f}580,7\u{a0}crédits",
        );
    }

    #[test]
    fn numbers_in_sentences_are_written_alike() {
        assert!(say(ENGLISH).export_rows(12_345).starts_with("12,345 rows"));
        assert!(
            say(FRENCH)
                .export_rows(12_345)
                .starts_with("12\u{202f}345 lignes")
        );
        assert_eq!(say(ENGLISH).draft_needs(2), "2 others must approve it.");
    }

    #[test]
    fn days_and_moments_are_named_in_their_language() {
        // 2026-08-01T14:05:00Z.
        let at = Millis(1_785_593_100_000);
        let day = at.utc().unwrap().date();
        let english = say(ENGLISH);
        assert_eq!(english.moment(at), "1 Aug 2026, 14:05 UTC");
        assert_eq!(
            (english.date(day), english.day(day)),
            ("1 Aug 2026".into(), "1 Aug".into())
        );
        let french = say(FRENCH);
        assert_eq!(french.moment(at), "1er août 2026 à 14:05 UTC");
        assert_eq!(
            (french.date(day), french.day(day)),
            ("1er août 2026".into(), "1er août".into())
        );
        let next = day.next_day().unwrap();
        assert_eq!(french.date(next), "2 août 2026");
        assert_eq!(english.moment(Millis(i64::MAX)), "");
    }

    #[test]
    fn nothing_is_isolated() {
        // Marks of direction would be copied along with amounts.
        for &language in Language::ALL {
            let say = say(language.name());
            let texts = [
                say.credits(CreditUnit::new(2), Credits(123_456)),
                say.money(&euro(), Money(-123_456)),
                say.moment(Millis(1_785_593_100_000)),
                say.state_done("Ada"),
            ];
            for text in texts {
                assert!(!text.contains(['\u{2068}', '\u{2069}']), "{text:?}");
            }
        }
    }
}
