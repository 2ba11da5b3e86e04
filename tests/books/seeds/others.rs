//! Triggers, notices, events, the audit log, people and the tree of resellers.

use super::Seed;

pub const SEEDS: &[Seed] = &[
    Seed::new(
        "a trigger that was dropped",
        "drop trigger entry_no_update;",
        &["L6 rows of entry can be changed: the trigger entry_no_update is missing"],
    )
    .of_triggers()
    .only("sqlite"),
    Seed::new(
        "a trigger that was dropped",
        "drop trigger entry_no_update on entry;",
        &["L6 rows of entry can be changed: the trigger entry_no_update is missing"],
    )
    .of_triggers()
    .only("postgres"),
    Seed::new(
        "a trigger that sleeps",
        "alter table vote disable trigger vote_no_truncate;",
        &["L6 rows of vote can be changed: the trigger vote_no_truncate is missing"],
    )
    .of_triggers()
    .only("postgres"),
    Seed::new(
        "a trigger that does nothing",
        "drop trigger posting_no_delete;
         create trigger posting_no_delete before delete on posting when 0
            begin select raise(abort, 'rows of posting are never changed or deleted'); end;",
        &[
            "L6 rows of posting can be changed: the trigger posting_no_delete is missing",
        ],
    )
    .of_triggers()
    .only("sqlite"),
    Seed::new(
        "a trigger of another table",
        "drop trigger audit_log_no_delete;
         create trigger audit_log_no_delete before delete on card
            begin select raise(abort, 'rows of audit_log are never changed or deleted'); end;",
        &[
            "L6 rows of audit_log can be changed: the trigger audit_log_no_delete is missing",
        ],
    )
    .of_triggers()
    .only("sqlite"),
    Seed::new(
        "triggers that do nothing",
        "create or replace function stays() returns trigger language plpgsql as $$
         begin return new; -- raise exception
         end $$;",
        &[
            "L6 rows of audit_chain can be changed: the trigger audit_chain_no_delete is missing",
            "L6 rows of audit_chain can be changed: the trigger audit_chain_no_truncate is missing",
            "L6 rows of audit_chain can be changed: the trigger audit_chain_no_update is missing",
            "L6 rows of audit_log can be changed: the trigger audit_log_no_delete is missing",
            "L6 rows of audit_log can be changed: the trigger audit_log_no_truncate is missing",
            "L6 rows of audit_log can be changed: the trigger audit_log_no_update is missing",
            "L6 rows of credit_note can be changed: the trigger credit_note_no_delete is missing",
            "L6 rows of credit_note can be changed: the trigger credit_note_no_truncate is missing",
            "L6 rows of credit_note can be changed: the trigger credit_note_no_update is missing",
            "L6 rows of entry can be changed: the trigger entry_no_delete is missing",
            "L6 rows of entry can be changed: the trigger entry_no_truncate is missing",
            "L6 rows of entry can be changed: the trigger entry_no_update is missing",
            "L6 rows of invoice_line can be changed: the trigger invoice_line_no_delete is missing",
            "L6 rows of invoice_line can be changed: the trigger invoice_line_no_truncate is missing",
            "L6 rows of invoice_line can be changed: the trigger invoice_line_no_update is missing",
            "L6 rows of posting can be changed: the trigger posting_no_delete is missing",
            "L6 rows of posting can be changed: the trigger posting_no_truncate is missing",
            "L6 rows of posting can be changed: the trigger posting_no_update is missing",
            "L6 rows of template can be changed: the trigger template_no_delete is missing",
            "L6 rows of template can be changed: the trigger template_no_truncate is missing",
            "L6 rows of template can be changed: the trigger template_no_update is missing",
            "L6 rows of vote can be changed: the trigger vote_no_delete is missing",
            "L6 rows of vote can be changed: the trigger vote_no_truncate is missing",
            "L6 rows of vote can be changed: the trigger vote_no_update is missing",
        ],
    )
    .of_triggers()
    .only("postgres"),
    Seed::new(
        "a notice that was written twice",
        "insert into outbox select 5000, key, cause, address, content, state, attempts, next_at, lease, created_at,
            finished_at, message, error from outbox where id = {prepaid.outcome};",
        &["O1 notice 4w8 shares its key outcome:{prepaid}:{sue} with 1 others"],
    ),
    Seed::new(
        "a notice of a request that is not there",
        "update outbox set cause = 'request:seed' where id = {prepaid.outcome};",
        &["O1 notice {prepaid.outcome} has a cause that is not there: request:seed"],
    ),
    Seed::new(
        "a notice of a notice that is not there",
        "update outbox set cause = 'notice:seed' where id = {prepaid.outcome};",
        &["O1 notice {prepaid.outcome} has a cause that is not there: notice:seed"],
    ),
    Seed::new(
        "a notice of an event that never came",
        "update outbox set cause = 'telegram:seed' where id = {sue.menu};",
        &["O1 notice {sue.menu} has a cause that is not there: telegram:seed"],
    ),
    Seed::new(
        "an outcome that its requester does not hear of",
        "delete from outbox where id = {prepaid.outcome};",
        &["O2 request {prepaid} is applied and its requester is not told"],
    ),
    Seed::new(
        "credit that its client does not hear of",
        "delete from outbox where key = 'told:{$topped}:{$rexer}';",
        &["O2 request {topped} moved credit, and Rex is not told"],
    ),
    Seed::new(
        "an event that was finished twice",
        "insert into event select id, messenger, user_id, result, created_at from event
            where id = (select confirm_event_id from request where id = {pending});",
        &["O5 event {pending.event} was finished 2 times"],
    ),
    Seed::new(
        "an update that was forgotten",
        "update inbox set received_at = received_at - 3600000 where update_id = 2;",
        &["O5 1 updates are unfinished for over an hour, from 2 on"],
    ),
    Seed::new(
        "an end without a row in the audit log",
        "delete from audit_log where subject = 'request:{$direct}' and action = 'request.applied';",
        &[
            "H2 request {direct} became applied without a row in the audit log",
            "H1 audit row {direct.log} is in the chain and not in the log",
        ],
    )
    .follows("it was sealed"),
    Seed::new(
        "a confirmation without a row in the audit log",
        "delete from audit_log where subject = 'request:{$approved}' and action = 'request.pending';",
        &[
            "H2 request {approved} was confirmed without a row in the audit log",
            "H1 audit row {pending.log} is in the chain and not in the log",
        ],
    )
    .follows("it was sealed"),
    Seed::new(
        "a vote without a row in the audit log",
        "delete from audit_log where subject = 'request:{$half}' and action = 'vote.approve';",
        &[
            "H2 request {half} has a vote without a row in the audit log: {half.event}",
            "H1 audit row {half.log} is in the chain and not in the log",
        ],
    )
    .follows("it was sealed"),
    Seed::new(
        "somebody who came from nowhere",
        "insert into person (id, name, role, created_at) values (5000, 'Mallory', 'admin', 1800000000000);",
        &["H2 person 4w8 is admin without a row in the audit log"],
    ),
    Seed::new(
        "no admin",
        "update person set role = 'support' where role = 'admin';",
        &["P1 there is no active admin, by code or by name"],
    ),
    Seed::new(
        "no admin who was not removed",
        "update person set removed_at = 1900000000000 where role = 'admin';",
        &["P1 there is no active admin, by code or by name"],
    ),
    Seed::new(
        "an account of two people",
        "insert into identity select messenger, user_id, {bob}, name, locale, roles, roles_at, unreachable_at
            from identity where user_id = 101;",
        &["P2 person {ann} shares the account discord:101"],
    ),
    Seed::new(
        "an account of nobody",
        "insert into identity (messenger, user_id, person_id, name, locale) values ('telegram', 99, 5000, 'x', 'en');",
        &["P2 person 4w8 does not exist and has the account telegram:99"],
    ),
    Seed::new(
        "a code that is kept as it is",
        "update code set hash = 'ABCDEF' where request_id = {joined};",
        &["P3 the code of Unused is not stored as a hash"],
    ),
    Seed::new(
        "a code that lives a day and a moment",
        "update code set expires_at = expires_at + 1 where request_id = {joined};",
        &["P3 the code of Unused lives too long"],
    ),
    Seed::new(
        "a code for one's own account that lives too long",
        "update code set expires_at = expires_at + 1 where person_id is not null and used_at is null;",
        &["P3 the code of an account lives too long"],
    ),
    Seed::new(
        "a code that was used after its end",
        "update code set used_at = expires_at where request_id = {invited};",
        &["P3 the code of Fay was used after its end"],
    ),
    Seed::new(
        "a code that was used by nobody",
        "update code set used_by = null where request_id = {invited};",
        &["P3 the code of Fay was used by nobody"],
    ),
    Seed::new(
        "a code that has a user and can be used again",
        "update code set used_at = null where request_id = {invited};",
        &["P3 the code of Fay has a user and was never used"],
    ),
    Seed::new(
        "a code that is there twice",
        "insert into code (hash, person_id, name, created_at, expires_at)
            select hash, {ann}, '', created_at, created_at from code where request_id = {joined};",
        &["P3 a code is there 2 times"],
    ),
    Seed::new(
        "resellers in a circle",
        "update client set reseller_id = {sub} where id = {rex};",
        &[
            "P4 client {rex} has resellers in a circle above it",
            "P4 client {rex} is a client of #{sub} and does not count as one",
            "P4 client {sub} has resellers in a circle above it",
            "P4 client {tom} has resellers in a circle above it",
            "P4 client {tom} is a client of #{sub} and does not count as one",
            "P4 client {yan} has resellers in a circle above it",
            "P4 client {zoe} has resellers in a circle above it",
        ],
    ),
    Seed::new(
        "referrals in a circle",
        "update client set referral_id = {kim} where id = {ada};",
        &[
            "P4 client {ada} has referrals in a circle above it",
            "P4 client {kim} has referrals in a circle above it",
        ],
    ),
    Seed::new(
        "a client under somebody who is no reseller",
        "update client set reseller_id = {ada} where id = {kim};
         insert into client_owner (owner_id, client_id) values ({ada}, {kim});",
        &["P4 client {kim} belongs to ada, who is no reseller"],
    ),
    Seed::new(
        "a client whom the reseller's scope misses",
        "delete from client_owner where owner_id = {rex} and client_id = {zoe};",
        &[
            "P4 client {zoe} is a client of #{rex} and does not count as one",
            "P4 client {zoe} is found by #{rex}, whose client it is not",
        ],
    ),
    Seed::new(
        "a client in somebody else's scope",
        "insert into client_owner (owner_id, client_id) values ({rex}, {ada});",
        &["P4 client {ada} counts as a client of #{rex} and is not"],
    ),
    Seed::new(
        "a client whom somebody else finds",
        "insert into client_term (owner_id, kind, term, client_id) values ({rex}, 0, 'ada', {ada});",
        &["P4 client {ada} is found by #{rex}, whose client it is not"],
    ),
];
