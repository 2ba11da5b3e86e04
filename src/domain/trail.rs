//! By what rows of the audit log are found: the clients and people whom they are about, and their family of commands.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::client::named;
use super::ids::{ClientId, PersonId};
use super::request::{Account, Intent, Person};

named!(
    /// What rows of the audit log can be narrowed to: families of commands, by what people know them as.
    Family {
        /// Credit added, deducted, taken back, and limits.
        Credit = "credit",
        /// Clients' accounts and pages.
        Client = "client",
        /// Invoices and payments.
        Invoice = "invoice",
        /// Messages and their texts.
        Message = "message",
        /// People, roles, and the freeze.
        People = "people",
        /// Files that were moved in.
        Import = "import",
    }
);

/// What a row of the audit log is found by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term(String);

impl Term {
    /// Rows about a client.
    pub fn client(client: ClientId) -> Self {
        Self(format!("client:{client}"))
    }

    /// Rows about a person, and of what he did.
    pub fn person(person: PersonId) -> Self {
        Self(format!("person:{person}"))
    }

    /// Rows of a family of commands.
    pub fn family(name: &str) -> Self {
        Self(format!("family:{name}"))
    }

    /// As stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a row is found by, by what stands in it: who did it, its action, its subject.
pub fn terms(person: Option<PersonId>, action: &str, subject: &str) -> BTreeSet<Term> {
    let mut terms = BTreeSet::new();
    terms.extend(person.map(Term::person));
    if subject.starts_with("client:") || subject.starts_with("person:") {
        terms.insert(Term(subject.to_owned()));
    }
    let family = match action.split('.').next().unwrap_or_default() {
        // The intent of a request tells its family.
        "request" | "vote" => return terms,
        "person" => Family::People.name(),
        // Only moving in changes clients without a request.
        "client" => Family::Import.name(),
        family => family,
    };
    terms.insert(Term::family(family));
    terms
}

/// What rows about a request are found by besides.
pub fn terms_of(intent: &Intent) -> BTreeSet<Term> {
    let mut terms = BTreeSet::new();
    let family = match intent.name().split(' ').next().unwrap_or_default() {
        "class" | "manager" | "reseller" | "referral" => Family::Client.name(),
        family => family,
    };
    terms.insert(Term::family(family));
    terms.extend(intent.client().map(Term::client));
    match intent {
        Intent::Account(Account::New(new)) => _ = terms.insert(Term::client(new.id)),
        Intent::Person(Person::Role { person, .. } | Person::Remove { person, .. }) => {
            terms.insert(Term::person(*person));
        }
        _ => {}
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request::Along;

    fn words(terms: BTreeSet<Term>) -> Vec<String> {
        terms.into_iter().map(|term| term.0).collect()
    }

    #[test]
    fn rows_are_found_by_who_what_and_about_whom() {
        let check = |person: Option<i64>, action, subject, expected: &[&str]| {
            let found = words(terms(person.map(PersonId), action, subject));
            assert_eq!(found, expected, "{action} {subject}");
        };
        check(
            Some(7),
            "person.linked",
            "person:7",
            &["family:people", "person:7"],
        );
        check(None, "people.unfrozen", "freeze:1", &["family:people"]);
        check(
            Some(7),
            "client.imported",
            "client:9",
            &["client:9", "family:import", "person:7"],
        );
        check(None, "import.begun", "import:abc", &["family:import"]);
        check(Some(7), "request.applied", "request:9", &["person:7"]);
    }

    #[test]
    fn requests_add_their_family_client_and_person() {
        let class = Intent::Account(Account::Class {
            client: ClientId(9),
            before: crate::domain::client::Class::User,
            after: crate::domain::client::Class::Reseller,
            heir: None,
            url: None,
            along: Along::default(),
        });
        assert_eq!(words(terms_of(&class)), ["client:9", "family:client"]);
        let freeze = Intent::Person(Person::Freeze);
        assert_eq!(words(terms_of(&freeze)), ["family:people"]);
    }
}
