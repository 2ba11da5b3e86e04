//! Requests, votes and invitations.

use super::{Seed, moves, posting};

pub const SEEDS: &[Seed] = &[
    Seed::new(
        "a request that waits and is over",
        "update request set decided_at = created_at where id = {pending};",
        &["A1 request {pending} is pending and over at once"],
    ),
    Seed::new(
        "a draft that is confirmed",
        "update request set confirm_event_id = (select confirm_event_id from request where id = {pending}) where id = {draft};",
        &[
            "A1 request {draft} is a draft and confirmed",
            "H2 request {draft} was confirmed without a row in the audit log",
        ],
    )
    .follows("a confirmation has its row in the audit log"),
    Seed::new(
        "a request that waits and was never confirmed",
        "update request set confirm_event_id = null where id = {pending};",
        &["A1 request {pending} waits and was never confirmed"],
    ),
    Seed::new(
        "a request that ended at no moment",
        "update request set decided_at = null where id = {withdrawn};",
        &["A1 request {withdrawn} is cancelled since no moment"],
    ),
    Seed::new(
        "a rejection of what was never confirmed",
        "update request set confirm_event_id = null where id = {rejected};",
        &["A1 request {rejected} was rejected and never confirmed"],
    ),
    Seed::new(
        "an approval by nobody",
        "update request set decided_by = null where id = {approved};",
        &[
            "A1 request {approved} is applied by nobody",
            "A2 request {approved} is applied by somebody who did not vote",
        ],
    )
    .follows("nobody did not vote"),
    Seed::new(
        "a request that somebody else gave up",
        "update request set decided_by = {ann} where id = {withdrawn};",
        &[
            "A1 request {withdrawn} is cancelled by somebody else",
            "A6 request {withdrawn} was confirmed or decided by an event of somebody else",
        ],
    )
    .follows("the event was the requester's"),
    Seed::new(
        "a rejected request that was brought back",
        "update request set state = 'pending', decided_at = null, decided_by = null, decide_event_id = null, reason = ''
            where id = {rejected};",
        &["A1 request {rejected} is pending and ended 1 times"],
    ),
    Seed::new(
        "a rejected request that was applied after all",
        "insert into audit_log select 5000, created_at, person_id, actor, event_id, 'request.rejected', subject, detail
            from audit_log where subject = 'request:{$approved}' and action = 'request.applied';",
        &[
            "A1 request {approved} is applied and ended 2 times",
            "H1 audit row 4w8 is neither in the chain nor waits for it",
        ],
    )
    .follows("nobody sealed it"),
    Seed::new(
        "a request that was made a draft again",
        "update request set state = 'draft', confirm_event_id = null where id = {pending};",
        &["A1 request {pending} is draft and was confirmed 1 times"],
    ),
    Seed::new(
        "an approval too few",
        "update request set needed = 3 where id = {twice};",
        &["A2 request {twice} needed 3 approvals and has 2"],
    ),
    Seed::new(
        "an approval that nobody needed",
        "update request set needed = 0 where id = {approved};",
        &["A2 request {approved} needed 0 approvals and has 1"],
    ),
    Seed::new(
        "a direct confirmation where an approval was needed",
        "update request set needed = 1 where id = {direct};",
        &["A2 request {direct} needed 1 approvals and has 0"],
    ),
    Seed::new(
        "a vote that was taken out",
        "delete from vote where request_id = {twice} and person_id = {bob};",
        &["A2 request {twice} needed 2 approvals and has 1"],
    ),
    Seed::new(
        "a vote of somebody who was removed before",
        "update person set removed_at = created_at where id = {bob};",
        &[
            "A2 request {approved} needed 1 approvals and has 0",
            "A2 request {invited} needed 1 approvals and has 0",
            "A2 request {twice} needed 2 approvals and has 1",
        ],
    ),
    Seed::new(
        "a vote of the requester",
        "update vote set person_id = {sue} where request_id = {half};",
        &[
            "A2 request {half} has a vote of its requester",
            "A6 request {half} has a vote by an event of somebody else: {half.event}",
        ],
    )
    .follows("the event was somebody else's"),
    Seed::new(
        "a vote in a role that approves nothing",
        "update vote set role = 'support' where request_id = {half};",
        &["A2 request {half} has a vote in the role support"],
    ),
    Seed::new(
        "a vote of finance about people",
        "update vote set role = 'finance' where request_id = {invited};",
        &[
            "A2 request {invited} has a vote in the role finance",
            "A2 request {invited} needed 1 approvals and has 0",
        ],
    ),
    Seed::new(
        "a vote of somebody who would profit",
        "update person set client_id = {rex} where id = {dan};",
        &["A2 request {topped} has a vote of somebody who would profit"],
    ),
    Seed::new(
        "a decision of somebody who did not vote",
        "update request set decided_by = {dan} where id = {approved};",
        &[
            "A2 request {approved} is applied by somebody who did not vote",
            "A6 request {approved} was confirmed or decided by an event of somebody else",
        ],
    )
    .follows("the event was the approver's"),
    Seed::new(
        "a request that was applied too late",
        "update request set expires_at = decided_at where id = {direct};",
        &["A3 request {direct} was applied after its time had run out"],
    ),
    Seed::new(
        "an effect of what was rejected",
        concat!(posting!("5000" "usage", "{ada}", "{rejected}", "null"), moves!("5000" "5" from "1" to "{ada}")),
        &["A3 request {rejected} is rejected and had an effect"],
    ),
    Seed::new(
        "an invoice of what was given up",
        "update invoice set request_id = {withdrawn} where id = {direct.invoice};",
        &[
            "A3 request {withdrawn} is cancelled and had an effect",
            "A4 request {withdrawn} has another invoice than the one that was shown",
            "A5 request {direct} is applied (credit add) with 1 postings and 0 invoices",
        ],
    )
    .follows("the other request has no invoice then, and this one another than was shown"),
    Seed::new(
        "an open code of an invitation that was rejected",
        "update code set expires_at = created_at + 1 where request_id = {refused};",
        &["A3 request {refused} is rejected and its code can be used, or was"],
    ),
    Seed::new(
        "a used code of an invitation that waits",
        "update code set expires_at = created_at + 5, used_at = created_at + 1, used_by = {dan} where request_id = {inviting};",
        &["A3 request {inviting} is pending and its code can be used, or was"],
    ),
    Seed::new(
        "a vote from after the end",
        "update vote set created_at = created_at + 1 where request_id = {approved};",
        &["A3 request {approved} has a vote from after its end"],
    ),
    Seed::new(
        "a vote when the time had run out",
        "update request set expires_at = created_at where id = {half};",
        &["A3 request {half} has a vote from after its end"],
    ),
    Seed::new(
        "a request that says something else now",
        "update request set intent = replace(intent, '700', '900') where id = {pending};",
        &["A4 request {pending} does not say what it said when it was made"],
    ),
    Seed::new(
        "a request that is filed under another client",
        "update request set client_id = {kim} where id = {pending};",
        &["A4 request {pending} is filed under something else than it says"],
    ),
    Seed::new(
        "a request that cannot be read",
        "update request set intent = 'nothing', digest = '{draft.unreadable}' where id = {draft};",
        &["A4 request {draft} cannot be read"],
    ),
    Seed::new(
        "an invoice at another price than was shown",
        "update invoice set price = price + 1 where id = {approved.invoice};",
        &["A4 request {approved} has another invoice than the one that was shown"],
    ),
    Seed::new(
        "an invoice of another issuer than was shown",
        "update invoice set issuer_id = {rex}, number = (select next from series where issuer_id = {rex}) where id = {topped.invoice};
         update series set next = next + 1 where issuer_id = {rex};
         update series set next = next - 1 where issuer_id = 0;",
        &["A4 request {topped} has another invoice than the one that was shown"],
    ),
    Seed::new(
        "credit that somebody else paid for than was shown",
        "delete from entry where account_id = {rex} and posting_id = {given_too.posting};
         update account set balance = balance + 30, seq = seq - 1 where id = {rex};
         update account set balance = balance - 30, seq = seq + 1 where id = 1;
         insert into entry (account_id, seq, posting_id, amount, balance, floor)
            select id, seq, {given_too.posting}, -30, balance, floor from account where id = 1;",
        &["A4 request {given_too} was paid for by somebody else than was shown"],
    ),
    Seed::new(
        "a code for another role than was shown",
        "update code set role = 'admin' where request_id = {joined};",
        &["A4 request {joined} has another code than the one that was shown"],
    ),
    Seed::new(
        "a code for another client than was shown",
        "update code set client_id = {rex} where request_id = {joined};",
        &["A4 request {joined} has another code than the one that was shown"],
    ),
    Seed::new(
        "a vote on something else",
        "update vote set digest = 'other' where request_id = {half};",
        &["A4 request {half} has a vote on something else than what it says"],
    ),
    Seed::new(
        "a posting of something else",
        "update posting set digest = 'other' where id = {direct.posting};",
        &["A4 posting {direct.posting} applies something else than its request says"],
    ),
    Seed::new(
        "an effect of what still waits",
        concat!(posting!("5000" "usage", "{ada}", "{pending}", "null"), moves!("5000" "5" from "1" to "{ada}")),
        &[
            "A5 request {pending} is pending (credit add) with 1 postings and 0 invoices",
        ],
    ),
    Seed::new(
        "a request that had its effect twice",
        concat!(posting!("5000" "usage", "{ada}", "{direct}", "null"), moves!("5000" "5" from "1" to "{ada}")),
        &[
            "A5 request {direct} is applied (credit add, on-account) with 2 postings and 1 invoices",
        ],
    ),
    Seed::new(
        "an invoice that nobody asked for",
        "update invoice set request_id = null where id = {direct.invoice};",
        &[
            "A5 invoice {direct.invoice} was asked for by no request",
            "A5 request {direct} is applied (credit add) with 1 postings and 0 invoices",
        ],
    ),
    Seed::new(
        "an invitation without its code",
        "delete from code where request_id = {invited};",
        &["A5 request {invited} is an invitation that was applied, with 0 codes"],
    ),
    Seed::new(
        "a message in other words than were shown",
        "update template set body = 'Pay at once' where request_id = {worded};",
        &["A4 request {worded} has another text than the one that was shown"],
    ),
    Seed::new(
        "a message that was reworded and is not",
        "delete from template where request_id = {worded};",
        &["A5 request {worded} is applied (message edit) with 0 texts"],
    ),
    Seed::new(
        "a vote by an event that never came",
        "delete from event where id = (select event_id from vote where request_id = {half});",
        &["A6 request {half} has a vote by an event that never came: {half.event}"],
    ),
    Seed::new(
        "a vote by an event of somebody else",
        "update event set user_id = 3 where id = (select event_id from vote where request_id = {half});",
        &["A6 request {half} has a vote by an event of somebody else: {half.event}"],
    ),
    Seed::new(
        "one event for two votes",
        "insert into event select 'telegram:seed', 'telegram', 2, result, created_at from event
            where id = (select event_id from vote where request_id = {half});
         update vote set event_id = 'telegram:seed' where person_id = {bob} and request_id in ({half}, {twice});",
        &[
            "A6 request {twice} has a vote by an event that is 2 votes: telegram:seed",
            "H2 request {half} has a vote without a row in the audit log: telegram:seed",
            "H2 request {twice} has a vote without a row in the audit log: telegram:seed",
        ],
    )
    .follows("the audit log names the event of each vote"),
    Seed::new(
        "a confirmation by an event that never came",
        "update request set confirm_event_id = 'telegram:seed' where id = {pending};",
        &["A6 request {pending} was confirmed or decided by an event that never came"],
    ),
    Seed::new(
        "a confirmation by an event of somebody else",
        "update event set user_id = 3 where id = (select confirm_event_id from request where id = {pending});",
        &["A6 request {pending} was confirmed or decided by an event of somebody else"],
    ),
    Seed::new(
        "a decision by an event of somebody else",
        "update event set user_id = 3 where id = (select decide_event_id from request where id = {direct});",
        &["A6 request {direct} was confirmed or decided by an event of somebody else"],
    ),
    Seed::new(
        "two votes of one person",
        "insert into vote select request_id, person_id, decision, role, digest,
            (select event_id from vote where request_id = {invited}), created_at from vote where request_id = {half};",
        &[
            "A6 request {invited} has a vote by an event that is 2 votes: {invited.event}",
            "A7 request {half} has several votes of one person",
            "H2 request {half} has a vote without a row in the audit log: {invited.event}",
        ],
    )
    .follows("he sent no event for it, and the audit log has no row of it"),
];
