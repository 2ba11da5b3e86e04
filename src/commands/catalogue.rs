//! What a command is, as data. Registration on Discord, the Telegram menu, help, parsing and the README's table are
//! renderers of it; its laws are tests.

use futures_util::future::BoxFuture;

use super::{
    Call, Stop, account, approval, belonging, client, credit, export, importing, invoice, listing,
    message, page, people, report, standing, statement, trail,
};
use crate::chat::{Reply, Visibility};
use crate::domain::role::{Permission, Role};

/// Every command there is.
pub const CATALOGUE: &[Command] = &[
    client::FIND,
    client::VIEW,
    listing::LIST,
    statement::STATEMENT,
    credit::ADD,
    credit::REQUEST,
    credit::DEDUCT,
    credit::REVERSE,
    credit::LIMIT,
    invoice::CREATE,
    invoice::LINE,
    invoice::LIST,
    invoice::VIEW,
    invoice::PAID,
    invoice::UNPAY,
    invoice::VOID,
    invoice::CREDIT,
    invoice::TAX,
    standing::ACTIVATE,
    standing::SUSPEND,
    standing::CLOSE,
    page::NEW,
    page::EDIT,
    page::NOTE,
    page::TAG,
    belonging::CLASS,
    belonging::MANAGER,
    belonging::RESELLER,
    belonging::REFERRAL,
    approval::LIST,
    approval::REJECT,
    importing::CLIENTS,
    trail::LOG,
    export::EXPORT,
    report::WEEK,
    report::MONTH,
    report::BALANCE,
    message::EDIT,
    message::HISTORY,
    message::RESTORE,
    people::INVITE,
    people::LIST,
    people::ROLE,
    people::REMOVE,
    people::FREEZE,
    people::UNFREEZE,
    account::LINK,
    account::ADD,
    account::ME,
    account::HELP,
];

/// The command of that name.
pub fn command(name: &str) -> Option<&'static Command> {
    let commands = CATALOGUE.iter();
    #[cfg(test)]
    let commands = commands.chain(super::attaching::COMMANDS);
    let mut commands = commands;
    commands.find(|command| command.name == name)
}

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// A client: id, username, or text that finds exactly one; completed while typed.
    Client,
    /// An amount of credits in the one grammar.
    Amount,
    /// One of these, stored value by value; labels come from the sentences (`choice-VALUE`).
    Choice(&'static [&'static str]),
    /// A price of one credit: digits, perhaps `.` and up to six decimals.
    Price,
    /// One of the things that the command itself offers to pick from, by its short name. Until it is picked nothing that
    /// stands behind it is asked for: the command shows what there is.
    Pick,
    /// Text of at most so many characters.
    Text(u16),
    /// A file, never typed: an option of its own on Discord, a document that is sent as the answer on Telegram. The
    /// value is a stored reference ([`Args::file`](super::args::Args::file)).
    Attachment {
        /// Whether a picture that was sent as such will do too.
        pictures: bool,
    },
}

impl OptionKind {
    /// Whether it takes a file.
    pub fn is_file(self) -> bool {
        matches!(self, Self::Attachment { .. })
    }
}

/// One option of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opt {
    /// `client`: lower-case ASCII.
    pub name: &'static str,
    /// What it takes.
    pub kind: OptionKind,
    /// Whether the command cannot do without; a missing one is asked for in a form, never refused.
    pub required: bool,
}

/// Who may use a command at all; what exactly he may is decided where it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Anybody, linked or not, anywhere.
    Open,
    /// People whose role the matrix grants this, where rights are carried.
    Needs(Permission),
}

impl Gate {
    /// Whether somebody of this role (`None`: not linked) sees the command in menus and help.
    pub fn admits(self, role: Option<Role>) -> bool {
        use crate::domain::role::Grant;
        match (self, role) {
            (Self::Open, _) => true,
            (Self::Needs(_), None) => false,
            (Self::Needs(permission), Some(role)) => permission.grant(role) != Grant::No,
        }
    }
}

/// The function behind a command.
pub type Handler = fn(Call) -> BoxFuture<'static, Result<Reply, Stop>>;

/// A command.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// One or two lower-case words: `credit add`.
    pub name: &'static str,
    /// Its options; required ones first.
    pub options: &'static [Opt],
    /// Who may use it.
    pub gate: Gate,
    /// Whether it stands in menus; `false` for what only a button opens.
    pub listed: bool,
    /// Who sees the answer on Discord. Fixed here, because a deferred answer has to know before there is one.
    pub visibility: Visibility,
    /// What it does.
    pub handler: Handler,
}

impl Command {
    /// The message id of its description: `command-credit-add`.
    pub fn summary_id(&self) -> String {
        format!("command-{}", self.name.replace(' ', "-"))
    }

    /// The message id of an option's description: `option-amount`.
    pub fn option_id(option: &Opt) -> String {
        format!("option-{}", option.name)
    }

    /// How it is typed, with what may be left out in brackets: `/credit add client amount [mode] [note]`.
    pub fn usage(&self) -> String {
        let options = self.options.iter().map(|option| {
            if option.required {
                format!(" {}", option.name)
            } else {
                format!(" [{}]", option.name)
            }
        });
        format!("/{}{}", self.name, options.collect::<String>())
    }

    /// The option of that name.
    pub fn option(&self, name: &str) -> Option<&'static Opt> {
        self.options.iter().find(|option| option.name == name)
    }

    /// The options that take a file.
    pub fn files(&self) -> impl Iterator<Item = &'static Opt> {
        self.options.iter().filter(|option| option.kind.is_file())
    }

    /// The options that may be asked for, given the names that have a value: all before what has to be picked first.
    pub fn askable(&self, has: impl Fn(&str) -> bool) -> impl Iterator<Item = &'static Opt> {
        self.options
            .iter()
            .take_while(move |option| option.kind != OptionKind::Pick || has(option.name))
    }

    /// Whether the form of missing values must be asked for, given the names that have a value.
    pub fn misses(&self, has: impl Fn(&str) -> bool + Copy) -> bool {
        self.askable(has)
            .any(|option| option.required && !has(option.name))
    }
}
