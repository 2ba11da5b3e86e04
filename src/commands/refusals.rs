//! Refusals and faults in words: why it was not done, and the way out.

use super::cards;
use super::form::choice_label;
use crate::chat::sentences::spelling;
use crate::chat::{Card, Sentences, Tone};
use crate::domain::credits::BadAmount;
use crate::domain::invoice::{InvoiceStatus, LINES};
use crate::domain::message::{BadText, Kind, Part};
use crate::domain::refusal::Refusal;
use crate::domain::request::{Ineligible, State};
use crate::fault::{Fault, FaultKind};
use crate::services::Rules;

/// The card of a refusal.
pub fn refusal(rules: &Rules, refusal: &Refusal, say: &Sentences) -> Card {
    Card {
        title: say.title_refused(),
        text: sentence(rules, refusal, say),
        tone: Tone::Bad,
        ..Card::default()
    }
}

/// The sentence of a refusal.
pub fn sentence(rules: &Rules, refusal: &Refusal, say: &Sentences) -> String {
    match refusal {
        Refusal::NotLinked => say.refusal_not_linked(),
        Refusal::NotAllowed => say.refusal_not_allowed(),
        Refusal::NoRightsHere => say.refusal_no_rights_here(),
        Refusal::UnknownCommand {
            typed,
            meant: Some(meant),
        } => say.refusal_unknown_command_meant(typed.clone(), meant.replace(' ', "_")),
        Refusal::UnknownCommand { typed, meant: None } => {
            say.refusal_unknown_command(typed.clone())
        }
        Refusal::UnknownButton => say.refusal_unknown_button(),
        Refusal::NoOpenQuestion => say.refusal_no_open_question(),
        Refusal::ClientNotFound { query } if query.is_empty() => say.refusal_client_gone(),
        Refusal::ClientNotFound { query } => say.refusal_client_not_found(query.clone()),
        Refusal::ClientAmbiguous { query } => say.refusal_client_ambiguous(query.clone()),
        Refusal::BadAmount { typed, why } | Refusal::BadLimit { typed, why } => {
            let example = if rules.unit.scale() == 1 {
                "500"
            } else {
                "500.5"
            };
            match why {
                BadAmount::NotANumber => say.refusal_amount_not_a_number(typed.clone(), example),
                BadAmount::TooManyDecimals => say
                    .refusal_amount_decimals(typed.clone(), i64::from(rules.unit.scale().ilog10())),
                BadAmount::TooSmall => say.refusal_amount_too_small(
                    say.units(rules.unit, crate::domain::credits::Credits(1)),
                ),
                BadAmount::TooLarge => say.refusal_amount_too_large(say.units(
                    rules.unit,
                    crate::domain::credits::Credits(crate::domain::credits::LARGEST),
                )),
            }
        }
        Refusal::BadChoice {
            option,
            typed,
            choices,
        } => say.refusal_choice(label(option, say), typed.clone(), choices.clone()),
        Refusal::TooLong { option, max } => {
            say.refusal_too_long(label(option, say), i64::from(*max))
        }
        Refusal::Missing { option } => say.refusal_missing(label(option, say)),
        Refusal::Leftover { typed } => {
            say.refusal_leftover(typed.chars().take(80).collect::<String>())
        }
        Refusal::ClientStatus { client, status } => {
            say.refusal_client_status(client.clone(), cards::status_label(*status, say))
        }
        Refusal::OwnStatus { status } => say.refusal_own_status(cards::status_label(*status, say)),
        Refusal::OwnClass => say.refusal_own_class(),
        Refusal::OwnAccount => say.refusal_own_account(),
        Refusal::NotEnoughCredit { balance, amount } => say.refusal_not_enough_credit(
            cards::credits(rules, *balance, say),
            cards::credits(rules, amount.credits(), say),
        ),
        Refusal::BalanceTooLow {
            client,
            available,
            amount,
        } => say.refusal_balance_too_low(
            client.clone(),
            cards::credits(rules, *available, say),
            cards::credits(rules, amount.credits(), say),
        ),
        Refusal::NotGivenByYou { given, amount } => say.refusal_not_given_by_you(
            cards::credits(rules, *given, say),
            cards::credits(rules, amount.credits(), say),
        ),
        Refusal::Uncorrectable { client, status } => {
            say.refusal_uncorrectable(client.clone(), cards::status_label(*status, say))
        }
        Refusal::PostingNotFound => say.refusal_posting_not_found(),
        Refusal::AlreadyReversed => say.refusal_already_reversed(),
        Refusal::MoreThanOriginal { original } => {
            say.refusal_more_than_original(cards::credits(rules, original.credits(), say))
        }
        Refusal::Spent { spent, left } => say.refusal_spent(
            cards::credits(rules, *spent, say),
            cards::credits(rules, *left, say),
        ),
        Refusal::BelowLimit { balance } => {
            say.refusal_below_limit(cards::credits(rules, *balance, say))
        }
        Refusal::NothingChanges => say.refusal_nothing_changes(),
        Refusal::NotCloseable { balance, unpaid } => say.refusal_not_closeable(
            cards::credits(rules, *balance, say),
            say.money(&rules.currency, *unpaid),
        ),
        Refusal::InvoiceNotFound { typed } => say.refusal_invoice_not_found(typed.clone()),
        Refusal::InvoiceStands { number, status } => match status {
            InvoiceStatus::Paid => say.refusal_invoice_paid(number.clone()),
            InvoiceStatus::Unpaid => say.refusal_invoice_unpaid(number.clone()),
            InvoiceStatus::Voided => say.refusal_invoice_voided(number.clone()),
        },
        Refusal::InvoiceCovered { number } => say.refusal_invoice_covered(number.clone()),
        Refusal::ReferenceUsed { reference, number } => {
            say.refusal_reference_used(reference.clone(), number.clone())
        }
        Refusal::NothingWasPaid { number } => say.refusal_nothing_was_paid(number.clone()),
        Refusal::CreditLanded { number } => say.refusal_credit_landed(number.clone()),
        Refusal::InvoiceCredited { number } => say.refusal_invoice_credited(number.clone()),
        Refusal::VoidByReverse { number } => say.refusal_void_by_reverse(number.clone()),
        Refusal::MoreThanLeft { number, left } => {
            say.refusal_more_than_left(number.clone(), say.money(&rules.currency, *left))
        }
        Refusal::TooManyLines => {
            say.refusal_too_many_lines(i64::try_from(LINES).unwrap_or_default())
        }
        Refusal::BadLine { typed } => {
            say.refusal_bad_line(typed.chars().take(80).collect::<String>())
        }
        Refusal::BadMoney { typed } => say.refusal_bad_money(typed.clone()),
        Refusal::BadDays { typed } => say.refusal_bad_days(typed.clone()),
        Refusal::BadRate { typed } => say.refusal_bad_rate(typed.clone()),
        Refusal::TooLateToUndo => say.refusal_too_late_to_undo(),
        Refusal::BadPrice { typed } => say.refusal_bad_price(typed.clone()),
        Refusal::ReasonRequired => say.refusal_reason_required(),
        Refusal::TooDear => say.refusal_too_dear(),
        Refusal::RequestNotFound => say.refusal_request_not_found(),
        Refusal::NotYours => say.refusal_not_yours(),
        Refusal::Changed => say.refusal_changed(),
        Refusal::Over { state, by } => match state {
            State::Applied => say.refusal_over_applied(by.clone()),
            State::Rejected => say.refusal_over_rejected(by.clone()),
            State::Expired => say.refusal_over_expired(),
            State::Cancelled => say.refusal_over_cancelled(by.clone()),
            _ => say.refusal_over_unfit(),
        },
        Refusal::NotConfirmed => say.refusal_not_confirmed(),
        Refusal::Ineligible(Ineligible::Requester) => say.refusal_requester(),
        Refusal::Ineligible(Ineligible::Beneficiary) => say.refusal_beneficiary(),
        Refusal::Ineligible(Ineligible::Role) => say.refusal_not_approver(),
        Refusal::AlreadyVoted { missing } => say.refusal_already_voted(i64::from(*missing)),
        Refusal::RoleUnconfirmed => say.refusal_role_unconfirmed(),
        Refusal::NotAskable => say.refusal_not_askable(),
        Refusal::BadCode => say.refusal_bad_code(),
        Refusal::AlreadyLinked => say.refusal_already_linked(),
        Refusal::NeedsReseller => say.refusal_needs_reseller(choice_label("reseller", say)),
        Refusal::OnlyInPrivate => say.refusal_only_in_private(),
        Refusal::NeedsNoClient => say.refusal_needs_no_client(),
        Refusal::TooFast => say.refusal_too_fast(),
        Refusal::FileNeeded { option } => say.refusal_file_needed(label(option, say)),
        Refusal::FileIsPicture { option } => say.refusal_file_is_picture(label(option, say)),
        Refusal::FileToAttach { command, option } => say.refusal_file_to_attach(*command, *option),
        Refusal::FileTooLarge { most } => {
            say.refusal_file_too_large(i64::try_from(most / (1024 * 1024)).unwrap_or(i64::MAX))
        }
        Refusal::FileGone => say.refusal_file_gone(),
        Refusal::OwnClient => say.refusal_own_client(),
        Refusal::Unchangeable { client, status } => {
            say.refusal_unchangeable(client.clone(), cards::status_label(*status, say))
        }
        Refusal::NoSuchOther { option, query } => {
            say.refusal_no_such_other(query.clone(), label(option, say))
        }
        Refusal::NoReseller { client, .. } => say.refusal_no_reseller(client.clone()),
        Refusal::Circle { client, .. } => say.refusal_circle(client.clone()),
        Refusal::HasClients { clients } => say.refusal_has_clients(*clients),
        Refusal::TooManyMove { most } => say.refusal_too_many_move(*most),
        Refusal::BadDetail { option, typed } => {
            let rule = say.text(&format!("rule-{option}")).unwrap_or_default();
            say.refusal_bad_detail(label(option, say), typed.clone(), rule)
        }
        Refusal::UsernameTaken { username } => say.refusal_username_taken(username.clone()),
        Refusal::TooManyTags { most } => say.refusal_too_many_tags(*most),
        Refusal::NoSuchStaff { typed } => say.refusal_no_such_staff(typed.clone()),
        Refusal::Frozen { by } => say.refusal_frozen(by.clone()),
        Refusal::PersonNotFound { query } => say.refusal_person_not_found(query.clone()),
        Refusal::NobodyOfThatName { query } => say.refusal_nobody_of_that_name(query.clone()),
        Refusal::LastAdmin { name } => say.refusal_last_admin(name.clone()),
        Refusal::NamedInConfiguration { name, role } => {
            say.refusal_named_in_configuration(name.clone(), choice_label(role.name(), say))
        }
        Refusal::HeldByDiscord { name, role } => {
            say.refusal_held_by_discord(name.clone(), choice_label(role.name(), say))
        }
        Refusal::BadMessage { kind, why } => bad_message(*kind, why, say),
        Refusal::VersionNotFound { typed } => say.refusal_version_not_found(typed.clone()),
        Refusal::ExportTooLarge { most } => {
            say.refusal_export_too_large(i64::try_from(most / (1024 * 1024)).unwrap_or(i64::MAX))
        }
    }
}

