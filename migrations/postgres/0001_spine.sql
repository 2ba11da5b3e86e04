-- The spine: people, clients, ledger, invoices, requests, events, outbox, audit log.
-- Ids are made by the application; amounts are 64-bit smallest units; times are epoch milliseconds.

create table client (
    id bigint not null primary key,
    username text not null unique,
    name text not null,
    email text not null,
    phone text not null,
    class text not null check (class in ('USER', 'RESELLER', 'ADMIN')),
    status text not null check (status in ('pending', 'active', 'suspended', 'closed')),
    manager_id bigint,
    reseller_id bigint references client (id),
    referral_id bigint references client (id),
    -- Millionths of the currency per credit; null: the reseller's, else the business's.
    price bigint,
    -- What a reseller's clients pay by default.
    resale_price bigint,
    delivery_url text,
    -- Every word folded, between spaces: what a search's further words are held against.
    line text not null,
    created_at bigint not null,
    active_at bigint
);
create index client_reseller on client (reseller_id, id);

-- Whose clients these are: owner 0 is the house, to whom all belong; a reseller owns his whole tree, himself included.
-- Derived from reseller_id, kept in the same transaction, so that scope is one equality in every query.
create table client_owner (
    owner_id bigint not null,
    client_id bigint not null references client (id),
    primary key (owner_id, client_id)
);
create index client_owner_client on client_owner (client_id, owner_id);

-- One row per owner and term, so that a search within any scope is the same range scan.
create table client_term (
    owner_id bigint not null,
    kind bigint not null,
    term text collate "C" not null,
    client_id bigint not null references client (id),
    primary key (owner_id, kind, term, client_id)
);
create index client_term_client on client_term (client_id, kind);

create table person (
    id bigint not null primary key,
    name text not null,
    -- By one-time code; null: by configuration or Discord role alone.
    role text check (role in ('admin', 'finance', 'support', 'auditor', 'reseller')),
    client_id bigint references client (id),
    created_at bigint not null,
    removed_at bigint,
    check (role is distinct from 'reseller' or client_id is not null)
);
create index person_client on person (client_id);

create table identity (
    messenger text not null check (messenger in ('discord', 'telegram')),
    user_id bigint not null,
    person_id bigint not null references person (id),
    name text not null,
    locale text not null,
    -- Discord role ids in the configured guild as last observed, a JSON list; null: never.
    roles text,
    roles_at bigint,
    unreachable_at bigint,
    primary key (messenger, user_id)
);
create index identity_person on identity (person_id);

create table code (
    -- SHA-256: a code that leaks from here opens nothing.
    hash text not null primary key,
    -- The request for the invitation: one code each.
    request_id bigint unique,
    -- An existing person who adds an account; null: a new person.
    person_id bigint references person (id),
    role text,
    name text not null,
    client_id bigint references client (id),
    created_by bigint,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint,
    used_by bigint references person (id)
);

