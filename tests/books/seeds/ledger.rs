//! The ledger and the numbers of invoices.

use super::{Seed, moves, posting};

pub const SEEDS: &[Seed] = &[
    Seed::new(
        "a posting without entries",
        posting!("5000" "usage", "{ada}", "null", "null"),
        &["L1 posting 4w8 has 0 entries with the sum 0"],
    ),
    Seed::new(
        "a posting that makes credits of nothing",
        concat!(
            posting!("5000" "usage", "{ada}", "null", "null"),
            "
            update account set balance = balance + 5, seq = seq + 1 where id in (1, 2);
            insert into entry (account_id, seq, posting_id, amount, balance, floor)
                select id, seq, 5000, 5, balance, floor from account where id in (1, 2);"
        ),
        &[
            "L1 posting 4w8 has 2 entries with the sum 10",
            "L3 all balances sum to 10",
        ],
    )
    .follows("balances that equal their entries sum to what the postings sum to"),
    Seed::new(
        "a posting that vanished",
        concat!(
            posting!("5000" "usage", "{ada}", "null", "null"),
            moves!("5000" "5" from "1" to "2"),
            "delete from posting where id = 5000;"
        ),
        &["L1 posting 4w8 has 2 entries and is not there"],
    ),
    Seed::new(
        "a balance that was written up, and another one down",
        "update account set balance = balance + 7 where id = {ada};
         update account set balance = balance - 7 where id = {tom};",
        &[
            "L2 account {ada} has the balance 20637 at 4; its 4 entries sum to 20630, the last leaves 20630",
            "L2 account {tom} has the balance 33 at 1; its 1 entries sum to 40, the last leaves 40",
        ],
    ),
    Seed::new(
        "a balance that was written up",
        "update account set balance = balance + 7 where id = {tom};",
        &[
            "L2 account {tom} has the balance 47 at 1; its 1 entries sum to 40, the last leaves 40",
            "L3 all balances sum to 7",
        ],
    )
    .follows("the other balances stay, so that all of them sum to as much"),
    Seed::new(
        "an entry that was lost, with its sequence number",
        "update account set seq = seq - 1 where id = {tom};",
        &[
            "L2 account {tom} has the balance 40 at 0; its 1 entries sum to 40, the last leaves 40",
        ],
    ),
    Seed::new(
        "a running balance that does not follow from the one before",
        "update entry set balance = balance + 3 where account_id = {ada} and seq = 2;",
        &[
            "L2 account {ada} moves by 20000 from 583 to 20580 in entry 3, which follows entry 2",
            "L2 account {ada} moves by 500 from 80 to 583 in entry 2, which follows entry 1",
        ],
    ),
    Seed::new(
        "a sequence number that was left out",
        "update entry set seq = 5 where account_id = {rex} and seq = 4; update account set seq = 5 where id = {rex};",
        &[
            "L2 account {rex} has the balance 1000 at 5; its 4 entries sum to 1000, the last leaves 1000",
            "L2 account {rex} moves by -30 from 1030 to 1000 in entry 5, which follows entry 3",
        ],
    ),
    Seed::new(
        "entries of accounts that do not exist",
        concat!(
            posting!("5000" "usage", "null", "null", "null"),
            "
            insert into entry (account_id, seq, posting_id, amount, balance, floor)
                values (7001, 1, 5000, 5, 5, 0), (7002, 1, 5000, -5, -5, null);"
        ),
        &[
            "L2 account 6ts has 1 entries and is not there",
            "L2 account 6tt has 1 entries and is not there",
        ],
    ),
    Seed::new(
        "a floor that was drawn above a balance",
        "update account set floor = balance + 1 where id = {tom};",
        &["L4 account {tom} stands at 40 with the floor 41"],
    ),
    Seed::new(
        "a client without a floor",
        "update account set floor = null where id = {kim};",
        &["L4 account {kim} stands at 0 with the floor missing"],
    ),
    Seed::new(
        "a balance that was below its floor for a while",
        "update entry set floor = balance + 1 where account_id = {ada} and seq = 1;",
        &["L4 account {ada} stood at 80 after entry 1, with the floor 81"],
    ),
    Seed::new(
        "a client who had no floor for a while",
        "update entry set floor = null where account_id = {ada} and seq = 1;",
        &["L4 account {ada} stood at 80 after entry 1, with the floor missing"],
    ),
    Seed::new(
        "entries of nothing",
        concat!(
            posting!("5000" "usage", "null", "null", "null"),
            moves!("5000" "0" from "1" to "2")
        ),
        &[
            "L5 posting 4w8 moves 0",
            "L5 posting 4w8 moves 0",
        ],
    ),
    Seed::new(
        "entries beyond what one action may move",
        concat!(
            posting!("5000" "usage", "null", "null", "null"),
            moves!("5000" "1000000000001" from "1" to "2")
        ),
        &[
            "L5 posting 4w8 moves -1000000000001",
            "L5 posting 4w8 moves 1000000000001",
        ],
    ),
    Seed::new(
        "amounts that have no sum",
        concat!(
            posting!("5000" "usage", "null", "null", "null"),
            "
            insert into entry (account_id, seq, posting_id, amount, balance, floor)
                select id, 1, 5000, 9223372036854775807, 0, floor from account where id = {kim};
            insert into entry (account_id, seq, posting_id, amount, balance, floor)
                select id, 2, 5000, 9223372036854775807, 0, floor from account where id = {kim};"
        ),
        &[
            "L1 amounts are so large that they cannot be summed",
            "L2 account {kim} moves by 9223372036854775807 from 0 to 0 in entry 1, which follows entry 0",
            "L2 account {kim} moves by 9223372036854775807 from 0 to 0 in entry 2, which follows entry 1",
            "L2 amounts are so large that they cannot be summed",
            "L5 posting 4w8 moves 9223372036854775807",
            "L5 posting 4w8 moves 9223372036854775807",
        ],
    )
    .only("sqlite")
    .follows("no account can have moved by so much and stand where it did"),
    Seed::new(
        "amounts that have no sum",
        concat!(
            posting!("5000" "usage", "null", "null", "null"),
            "
            insert into entry (account_id, seq, posting_id, amount, balance, floor)
                select id, 1, 5000, 9223372036854775807, 0, floor from account where id = {kim};
            insert into entry (account_id, seq, posting_id, amount, balance, floor)
                select id, 2, 5000, 9223372036854775807, 0, floor from account where id = {kim};"
        ),
        &[
            "L1 posting 4w8 has 2 entries with the sum 18446744073709551614",
            "L2 account {kim} has the balance 0 at 0; its 2 entries sum to 18446744073709551614, the last leaves 0",
            "L2 account {kim} moves by 9223372036854775807 from 0 to 0 in entry 1, which follows entry 0",
            "L2 account {kim} moves by 9223372036854775807 from 0 to 0 in entry 2, which follows entry 1",
            "L5 posting 4w8 moves 9223372036854775807",
            "L5 posting 4w8 moves 9223372036854775807",
        ],
    )
    .only("postgres")
    .follows("no account can have moved by so much and stand where it did"),
    Seed::new(
        "an invoice for nothing",
        "update invoice set credits = 0 where id = {prepaid.invoice};",
        &[
            "A4 request {prepaid} has another invoice than the one that was shown",
            "L5 invoice {prepaid.invoice} is for 0 credits",
        ],
    )
    .follows("the invoice that was shown was for something"),
    Seed::new(
        "a request for more than there may be",
        "update request set amount = 1000000000001 where id = {draft};",
        &[
            "A4 request {draft} is filed under something else than it says",
            "L5 request {draft} is for 1000000000001",
        ],
    )
    .follows("its digest is over another amount"),
    Seed::new(
        "two postings under one key",
        concat!(
            posting!("5000" "usage", "null", "null", "null"),
            moves!("5000" "5" from "1" to "2"),
            "update posting set key = 'request:{$direct}' where id = 5000;"
        ),
        &["L7 posting 4w8 shares its key request:{direct} with 1 others"],
    ),
    Seed::new(
        "credit without an invoice",
        "delete from invoice where id = {given_too.invoice};
         update series set next = next - 1 where issuer_id = {rex};",
        &[
            "A5 request {given_too} is applied (credit add) with 1 postings and 0 invoices",
            "L8 posting {given_too.posting} adds 30 and has 0 invoices, for 0",
        ],
    )
    .follows("an applied request has exactly one invoice"),
    Seed::new(
        "an invoice for more credits than were added",
        "update invoice set credits = credits + 1 where id = {direct.invoice};",
        &[
            "A4 request {direct} has another invoice than the one that was shown",
            "L8 posting {direct.posting} adds 80 and has 1 invoices, for 81",
        ],
    )
    .follows("the invoice that was shown was for less"),
    Seed::new(
        "an invoice for somebody else's credits",
        "update invoice set client_id = {kim} where id = {direct.invoice};",
        &[
            "A4 request {direct} has another invoice than the one that was shown",
            "L8 posting {direct.posting} adds 80 and has 1 invoices, for 80",
        ],
    )
    .follows("the invoice that was shown was his"),
    Seed::new(
        "an invoice that lost its posting",
        "update invoice set posting_id = null where id = {direct.invoice};",
        &[
            "L8 invoice {direct.invoice} is unpaid and on-account, and no credit was added",
            "L8 posting {direct.posting} adds 80 and has 0 invoices, for 0",
        ],
    ),
    Seed::new(
        "a prepaid invoice that was paid, and no credit landed",
        "update invoice set status = 'paid' where id = {prepaid.invoice};",
        &[
            "L8 invoice {prepaid.invoice} is paid and names no payment",
            "L8 invoice {prepaid.invoice} is paid and prepaid, and no credit was added",
        ],
    ),
    Seed::new(
        "an invoice that was paid without a payment",
        "update invoice set status = 'paid' where id = {direct.invoice};",
        &["L8 invoice {direct.invoice} is paid and names no payment"],
    ),
    Seed::new(
        "two invoices that were paid by one payment",
        "drop index if exists invoice_reference;
         update invoice set status = 'paid', reference = 'TX', reference_key = 'tx'
            where id in ({direct.invoice}, {given_too.invoice});",
        &["L7 invoice {direct.invoice} shares its payment tx with 1 others"],
    ),
    Seed::new(
        "an invoice whose lines do not sum to what it asks for",
        "update invoice set kind = 'lines' where id = {prepaid.invoice};",
        &[
            "L8 invoice {prepaid.invoice} asks for 1500 and 300 of tax, 1800 in all; its lines sum to 0",
        ],
    ),
    Seed::new(
        "a credit note beyond its invoice",
        "insert into credit_note (id, issuer_id, number, invoice_id, credits, net, tax, total, reason, request_id, created_at)
            select 5000, 0, (select next from note_series where issuer_id = 0), id, 0, net + 1, tax, total + 1, 'seed', null,
                created_at from invoice where id = {direct.invoice};
         update note_series set next = next + 1 where issuer_id = 0;
         update invoice set credited = total + 1 where id = {direct.invoice};",
        &["L8 invoice {direct.invoice} has 481 taken off it, and credit notes over 481"],
    ),
    Seed::new(
        "an invoice for credit that was not added but used",
        "update posting set kind = 'usage' where id = {direct.posting};",
        &[
            "L8 invoice {direct.invoice} belongs to credit that was not added, or not yet paid for",
        ],
    ),
    Seed::new(
        "a reversal beyond its original",
        concat!(
            posting!("5000" "reversal", "{ada}", "null", "{direct.posting}"),
            moves!("5000" "81" from "{ada}" to "{direct.house}")
        ),
        &[
            "L9 posting {direct.posting} is reversed by -81 of 80 on account {ada}",
            "L9 posting {direct.posting} is reversed by 81 of -80 on account {direct.house}",
            "L9 posting 4w8 was taken back; the credit note of its invoice is missing",
        ],
    ),
    Seed::new(
        "reversals that are together beyond their original",
        concat!(
            posting!("5000" "reversal", "{ada}", "null", "{direct.posting}"),
            moves!("5000" "40" from "{ada}" to "{direct.house}"),
            posting!("5001" "reversal", "{ada}", "null", "{direct.posting}"),
            moves!("5001" "41" from "{ada}" to "{direct.house}")
        ),
        &[
            "L9 posting {direct.posting} is reversed by -81 of 80 on account {ada}",
            "L9 posting {direct.posting} is reversed by 81 of -80 on account {direct.house}",
            "L9 posting 4w8 was taken back; the credit note of its invoice is missing",
            "L9 posting 4w9 was taken back; the credit note of its invoice is missing",
        ],
    ),
    Seed::new(
        "a reversal that takes from somebody else",
        concat!(
            posting!("5000" "reversal", "{rex}", "null", "{direct.posting}"),
            moves!("5000" "5" from "{rex}" to "{direct.house}")
        ),
        &[
            "L9 posting {direct.posting} is reversed by -5 of 0 on account {rex}",
            "L9 posting 4w8 was taken back; the credit note of its invoice is missing",
        ],
    ),
    Seed::new(
        "a number of credit notes that was left out",
        "update note_series set next = next + 1 where issuer_id = 0;",
        &["N1 credit note 0 counts 1 credit notes and has 0, numbered 0 to 0"],
    ),
    Seed::new(
        "a reversal of nothing",
        concat!(
            posting!("5000" "reversal", "null", "null", "null"),
            moves!("5000" "5" from "1" to "2")
        ),
        &["L9 posting 4w8 is a reversal of nothing, or reverses without being one"],
    ),
    Seed::new(
        "a use of credit that reverses something",
        concat!(
            posting!("5000" "usage", "{ada}", "null", "{direct.posting}"),
            moves!("5000" "5" from "{ada}" to "{direct.house}")
        ),
        &["L9 posting 4w8 is a reversal of nothing, or reverses without being one"],
    ),
    Seed::new(
        "a deduction that nobody asked for",
        concat!(
            posting!("5000" "deduct", "{ada}", "null", "null"),
            moves!("5000" "5" from "{ada}" to "1")
        ),
        &["L10 posting 4w8 was asked for by no request"],
    ),
    Seed::new(
        "an addition whose request is about somebody else",
        "update posting set client_id = {kim} where id = {direct.posting};",
        &[
            "L10 posting {direct.posting} moves nothing; its request is applied and for 80",
            "L8 posting {direct.posting} adds nothing and has 1 invoices, for 80",
        ],
    )
    .follows("the invoice is another client's as well, and his account has no entry"),
    Seed::new(
        "a direct confirmation by somebody else",
        "update request set decided_by = {bob} where id = {direct};",
        &[
            "A6 request {direct} was confirmed or decided by an event of somebody else",
            "L10 request {direct} was applied without approval, and not by its requester",
        ],
    )
    .follows("the event was the requester's"),
    Seed::new(
        "a number that was skipped",
        "update series set next = next + 1 where issuer_id = 0;",
        &["N1 series INV goes on with 9 after 7 invoices, numbered 1 to 7"],
    ),
    Seed::new(
        "a number that was given twice",
        "update invoice set number = number - 1 where id = {twice.invoice};",
        &["N1 series INV goes on with 8 after 7 invoices, numbered 1 to 7"],
    ),
    Seed::new(
        "an invoice under no series",
        "delete from series where issuer_id = {rex};",
        &[
            "N1 invoice {given.invoice} belongs to no series",
            "N1 invoice {given_too.invoice} belongs to no series",
        ],
    ),
];
