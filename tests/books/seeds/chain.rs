//! The chain over the audit log.

use super::Seed;

pub const SEEDS: &[Seed] = &[
    Seed::new(
        "a row of the audit log that was changed",
        "update audit_log set actor = 'telegram:99' where id = {direct.log};",
        &["H1 audit row {direct.log} does not fit its hash in the chain"],
    ),
    Seed::new(
        "a row of the audit log that nobody is said to have written",
        "update audit_log set person_id = null where id = {direct.log};",
        &["H1 audit row {direct.log} does not fit its hash in the chain"],
    ),
    Seed::new(
        "a row of the audit log that was deleted",
        "delete from audit_log where id = {host.log};",
        &["H1 audit row {host.log} is in the chain and not in the log"],
    ),
    Seed::new(
        "a row of the audit log that was deleted with its link",
        "delete from audit_log where id = {host.log};
         delete from audit_chain where audit_id = {host.log};",
        &["H1 the chain goes on with link 2 after link 0"],
    ),
    Seed::new(
        "a link that was taken out",
        "delete from audit_chain where audit_id = {direct.log};",
        &[
            "H1 the chain goes on with link {direct.gap}",
            "H1 audit row {direct.log} is neither in the chain nor waits for it",
        ],
    ),
    Seed::new(
        "rows that were swapped",
        "update audit_chain set audit_id = case audit_id when {direct.log} then {approved.log} else {direct.log} end
            where audit_id in ({direct.log}, {approved.log});",
        &[
            "H1 audit row {direct.log} does not fit its hash in the chain",
            "H1 audit row {approved.log} does not fit its hash in the chain",
        ],
    ),
    Seed::new(
        "a hash that was forged",
        "update audit_chain set hash = 'ABCDEF' where audit_id = {direct.log};",
        &[
            "H1 audit row {direct.log} does not fit its hash in the chain",
            "H1 audit row {direct.next} does not fit its hash in the chain",
        ],
    ),
    Seed::new(
        "a link that is there twice",
        "insert into audit_chain select seq, 5000, hash from audit_chain where seq = 1;",
        &[
            "H1 audit row 4w8 is in the chain and not in the log",
            "H1 the chain goes on with link 1 after link 1",
        ],
    ),
    Seed::new(
        "a row that was never sealed",
        "insert into audit_log (id, created_at, actor, event_id, action, subject, detail)
            values (5000, 1700000000000, 'time', '', 'seed', 'seed:1', '');
         insert into audit_unsealed (audit_id) values (5000);",
        &["H1 1 audit rows wait for the chain while the log went on for over a minute, from 4w8 on"],
    ),
    Seed::new(
        "a row that is to be sealed a second time",
        "insert into audit_unsealed (audit_id) values ({direct.log});",
        &["H1 audit row {direct.log} is in the chain and waits for it"],
    ),
    Seed::new(
        "a row that is to be sealed and was never there",
        "insert into audit_unsealed (audit_id) values (5000);",
        &["H1 audit row 4w8 waits for the chain and is not in the log"],
    ),
];
