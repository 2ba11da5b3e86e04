//! What is asked, line by line of the table.

use std::collections::BTreeSet;

use bursar::commands::CATALOGUE;

/// A command that is asked, and the line of the table that it falls under.
pub struct Action {
    pub row: &'static str,
    pub command: &'static str,
    /// What it is asked with. `<...>` is made where it is needed ([`super::scenes`]).
    pub values: &'static [(&'static str, &'static str)],
    /// Whether a client is named as well.
    pub client: bool,
    /// Whether it is confirmed as well; else it is given up, so that the clients stay as they are.
    pub done: bool,
}

impl Action {
    /// Whether it shows something, and changes nothing: also where a command lets something be picked first.
    pub fn shows(&self) -> bool {
        SHOWN.contains(&self.command) && !self.is_made()
    }

    /// Whether something is made that it is about.
    fn is_made(&self) -> bool {
        let made = |(_, value): &(&str, &str)| value.starts_with('<') && *value != "<invoice>";
        self.values.iter().any(made)
    }
}

#[rustfmt::skip]
pub const ACTIONS: &[Action] = &[
    Action { row: "find, view", command: "client view", values: &[], client: true, done: true },
    Action { row: "find, view", command: "client list", values: &[("what", "users")], client: false, done: true },
    Action { row: "find, view", command: "invoice list", values: &[], client: true, done: true },
    Action { row: "find, view", command: "invoice view", values: &[], client: true, done: true },
    Action { row: "find, view", command: "invoice view", values: &[("invoice", "<invoice>")], client: true, done: true },
    Action { row: "create invoice", command: "invoice create", values: &[("lines", "x; 1; 1")], client: true, done: true },
    Action { row: "create invoice", command: "invoice line", values: &[("draft", "<draft>"), ("text", "y"), ("quantity", "1"), ("each", "2")], client: false, done: true },
    Action { row: "settle invoice", command: "invoice paid", values: &[], client: false, done: true },
    Action { row: "settle invoice", command: "invoice paid", values: &[("invoice", "<unpaid>"), ("reference", "<reference>")], client: false, done: true },
    Action { row: "settle invoice", command: "invoice unpay", values: &[], client: false, done: true },
    Action { row: "settle invoice", command: "invoice unpay", values: &[("invoice", "<paid>")], client: false, done: true },
    Action { row: "settle invoice", command: "invoice void", values: &[], client: false, done: true },
    Action { row: "settle invoice", command: "invoice void", values: &[("invoice", "<unpaid>")], client: false, done: true },
    Action { row: "settle invoice", command: "invoice credit", values: &[], client: false, done: true },
    Action { row: "settle invoice", command: "invoice credit", values: &[("invoice", "<unpaid>"), ("money", "0.50"), ("reason", "x")], client: false, done: true },
    Action { row: "settle invoice", command: "invoice tax", values: &[("rate", "5")], client: true, done: true },
    Action { row: "add credit", command: "credit add", values: &[("amount", "1"), ("note", "x")], client: true, done: true },
    Action { row: "deduct credit", command: "credit deduct", values: &[("amount", "1"), ("reason", "x")], client: true, done: true },
    Action { row: "reverse credit", command: "credit reverse", values: &[], client: true, done: true },
    Action { row: "reverse credit", command: "credit reverse", values: &[("posting", "<posting>"), ("reason", "x")], client: true, done: true },
    Action { row: "overdraft limits", command: "credit limit", values: &[("limit", "5")], client: true, done: true },
    Action { row: "ask for credit for himself", command: "credit request", values: &[("amount", "1"), ("reference", "x")], client: false, done: true },
    Action { row: "invite support, auditor, reseller", command: "people invite", values: &[("role", "support"), ("name", "x")], client: false, done: true },
    Action { row: "invite support, auditor, reseller", command: "people invite", values: &[("role", "auditor"), ("name", "x")], client: false, done: true },
    Action { row: "invite support, auditor, reseller", command: "people invite", values: &[("role", "reseller"), ("name", "x"), ("client", "max")], client: false, done: true },
    Action { row: "invite support, auditor, reseller", command: "people role", values: &[("person", "<support>"), ("role", "auditor")], client: false, done: true },
    Action { row: "invite support, auditor, reseller", command: "people remove", values: &[("person", "<support>")], client: false, done: true },
    Action { row: "make an admin or finance", command: "people invite", values: &[("role", "admin"), ("name", "x")], client: false, done: true },
    Action { row: "make an admin or finance", command: "people invite", values: &[("role", "finance"), ("name", "x")], client: false, done: true },
    Action { row: "make an admin or finance", command: "people role", values: &[("person", "<support>"), ("role", "finance")], client: false, done: true },
    Action { row: "make an admin or finance", command: "people role", values: &[("person", "<admin>"), ("role", "auditor")], client: false, done: true },
    Action { row: "make an admin or finance", command: "people remove", values: &[("person", "<finance>")], client: false, done: true },
    Action { row: "new client, activate, suspend", command: "client new", values: &[("fullname", "x"), ("username", "<username>")], client: false, done: true },
    Action { row: "new client, activate, suspend", command: "client activate", values: &[], client: true, done: true },
    Action { row: "new client, activate, suspend", command: "client suspend", values: &[("reason", "x")], client: true, done: true },
    Action { row: "new client, activate, suspend", command: "client close", values: &[("reason", "x")], client: true, done: true },
    Action { row: "new client, activate, suspend", command: "client edit", values: &[("part", "phone"), ("value", "12345")], client: true, done: true },
    Action { row: "password link, notes, tags", command: "client note", values: &[("text", "x")], client: true, done: true },
    Action { row: "password link, notes, tags", command: "client tag", values: &[("tag", "x")], client: true, done: true },
    Action { row: "manager, referral", command: "manager set", values: &[], client: true, done: true },
    Action { row: "manager, referral", command: "manager set", values: &[("manager", "<support>")], client: true, done: true },
    Action { row: "manager, referral", command: "referral set", values: &[("referral", "ada")], client: true, done: true },
    Action { row: "update reseller, change class", command: "class set", values: &[("class", "RESELLER")], client: true, done: true },
    Action { row: "update reseller, change class", command: "reseller set", values: &[("reseller", "<reseller>")], client: true, done: true },
    Action { row: "statement, export", command: "client statement", values: &[], client: true, done: true },
    Action { row: "statement, export", command: "report week", values: &[], client: false, done: true },
    Action { row: "statement, export", command: "report month", values: &[], client: false, done: true },
    Action { row: "statement, export", command: "report balance", values: &[], client: true, done: true },
    Action { row: "statement, export", command: "export", values: &[("what", "statement")], client: true, done: true },
    Action { row: "statement, export", command: "export", values: &[("what", "clients")], client: false, done: true },
    Action { row: "read the audit log", command: "export", values: &[("what", "audit")], client: false, done: true },
    Action { row: "read the audit log", command: "audit log", values: &[], client: true, done: true },
    Action { row: "freeze, see people", command: "people list", values: &[], client: false, done: true },
    Action { row: "freeze, see people", command: "people role", values: &[], client: false, done: true },
    Action { row: "freeze, see people", command: "people remove", values: &[], client: false, done: true },
    Action { row: "freeze, see people", command: "people freeze", values: &[], client: false, done: true },
    Action { row: "unfreeze", command: "people unfreeze", values: &[], client: false, done: true },
    Action { row: "default messages, import", command: "message edit", values: &[("message", "welcome")], client: false, done: true },
    Action { row: "default messages, import", command: "message edit", values: &[("message", "welcome"), ("subject", "<username>")], client: true, done: true },
    Action { row: "default messages, import", command: "message history", values: &[("message", "welcome")], client: false, done: true },
    Action { row: "default messages, import", command: "message restore", values: &[("message", "welcome")], client: false, done: true },
    Action { row: "see what waits", command: "approval list", values: &[], client: false, done: true },
];

