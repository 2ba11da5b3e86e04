//! Refusals: why something that was asked is not done. Typed here, worded in the sentences (`refusal-...`), each with
//! the way out.

use super::client::Status;
use super::credits::{Amount, BadAmount, Credits};
use super::invoice::InvoiceStatus;
use super::message::{BadText, Kind};
use super::money::Money;
use super::request::{Ineligible, State};
use super::role::Role;

/// Why something is not done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum Refusal {
    /// Nobody knows this account.
    NotLinked,
    /// The person's role does not include it.
    NotAllowed,
    /// Said where rights do not come along.
    NoRightsHere,
    /// No command of that name.
    UnknownCommand {
        /// As typed.
        typed: String,
        /// A command that may have been meant.
        meant: Option<&'static str>,
    },
    /// The button is of an older version or was never ours.
    UnknownButton,
    /// The question that was answered is not open any more.
    NoOpenQuestion,
    /// No such client within the person's scope.
    ClientNotFound {
        /// As typed; empty for a button.
        query: String,
    },
    /// More than one client fits.
    ClientAmbiguous {
        /// As typed.
        query: String,
    },
    /// An amount that is none.
    BadAmount {
        /// As typed.
        typed: String,
        /// Why.
        why: BadAmount,
    },
    /// Not one of the choices.
    BadChoice {
        /// The option.
        option: String,
        /// As typed.
        typed: String,
        /// What may be chosen.
        choices: String,
    },
    /// Too many characters.
    TooLong {
        /// The option.
        option: String,
        /// The most characters.
        max: u16,
    },
    /// A value that is required is empty.
    Missing {
        /// The option.
        option: String,
    },
    /// More values than the command takes.
    Leftover {
        /// What was too much.
        typed: String,
    },
    /// The client is not active.
    ClientStatus {
        /// Its name.
        client: String,
        /// Where it stands.
        status: Status,
    },
    /// The reseller's own account is not active.
    OwnStatus {
        /// Where it stands.
        status: Status,
    },
    /// The reseller's own account is of another class by now.
    OwnClass,
    /// A reseller cannot credit himself.
    OwnAccount,
    /// The balance does not suffice.
    NotEnoughCredit {
        /// What there is.
        balance: Credits,
        /// What is needed.
        amount: Amount,
    },
    /// The client's balance does not suffice for what is to be taken.
    BalanceTooLow {
        /// The client.
        client: String,
        /// What can be taken.
        available: Credits,
        /// What is to be taken.
        amount: Amount,
    },
    /// A reseller takes back only what he gave.
    NotGivenByYou {
        /// What he gave and has not taken back.
        given: Credits,
        /// What is to be taken.
        amount: Amount,
    },
    /// Nothing of the client's can be corrected as it stands.
    Uncorrectable {
        /// The client.
        client: String,
        /// Where it stands.
        status: Status,
    },
    /// No such posting of this client, or none that this person may take back.
    PostingNotFound,
    /// The posting was taken back before.
    AlreadyReversed,
    /// More is to be taken back than was moved.
    MoreThanOriginal {
        /// What was moved.
        original: Amount,
    },
    /// What was moved is spent, in part or in full.
    Spent {
        /// So much of it.
        spent: Credits,
        /// So much is left.
        left: Credits,
    },
    /// An overdraft limit above which the balance stands already.
    BelowLimit {
        /// The balance.
        balance: Credits,
    },
    /// It is like that already.
    NothingChanges,
    /// A client is closed with balance 0 and without open invoices.
    NotCloseable {
        /// The balance.
        balance: Credits,
        /// What is unpaid.
        unpaid: Money,
    },
    /// No such invoice within the person's scope.
    InvoiceNotFound {
        /// As typed.
        typed: String,
    },
    /// The invoice does not stand where that is done.
    InvoiceStands {
        /// Its name.
        number: String,
        /// Where it stands.
        status: InvoiceStatus,
    },
    /// Credit notes cover all of the invoice.
    InvoiceCovered {
        /// Its name.
        number: String,
    },
    /// A payment's reference is that of another payment.
    ReferenceUsed {
        /// As typed.
        reference: String,
        /// The invoice that was paid under it.
        number: String,
    },
    /// An invoice of nothing was never paid.
    NothingWasPaid {
        /// Its name.
        number: String,
    },
    /// Prepaid credit has landed.
    CreditLanded {
        /// The invoice.
        number: String,
    },
    /// An invoice with credit notes is not voided.
    InvoiceCredited {
        /// Its name.
        number: String,
    },
    /// The invoice of credit that was added goes with the credit.
    VoidByReverse {
        /// Its name.
        number: String,
    },
    /// A credit note over nothing, or over more than is left.
    MoreThanLeft {
        /// The invoice.
        number: String,
        /// What is left of it.
        left: Money,
    },
    /// More lines than an invoice has.
    TooManyLines,
    /// A line that is none.
    BadLine {
        /// As typed.
        typed: String,
    },
    /// An amount of money that is none.
    BadMoney {
        /// As typed.
        typed: String,
    },
    /// A number of days that is none.
    BadDays {
        /// As typed.
        typed: String,
    },
    /// A tax rate that is none.
    BadRate {
        /// As typed.
        typed: String,
    },
    /// The time for undoing is over, or it cannot be undone.
    TooLateToUndo,
    /// A limit that is no amount.
    BadLimit {
        /// As typed.
        typed: String,
        /// Why.
        why: BadAmount,
    },
    /// A price that is none.
    BadPrice {
        /// As typed.
        typed: String,
    },
    /// A gift needs a reason.
    ReasonRequired,
    /// The invoice would be too large.
    TooDear,
    /// No such request, or none that this person may see.
    RequestNotFound,
    /// A button of something that somebody else drafted.
    NotYours,
    /// What is pressed is not what is stored.
    Changed,
    /// The request is over already.
    Over {
        /// How it ended.
        state: State,
        /// Who ended it.
        by: String,
    },
    /// The request is not confirmed by its requester.
    NotConfirmed,
    /// This person may not decide about this request.
    Ineligible(Ineligible),
    /// This person has approved already.
    AlreadyVoted {
        /// How many others are still needed.
        missing: u8,
    },
    /// The Discord roles of the requester, or of somebody who approved, could not be looked up just now.
    RoleUnconfirmed,
    /// The request cannot be asked again, because it was applied or is still open.
    NotAskable,
    /// A one-time code that is unknown, used or too old.
    BadCode,
    /// The account belongs to a person already.
    AlreadyLinked,
    /// A reseller's invitation needs a client of class RESELLER.
    NeedsReseller,
    /// A secret would come of it where others read.
    OnlyInPrivate,
    /// Only a reseller's invitation names a client.
    NeedsNoClient,
    /// Too much at once from one person.
    TooFast,
    /// Text, or nothing, where a file is to be sent.
    FileNeeded {
        /// The option.
        option: String,
    },
    /// A picture where only a document will do.
    FileIsPicture {
        /// The option.
        option: String,
    },
    /// A file is missing where no form can ask for one: it comes along with the command.
    FileToAttach {
        /// The command.
        command: &'static str,
        /// The option.
        option: &'static str,
    },
    /// A file with too many bytes.
    FileTooLarge {
        /// The most bytes.
        most: u64,
    },
    /// A file that the messenger has no more.
    FileGone,
    /// Nobody changes his own client.
    OwnClient,
    /// Nothing of the client's can be changed as it stands.
    Unchangeable {
        /// Its name.
        client: String,
        /// Where it stands.
        status: Status,
    },
    /// An option that names another client does not name exactly one.
    NoSuchOther {
        /// The option.
        option: &'static str,
        /// As typed.
        query: String,
    },
    /// An option names a client who is no active reseller.
    NoReseller {
        /// The option.
        option: &'static str,
        /// The client's name.
        client: String,
    },
    /// A client would be its own reseller or referral, over others or at once.
    Circle {
        /// The option.
        option: &'static str,
        /// The client that is named.
        client: String,
    },
    /// A reseller with clients stays one, unless somebody takes them over.
    HasClients {
        /// How many.
        clients: i64,
    },
    /// More clients would move at once than may.
    TooManyMove {
        /// How many may.
        most: i64,
    },
    /// A name, username, address, number or price that is none.
    BadDetail {
        /// The option.
        option: &'static str,
        /// As typed.
        typed: String,
    },
    /// The username belongs to somebody.
    UsernameTaken {
        /// As typed.
        username: String,
    },
    /// A client has as many tags as it may have.
    TooManyTags {
        /// How many.
        most: i64,
    },
    /// Nobody of the staff has that name, or several have.
    NoSuchStaff {
        /// As typed.
        typed: String,
    },
    /// Every change is stopped.
    Frozen {
        /// Who stopped it.
        by: String,
    },
    /// Nobody of that name has a role here.
    PersonNotFound {
        /// As typed.
        query: String,
    },
    /// Nobody of that name ever had a role here.
    NobodyOfThatName {
        /// As typed.
        query: String,
    },
    /// He is the last named admin.
    LastAdmin {
        /// His name.
        name: String,
    },
    /// The configuration names him in this role.
    NamedInConfiguration {
        /// His name.
        name: String,
        /// The role.
        role: Role,
    },
    /// He has a Discord role that is mapped to this role.
    HeldByDiscord {
        /// His name.
        name: String,
        /// The role.
        role: Role,
    },
    /// More than goes out in one piece.
    ExportTooLarge {
        /// The most bytes.
        most: usize,
    },
    /// Text that cannot be a default message.
    BadMessage {
        /// Which message.
        kind: Kind,
        /// Why.
        why: BadText,
    },
    /// A message has no such version.
    VersionNotFound {
        /// As typed.
        typed: String,
    },
}

