-- Taking back: reversals and the credit notes that cover them; reminders and undoing of requests.

-- A posting is reversed once.
drop index posting_reversed;
create unique index posting_reversed on posting (reversed_id) where reversed_id is not null;
-- A client's postings, newest first, and what he was given by whom.
create index posting_client on posting (client_id, id);

-- Money that credit notes took off an invoice.
alter table invoice add column credited bigint not null default 0 check (credited >= 0 and credited <= total);

create table note_series (
    -- 0: the house's; else the issuing reseller's client.
    issuer_id bigint not null primary key,
    prefix text not null unique,
    next bigint not null check (next >= 1)
);
insert into note_series (issuer_id, prefix, next) values (0, 'CN', 1);

create table credit_note (
    id bigint not null primary key,
    issuer_id bigint not null references note_series (issuer_id),
    number bigint not null,
    invoice_id bigint not null references invoice (id),
    -- Credits that were taken back; 0 where it is about money alone.
    credits bigint not null,
    net bigint not null,
    tax bigint not null,
    total bigint not null,
    reason text not null,
    request_id bigint unique,
    created_at bigint not null,
    unique (issuer_id, number)
);
create index credit_note_invoice on credit_note (invoice_id);
create trigger credit_note_no_update before update on credit_note for each row execute function stays();
create trigger credit_note_no_delete before delete on credit_note for each row execute function stays();
create trigger credit_note_no_truncate before truncate on credit_note for each statement execute function stays();

-- When its approvers are reminded; null: never, or they were.
alter table request add column remind_at bigint;
create index request_remind on request (remind_at) where remind_at is not null;
-- The request that this one undoes.
alter table request add column undoes_id bigint;
