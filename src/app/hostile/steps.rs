//! The conversation: every command, with the text wherever one is taken.

use std::collections::BTreeSet;

use crate::commands::CATALOGUE;

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// An admin of that name, whose own word is enough.
    Ann,
    /// Another, who approves.
    Bob,
    /// Support.
    Sue,
    /// A reseller of that name, whose client is called so as well.
    Rex,
}

/// What is done with what a command drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// It is confirmed, and approved where it waits.
    Done,
    /// It is confirmed, and waits.
    Waits,
    /// It stays a draft.
    Draft,
}

/// A command. `<text>` is the text, as much of it as is taken; `<name>` the same without what no name has, `<plain>`
/// without placeholders as well; `<pick>` what the last list offered first; `<file>` a file of that name, with clients who
/// are called so and one who cannot be.
pub(super) struct Step(
    pub(super) Who,
    pub(super) &'static str,
    pub(super) &'static [(&'static str, &'static str)],
    pub(super) Then,
);

use Then::{Done, Draft, Waits};
use Who::{Ann, Bob, Rex, Sue};

#[rustfmt::skip]
pub(super) const STEPS: &[Step] = &[
    Step(Ann, "client find", &[("client", "ada")], Done),
    Step(Ann, "client find", &[("client", "<text>")], Done),
    Step(Ann, "client view", &[("client", "ada")], Done),
    Step(Rex, "client view", &[("client", "tom")], Done),
    Step(Ann, "client list", &[("what", "users")], Done),
    Step(Ann, "client list", &[("what", "resellers")], Done),
    Step(Ann, "credit add", &[("client", "ada"), ("amount", "500"), ("note", "<text>")], Done),
    Step(Ann, "credit add", &[("client", "rex"), ("amount", "5000"), ("note", "<text>")], Done),
    Step(Rex, "credit add", &[("client", "tom"), ("amount", "20"), ("note", "<text>")], Done),
    Step(Rex, "credit request", &[("amount", "5"), ("reference", "<text>")], Done),
    Step(Ann, "credit deduct", &[("client", "ada"), ("amount", "5"), ("reason", "<text>")], Done),
    Step(Ann, "credit deduct", &[("client", "rex"), ("amount", "5"), ("reason", "<text>")], Done),
    Step(Ann, "credit reverse", &[("client", "ada")], Done),
    Step(Ann, "credit reverse", &[("client", "ada"), ("posting", "<pick>"), ("reason", "<text>")], Done),
    Step(Ann, "credit limit", &[("client", "ada"), ("limit", "5")], Done),
    Step(Ann, "invoice create", &[("client", "rex"), ("lines", "x; 1; 2")], Draft),
    Step(Ann, "invoice line", &[("draft", "<draft>"), ("text", "<text>"), ("quantity", "2"), ("each", "3")], Done),
    Step(Ann, "invoice list", &[], Done),
    Step(Ann, "invoice view", &[("invoice", "<pick>")], Done),
    Step(Ann, "invoice paid", &[], Done),
    Step(Ann, "invoice paid", &[("invoice", "<pick>"), ("reference", "<text>")], Done),
    Step(Ann, "invoice unpay", &[], Done),
    Step(Ann, "invoice unpay", &[("invoice", "<pick>")], Done),
    Step(Ann, "invoice credit", &[], Done),
    Step(Ann, "invoice credit", &[("invoice", "<pick>"), ("money", "0.10"), ("reason", "<text>")], Done),
    Step(Ann, "invoice create", &[("client", "tom"), ("lines", "x; 1; 2")], Done),
    Step(Ann, "invoice void", &[], Done),
    Step(Ann, "invoice void", &[("invoice", "<pick>")], Done),
    Step(Ann, "invoice tax", &[("client", "ada"), ("rate", "5")], Done),
    Step(Ann, "client suspend", &[("client", "tom"), ("reason", "<text>")], Done),
    Step(Ann, "client activate", &[("client", "tom")], Done),
    Step(Ann, "client new", &[("fullname", "<name>"), ("username", "nova")], Done),
    Step(Ann, "client edit", &[("client", "eve"), ("part", "name"), ("value", "y <name>")], Done),
    Step(Ann, "client note", &[("client", "nova"), ("text", "<text>")], Done),
    Step(Ann, "client tag", &[("client", "nova"), ("tag", "<text>")], Done),
    Step(Ann, "client view", &[("client", "nova")], Done),
    Step(Ann, "class set", &[("client", "eve"), ("class", "RESELLER")], Done),
    Step(Ann, "manager set", &[("client", "eve")], Done),
    Step(Ann, "manager set", &[("client", "eve"), ("manager", "Bob")], Done),
    Step(Ann, "reseller set", &[("client", "eve"), ("reseller", "rex")], Done),
    Step(Ann, "referral set", &[("client", "eve"), ("referral", "rex")], Done),
    Step(Ann, "client close", &[("client", "nova"), ("reason", "<text>")], Done),
    Step(Sue, "credit add", &[("client", "ada"), ("amount", "7"), ("note", "<text>")], Waits),
    Step(Bob, "approval list", &[], Done),
    Step(Bob, "approval reject", &[("request", "<waiting>"), ("reason", "<text>")], Done),
    Step(Ann, "client statement", &[("client", "ada")], Done),
    Step(Rex, "client statement", &[("client", "rex")], Done),
    Step(Ann, "export", &[("what", "clients")], Done),
    Step(Ann, "export", &[("what", "statement"), ("client", "ada")], Done),
    Step(Ann, "export", &[("what", "invoices")], Done),
    Step(Ann, "export", &[("what", "audit")], Done),
    Step(Ann, "report week", &[], Done),
    Step(Rex, "report week", &[], Done),
    Step(Rex, "report month", &[], Done),
    Step(Ann, "report balance", &[("client", "ada")], Done),
    Step(Ann, "people invite", &[("role", "support"), ("name", "<text>")], Done),
    Step(Ann, "people list", &[], Done),
    Step(Ann, "people role", &[], Done),
    Step(Ann, "people role", &[("person", "<pick>"), ("role", "auditor")], Done),
    Step(Ann, "people remove", &[], Done),
    Step(Ann, "people remove", &[("person", "<pick>")], Done),
    Step(Ann, "people freeze", &[], Done),
    Step(Bob, "credit add", &[("client", "ada"), ("amount", "7")], Done),
    Step(Ann, "people unfreeze", &[], Done),
    Step(Ann, "audit log", &[("client", "ada")], Done),
    Step(Ann, "audit log", &[("who", "zz <text>")], Done),
    Step(Ann, "import clients", &[("file", "<file>")], Done),
    Step(Ann, "me", &[], Done),
    Step(Rex, "me", &[], Done),
    Step(Ann, "account add", &[], Done),
    Step(Ann, "help", &[], Done),
    Step(Ann, "message edit", &[("message", "welcome"), ("subject", "x <plain>"), ("body", "x <plain>"), ("client", "ada")], Done),
    Step(Ann, "message edit", &[("message", "welcome"), ("client", "ada")], Done),
    Step(Ann, "message history", &[("message", "welcome")], Done),
    Step(Ann, "message restore", &[("message", "welcome"), ("version", "0")], Done),
    Step(Ann, "link", &[("code", "<text>")], Done),
];

#[test]
fn every_command_has_a_step_and_every_text_of_it_the_text() {
    let steps: BTreeSet<_> = STEPS.iter().map(|step| step.1).collect();
    assert_eq!(
        steps,
        CATALOGUE.iter().map(|command| command.name).collect()
    );
    // What is a text by its kind alone: a number, a day, a name that has a step of its own.
    let plain = [
        "username", "quantity", "each", "money", "limit", "rate", "due", "from", "to", "email",
        "phone", "lines",
    ];
    for command in CATALOGUE {
        for option in command.options {
            let is_text = matches!(option.kind, crate::commands::OptionKind::Text(_));
            if !is_text || plain.contains(&option.name) {
                continue;
            }
            let mut steps = STEPS.iter().filter(|step| step.1 == command.name);
            let given = steps.any(|step| {
                let value = step.2.iter().find(|(name, _)| *name == option.name);
                value.is_some_and(|(_, value)| {
                    ["<text>", "<name>", "<plain>", "<waiting>", "Bob"]
                        .iter()
                        .any(|text| value.contains(text))
                })
            });
            assert!(
                given || option.name == "manager",
                "{} {}",
                command.name,
                option.name
            );
        }
    }
}