impl Refusal {
    /// The option whose value has to be another one, where that mends it.
    pub fn option(&self) -> Option<&str> {
        match self {
            Self::BadAmount { .. }
            | Self::NotEnoughCredit { .. }
            | Self::BalanceTooLow { .. }
            | Self::NotGivenByYou { .. }
            | Self::MoreThanOriginal { .. }
            | Self::Spent { .. }
            | Self::TooDear => Some("amount"),
            Self::BelowLimit { .. } | Self::BadLimit { .. } => Some("limit"),
            Self::BadPrice { .. } => Some("price"),
            Self::BadChoice { option, .. }
            | Self::TooLong { option, .. }
            | Self::Missing { option }
            | Self::FileNeeded { option }
            | Self::FileIsPicture { option } => Some(option),
            Self::ClientNotFound { .. }
            | Self::ClientAmbiguous { .. }
            | Self::ClientStatus { .. }
            | Self::OwnAccount
            | Self::NeedsReseller
            | Self::NeedsNoClient => Some("client"),
            Self::ReasonRequired => Some("note"),
            Self::ReferenceUsed { .. } => Some("reference"),
            Self::MoreThanLeft { .. } | Self::BadMoney { .. } => Some("money"),
            Self::BadLine { .. } | Self::TooManyLines => Some("lines"),
            Self::BadDays { .. } => Some("due"),
            Self::BadRate { .. } => Some("rate"),
            Self::NoSuchOther { option, .. }
            | Self::NoReseller { option, .. }
            | Self::Circle { option, .. }
            | Self::BadDetail { option, .. } => Some(option),
            Self::HasClients { .. } => Some("heir"),
            Self::UsernameTaken { .. } => Some("username"),
            Self::PersonNotFound { .. } => Some("person"),
            Self::NobodyOfThatName { .. } => Some("who"),
            Self::BadMessage { why, .. } => Some(why.part().option()),
            Self::VersionNotFound { .. } => Some("version"),
            _ => None,
        }
    }
}