create table account (
    id bigint not null primary key,
    -- Null: one of the house's.
    client_id bigint unique references client (id),
    -- The balance never goes below; null: no floor (the house's alone).
    floor bigint,
    balance bigint not null,
    seq bigint not null,
    check (client_id is null or floor is not null),
    check (floor is null or balance >= floor)
);

create table posting (
    id bigint not null primary key,
    kind text not null check (kind in ('add', 'deduct', 'reversal', 'usage', 'opening')),
    -- One key, one payload: the digest is of what the key stands for.
    key text not null unique,
    digest text not null,
    client_id bigint references client (id),
    request_id bigint,
    reversed_id bigint references posting (id),
    person_id bigint,
    created_at bigint not null
);
create index posting_request on posting (request_id);
create index posting_reversed on posting (reversed_id);

create table entry (
    account_id bigint not null references account (id),
    seq bigint not null,
    posting_id bigint not null references posting (id),
    amount bigint not null check (amount <> 0),
    -- Running balance after this entry.
    balance bigint not null,
    -- The account's floor as it was then; null: none.
    floor bigint,
    primary key (account_id, seq)
);
create index entry_posting on entry (posting_id);

create table series (
    -- 0: the house's; else the issuing reseller's client.
    issuer_id bigint not null primary key,
    prefix text not null unique,
    next bigint not null check (next >= 1)
);

create table invoice (
    id bigint not null primary key,
    issuer_id bigint not null references series (issuer_id),
    number bigint not null,
    kind text not null check (kind in ('credit', 'lines')),
    client_id bigint not null references client (id),
    status text not null check (status in ('unpaid', 'paid', 'voided')),
    mode text not null check (mode in ('on-account', 'prepaid', 'gift')),
    credits bigint not null,
    price bigint not null,
    net bigint not null,
    tax bigint not null,
    total bigint not null,
    currency text not null,
    note text not null,
    request_id bigint unique,
    posting_id bigint unique references posting (id),
    created_at bigint not null,
    unique (issuer_id, number)
);
create index invoice_client on invoice (client_id, status);

create table request (
    id bigint not null primary key,
    intent text not null,
    digest text not null,
    kind text not null,
    state text not null check (state in ('draft', 'pending', 'applied', 'rejected', 'expired', 'cancelled', 'unfit')),
    requester_id bigint not null references person (id),
    messenger text not null,
    user_id bigint not null,
    client_id bigint references client (id),
    amount bigint,
    needed bigint not null,
    solo bigint not null,
    -- The event that drafted it: a repeated delivery finds the same draft.
    event_id text not null unique,
    confirm_event_id text,
    decide_event_id text,
    created_at bigint not null,
    expires_at bigint not null,
    decided_at bigint,
    decided_by bigint references person (id),
    -- Of a rejection, typed; of an unfit one, a name.
    reason text not null
);
create index request_open on request (state, id);
create index request_client on request (client_id, id);
create index request_due on request (state, expires_at);

create table vote (
    request_id bigint not null references request (id),
    person_id bigint not null references person (id),
    decision text not null check (decision in ('approve', 'reject')),
    role text not null,
    digest text not null,
    event_id text not null unique,
    created_at bigint not null,
    primary key (request_id, person_id)
);

-- Messages that show a request, to be edited to its outcome.
create table card (
    id bigint not null primary key,
    request_id bigint not null references request (id),
    message text not null unique,
    -- Whether it is the requester's own.
    own bigint not null,
    -- A private Discord reply can be edited for a quarter of an hour only; null: always.
    until bigint
);
create index card_request on card (request_id);

-- Events that changed something, with what came of them: a repeated delivery finds the result.
create table event (
    id text not null primary key,
    messenger text not null,
    user_id bigint not null,
    result text not null,
    created_at bigint not null
);

-- Telegram updates, stored before they are confirmed.
create table inbox (
    update_id bigint not null primary key,
    raw text not null,
    received_at bigint not null,
    finished_at bigint
);
create index inbox_unfinished on inbox (update_id) where finished_at is null;

create table conversation (
    messenger text not null,
    user_id bigint not null,
    chat_id bigint not null,
    form text not null,
    updated_at bigint not null,
    primary key (messenger, user_id, chat_id)
);

create table outbox (
    id bigint not null primary key,
    key text not null unique,
    -- The event or request that caused it.
    cause text not null,
    address text not null,
    content text not null,
    state text not null check (state in ('queued', 'leased', 'sent', 'dead', 'held')),
    attempts bigint not null,
    next_at bigint not null,
    lease bigint,
    created_at bigint not null,
    finished_at bigint,
    message text,
    error text not null
);
create index outbox_due on outbox (state, next_at);
create index outbox_cause on outbox (cause);
create index outbox_address on outbox (address, state);

create table audit_log (
    id bigint not null primary key,
    created_at bigint not null,
    person_id bigint,
    actor text not null,
    event_id text not null,
    action text not null,
    subject text not null,
    detail text not null
);
create index audit_log_subject on audit_log (subject, action);

insert into series (issuer_id, prefix, next) values (0, 'INV', 1);
insert into account (id, client_id, floor, balance, seq) values
    (1, null, null, 0, 0), (2, null, null, 0, 0), (3, null, null, 0, 0), (4, null, null, 0, 0),
    (5, null, null, 0, 0), (6, null, null, 0, 0), (7, null, null, 0, 0), (8, null, null, 0, 0),
    (9, null, null, 0, 0), (10, null, null, 0, 0), (11, null, null, 0, 0), (12, null, null, 0, 0),
    (13, null, null, 0, 0), (14, null, null, 0, 0), (15, null, null, 0, 0), (16, null, null, 0, 0);

-- What is written in the ledger, the votes and the audit log stays as it is.
create function stays() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are never changed or deleted', tg_table_name;
end $$;

create trigger entry_no_update before update on entry for each row execute function stays();
create trigger entry_no_delete before delete on entry for each row execute function stays();
create trigger entry_no_truncate before truncate on entry for each statement execute function stays();
create trigger posting_no_update before update on posting for each row execute function stays();
create trigger posting_no_delete before delete on posting for each row execute function stays();
create trigger posting_no_truncate before truncate on posting for each statement execute function stays();
create trigger vote_no_update before update on vote for each row execute function stays();
create trigger vote_no_delete before delete on vote for each row execute function stays();
create trigger vote_no_truncate before truncate on vote for each statement execute function stays();
create trigger audit_log_no_update before update on audit_log for each row execute function stays();
create trigger audit_log_no_delete before delete on audit_log for each row execute function stays();
create trigger audit_log_no_truncate before truncate on audit_log for each statement execute function stays();
