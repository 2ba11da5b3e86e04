//! What a client is called and how it is reached: as it is typed, checked, shown and kept.

use serde::{Deserialize, Serialize};

use super::account::Party;
use crate::domain::client::Class;
use crate::domain::ids::ClientId;
use crate::domain::money::UnitPrice;
use crate::domain::refusal::Refusal;

/// What of a client is edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The full name.
    pub name: String,
    /// Perhaps empty.
    pub email: String,
    /// Perhaps empty.
    pub phone: String,
    /// Its own price of a credit; `None`: the reseller's, else the business's.
    pub price: Option<UnitPrice>,
}

impl Details {
    /// Refuses what cannot be a name, an address or a number.
    pub fn check(&self) -> Result<(), Refusal> {
        let bad = |option, typed: &str| Refusal::BadDetail {
            option,
            typed: typed.chars().take(60).collect(),
        };
        let visible = |text: &str| !text.chars().any(char::is_control);
        if crate::domain::client::fold(&self.name).is_empty()
            || self.name.chars().count() > 100
            || !visible(&self.name)
        {
            return Err(bad("fullname", &self.name));
        }
        let address = self.email.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && host.contains('.') && !host.contains('@') && !host.starts_with('.')
        });
        let spaced = self.email.chars().any(char::is_whitespace);
        if !self.email.is_empty()
            && (!address || spaced || !visible(&self.email) || self.email.len() > 254)
        {
            return Err(bad("email", &self.email));
        }
        let digits = self.phone.chars().filter(char::is_ascii_digit).count();
        let phone_like = self
            .phone
            .chars()
            .all(|char| char.is_ascii_digit() || "+-() ./".contains(char));
        if !self.phone.is_empty() && (!phone_like || !(5..=15).contains(&digits)) {
            return Err(bad("phone", &self.phone));
        }
        Ok(())
    }
}

/// A client to be made, as it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomer {
    /// The identifier that it will have.
    pub id: ClientId,
    /// Unique on the platform.
    pub username: String,
    /// Name, address, number and price.
    pub details: Details,
    /// What it may do.
    pub class: Class,
    /// Whose it is.
    pub reseller: Option<Party>,
    /// Who has the same address or number already: shown for information alone.
    pub twins: Vec<String>,
}

/// Refuses what the platform takes for no username.
pub fn check_username(username: &str) -> Result<(), Refusal> {
    let fits =
        |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || "._-".contains(char);
    if (3..=32).contains(&username.len()) && username.chars().all(fits) {
        return Ok(());
    }
    Err(Refusal::BadDetail {
        option: "username",
        typed: username.chars().take(60).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_plain() {
        let check = |typed: &str, fits: bool| {
            assert_eq!(check_username(typed).is_ok(), fits, "{typed:?}");
        };
        check("ada", true);
        check("a.b-c_9", true);
        check("ab", false);
        check("Ada", false);
        check("adé", false);
        check("a b", false);
        check(&"a".repeat(32), true);
        check(&"a".repeat(33), false);
    }

    #[test]
    fn details_are_a_name_an_address_and_a_number() {
        let check = |name: &str, email: &str, phone: &str, fits: bool| {
            let details = Details {
                name: name.to_owned(),
                email: email.to_owned(),
                phone: phone.to_owned(),
                price: None,
            };
            assert_eq!(details.check().is_ok(), fits, "{details:?}");
        };
        check("Ada", "", "", true);
        check("Ada", "ada@x.example", "+44 (20) 7946-0000", true);
        check("", "", "", false);
        check("\u{200b}", "", "", false);
        check("A\nB", "", "", false);
        check("Ada", "ada", "", false);
        check("Ada", "@x.example", "", false);
        check("Ada", "a b@x.example", "", false);
        check("Ada", "a@b@c.d", "", false);
        check("Ada", "", "12", false);
        check("Ada", "", "call me", false);
    }
}
