//! The default messages as they come with the program: sentences like any other, with the placeholders' own spellings in
//! place of values, so that a language stays one file.

use super::{Language, Sentences};
use crate::domain::message::{Kind, Text};

/// How a placeholder is written.
pub fn spelling(placeholder: &str) -> String {
    format!("{{{{ {placeholder} }}}}")
}

/// A default message as it comes with the program.
pub fn built_in(kind: Kind, language: Language) -> Text {
    let say = Sentences::of(language.name(), language.name());
    let at = spelling;
    let (name, username, business) = (at("name"), at("username"), at("business"));
    let (amount, balance) = (at("amount"), at("balance"));
    let (number, total) = (at("number"), at("total"));
    let (subject, body) = match kind {
        Kind::Welcome => (
            say.mail_welcome_subject(business.clone()),
            say.mail_welcome_body(name, username, business),
        ),
        Kind::CreditAdded => (
            say.mail_credit_added_subject(amount.clone()),
            say.mail_credit_added_body(name, amount, balance, number, total, business),
        ),
        Kind::CreditDeducted => (
            say.mail_credit_deducted_subject(amount.clone()),
            say.mail_credit_deducted_body(name, amount, username, balance, at("reason"), business),
        ),
        Kind::PasswordLink => (
            say.mail_password_link_subject(business.clone()),
            say.mail_password_link_body(name, username, at("link"), at("minutes"), business),
        ),
        Kind::Invoice => (
            say.mail_invoice_subject(number.clone()),
            say.mail_invoice_body(name, number, total, username, at("due"), business),
        ),
        Kind::Reminder => (
            say.mail_reminder_subject(number.clone()),
            say.mail_reminder_body(name, total, number, at("due"), business),
        ),
        Kind::LowBalance => (
            say.mail_low_credit_subject(balance.clone()),
            say.mail_low_credit_body(name, username, balance, business),
        ),
    };
    Text::stored(subject, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_the_program_could_have_been_written() {
        for &kind in Kind::ALL {
            for &language in Language::ALL {
                let text = built_in(kind, language);
                let written = Text::parse(kind, text.subject(), text.body());
                assert_eq!(written, Ok(text), "{kind:?} in {language:?}");
            }
        }
    }
}