/// Commands that show something, or let it be picked.
const SHOWN: &[&str] = &[
    "report week",
    "report month",
    "report balance",
    "audit log",
    "export",
    "people list",
    "message edit",
    "message history",
    "message restore",
    "people role",
    "people remove",
    "credit reverse",
    "client view",
    "client list",
    "client statement",
    "approval list",
    "invoice list",
    "invoice view",
    "invoice paid",
    "invoice unpay",
    "invoice void",
    "invoice credit",
    "manager set",
];

/// What is shown and not confirmed here: done once, it would not be there to be done again.
pub const DRAFTED: &[&str] = &[];

/// What finds nothing rather than refusing ([`super::seen`]), what is done about what somebody else asked for
/// ([`super::voting`]), and what takes a file, which nobody types (`importing.rs`).
const ELSEWHERE: &[&str] = &["client find", "approval reject", "import clients"];

/// Commands that no line of the table is about.
const OTHERS: &[&str] = &[
    // A code carries its own right, for whoever has it, anywhere.
    "link",
    // Whoever is linked may add his own account: what he may do stays what it was.
    "account add",
    // Everybody may ask who he is here.
    "me",
    // Everybody may ask what he may do, and is told no more than that.
    "help",
];

#[test]
fn every_command_is_held_to_the_table() {
    let here: BTreeSet<_> = ACTIONS
        .iter()
        .map(|action| action.command)
        .chain(ELSEWHERE.iter().copied())
        .chain(OTHERS.iter().copied())
        .collect();
    assert_eq!(here, CATALOGUE.iter().map(|command| command.name).collect());
    for name in OTHERS {
        let command = bursar::commands::command(name).unwrap();
        assert_eq!(command.gate, bursar::commands::Gate::Open, "{name}");
    }
}