fn bad_message(kind: Kind, why: &BadText, say: &Sentences) -> String {
    let label = |part: Part| label(part.option(), say);
    let known = || cards::message_placeholders(kind);
    match why {
        BadText::Empty(part) => say.refusal_missing(label(*part)),
        BadText::TooLong(part, most) => say.refusal_too_long(label(*part), i64::from(*most)),
        BadText::Lines => say.refusal_lines(),
        BadText::Loose(part) => say.refusal_loose_braces(label(*part), spelling("name")),
        BadText::Unknown { names, meant, .. } => {
            let names = names.iter().take(5).map(|name| {
                let name: String = name.chars().take(40).collect();
                spelling(&name)
            });
            let names = names.collect::<Vec<_>>().join(", ");
            match meant {
                Some(meant) => say.refusal_placeholder_meant(names, spelling(meant), known()),
                None => say.refusal_placeholder(names, known()),
            }
        }
    }
}

fn label(option: &str, say: &Sentences) -> String {
    say.text(&format!("field-{option}"))
        .unwrap_or_else(|| option.to_owned())
}

/// The card of a fault: what people can do about it, and a reference for who runs the bot.
pub fn fault(fault: &Fault, say: &Sentences) -> Card {
    let reference = fault.reference();
    let text = match fault.kind() {
        FaultKind::Database => say.fault_database(reference),
        FaultKind::Timeout => say.fault_timeout(reference),
        FaultKind::Messenger => say.fault_messenger(reference),
        FaultKind::Internal => say.fault_internal(reference),
    };
    Card {
        title: say.title_fault(),
        text,
        tone: Tone::Bad,
        ..Card::default()
    }
}
