-- The spine: people, clients, ledger, invoices, requests, events, outbox, audit log.
-- Ids are made by the application; amounts are 64-bit smallest units; times are epoch milliseconds.

create table client (
    id integer not null primary key,
    username text not null unique,
    name text not null,
    email text not null,
    phone text not null,
    class text not null check (class in ('USER', 'RESELLER', 'ADMIN')),
    status text not null check (status in ('pending', 'active', 'suspended', 'closed')),
    manager_id integer,
    reseller_id integer references client (id),
    referral_id integer references client (id),
    -- Millionths of the currency per credit; null: the reseller's, else the business's.
    price integer,
    -- What a reseller's clients pay by default.
    resale_price integer,
    delivery_url text,
    -- Every word folded, between spaces: what a search's further words are held against.
    line text not null,
    created_at integer not null,
    active_at integer
) strict;
create index client_reseller on client (reseller_id, id);

-- Whose clients these are: owner 0 is the house, to whom all belong; a reseller owns his whole tree, himself included.
-- Derived from reseller_id, kept in the same transaction, so that scope is one equality in every query.
create table client_owner (
    owner_id integer not null,
    client_id integer not null references client (id),
    primary key (owner_id, client_id)
) strict, without rowid;
create index client_owner_client on client_owner (client_id, owner_id);

-- One row per owner and term, so that a search within any scope is the same range scan.
create table client_term (
    owner_id integer not null,
    kind integer not null,
    term text not null,
    client_id integer not null references client (id),
    primary key (owner_id, kind, term, client_id)
) strict, without rowid;
create index client_term_client on client_term (client_id, kind);

create table person (
    id integer not null primary key,
    name text not null,
    -- By one-time code; null: by configuration or Discord role alone.
    role text check (role in ('admin', 'finance', 'support', 'auditor', 'reseller')),
    client_id integer references client (id),
    created_at integer not null,
    removed_at integer,
    check (role is distinct from 'reseller' or client_id is not null)
) strict;
create index person_client on person (client_id);

create table identity (
    messenger text not null check (messenger in ('discord', 'telegram')),
    user_id integer not null,
    person_id integer not null references person (id),
    name text not null,
    locale text not null,
    -- Discord role ids in the configured guild as last observed, a JSON list; null: never.
    roles text,
    roles_at integer,
    unreachable_at integer,
    primary key (messenger, user_id)
) strict;
create index identity_person on identity (person_id);

create table code (
    -- SHA-256: a code that leaks from here opens nothing.
    hash text not null primary key,
    -- The request for the invitation: one code each.
    request_id integer unique,
    -- An existing person who adds an account; null: a new person.
    person_id integer references person (id),
    role text,
    name text not null,
    client_id integer references client (id),
    created_by integer,
    created_at integer not null,
    expires_at integer not null,
    used_at integer,
    used_by integer references person (id)
) strict;

create table account (
    id integer not null primary key,
    -- Null: one of the house's.
    client_id integer unique references client (id),
    -- The balance never goes below; null: no floor (the house's alone).
    floor integer,
    balance integer not null,
    seq integer not null,
    check (client_id is null or floor is not null),
    check (floor is null or balance >= floor)
) strict;

create table posting (
    id integer not null primary key,
    kind text not null check (kind in ('add', 'deduct', 'reversal', 'usage', 'opening')),
    -- One key, one payload: the digest is of what the key stands for.
    key text not null unique,
    digest text not null,
    client_id integer references client (id),
    request_id integer,
    reversed_id integer references posting (id),
    person_id integer,
    created_at integer not null
) strict;
create index posting_request on posting (request_id);
create index posting_reversed on posting (reversed_id);

create table entry (
    account_id integer not null references account (id),
    seq integer not null,
    posting_id integer not null references posting (id),
    amount integer not null check (amount <> 0),
    -- Running balance after this entry.
    balance integer not null,
    -- The account's floor as it was then; null: none.
    floor integer,
    primary key (account_id, seq)
) strict, without rowid;
create index entry_posting on entry (posting_id);

create table series (
    -- 0: the house's; else the issuing reseller's client.
    issuer_id integer not null primary key,
    prefix text not null unique,
    next integer not null check (next >= 1)
) strict;

create table invoice (
    id integer not null primary key,
    issuer_id integer not null references series (issuer_id),
    number integer not null,
    kind text not null check (kind in ('credit', 'lines')),
    client_id integer not null references client (id),
    status text not null check (status in ('unpaid', 'paid', 'voided')),
    mode text not null check (mode in ('on-account', 'prepaid', 'gift')),
    credits integer not null,
    price integer not null,
    net integer not null,
    tax integer not null,
    total integer not null,
    currency text not null,
    note text not null,
    request_id integer unique,
    posting_id integer unique references posting (id),
    created_at integer not null,
    unique (issuer_id, number)
) strict;
create index invoice_client on invoice (client_id, status);

create table request (
    id integer not null primary key,
    intent text not null,
    digest text not null,
    kind text not null,
    state text not null check (state in ('draft', 'pending', 'applied', 'rejected', 'expired', 'cancelled', 'unfit')),
    requester_id integer not null references person (id),
    messenger text not null,
    user_id integer not null,
    client_id integer references client (id),
    amount integer,
    needed integer not null,
    solo integer not null,
    -- The event that drafted it: a repeated delivery finds the same draft.
    event_id text not null unique,
    confirm_event_id text,
    decide_event_id text,
    created_at integer not null,
    expires_at integer not null,
    decided_at integer,
    decided_by integer references person (id),
    -- Of a rejection, typed; of an unfit one, a name.
    reason text not null
) strict;
create index request_open on request (state, id);
create index request_client on request (client_id, id);
create index request_due on request (state, expires_at);

create table vote (
    request_id integer not null references request (id),
    person_id integer not null references person (id),
    decision text not null check (decision in ('approve', 'reject')),
    role text not null,
    digest text not null,
    event_id text not null unique,
    created_at integer not null,
    primary key (request_id, person_id)
) strict;

-- Messages that show a request, to be edited to its outcome.
create table card (
    id integer not null primary key,
    request_id integer not null references request (id),
    message text not null unique,
    -- Whether it is the requester's own.
    own integer not null,
    -- A private Discord reply can be edited for a quarter of an hour only; null: always.
    until integer
) strict;
create index card_request on card (request_id);

-- Events that changed something, with what came of them: a repeated delivery finds the result.
create table event (
    id text not null primary key,
    messenger text not null,
    user_id integer not null,
    result text not null,
    created_at integer not null
) strict;

-- Telegram updates, stored before they are confirmed.
create table inbox (
    update_id integer not null primary key,
    raw text not null,
    received_at integer not null,
    finished_at integer
) strict;
create index inbox_unfinished on inbox (update_id) where finished_at is null;

create table conversation (
    messenger text not null,
    user_id integer not null,
    chat_id integer not null,
    form text not null,
    updated_at integer not null,
    primary key (messenger, user_id, chat_id)
) strict;

create table outbox (
    id integer not null primary key,
    key text not null unique,
    -- The event or request that caused it.
    cause text not null,
    address text not null,
    content text not null,
    state text not null check (state in ('queued', 'leased', 'sent', 'dead', 'held')),
    attempts integer not null,
    next_at integer not null,
    lease integer,
    created_at integer not null,
    finished_at integer,
    message text,
    error text not null
) strict;
create index outbox_due on outbox (state, next_at);
create index outbox_cause on outbox (cause);
create index outbox_address on outbox (address, state);

create table audit_log (
    id integer not null primary key,
    created_at integer not null,
    person_id integer,
    actor text not null,
    event_id text not null,
    action text not null,
    subject text not null,
    detail text not null
) strict;
create index audit_log_subject on audit_log (subject, action);

insert into series (issuer_id, prefix, next) values (0, 'INV', 1);
insert into account (id, client_id, floor, balance, seq) values
    (1, null, null, 0, 0), (2, null, null, 0, 0), (3, null, null, 0, 0), (4, null, null, 0, 0),
    (5, null, null, 0, 0), (6, null, null, 0, 0), (7, null, null, 0, 0), (8, null, null, 0, 0),
    (9, null, null, 0, 0), (10, null, null, 0, 0), (11, null, null, 0, 0), (12, null, null, 0, 0),
    (13, null, null, 0, 0), (14, null, null, 0, 0), (15, null, null, 0, 0), (16, null, null, 0, 0);

-- What is written in the ledger, the votes and the audit log stays as it is.
create trigger entry_no_update before update on entry begin select raise(abort, 'rows of entry are never changed or deleted'); end;
create trigger entry_no_delete before delete on entry begin select raise(abort, 'rows of entry are never changed or deleted'); end;
create trigger posting_no_update before update on posting begin select raise(abort, 'rows of posting are never changed or deleted'); end;
create trigger posting_no_delete before delete on posting begin select raise(abort, 'rows of posting are never changed or deleted'); end;
create trigger vote_no_update before update on vote begin select raise(abort, 'rows of vote are never changed or deleted'); end;
create trigger vote_no_delete before delete on vote begin select raise(abort, 'rows of vote are never changed or deleted'); end;
create trigger audit_log_no_update before update on audit_log begin select raise(abort, 'rows of audit_log are never changed or deleted'); end;
create trigger audit_log_no_delete before delete on audit_log begin select raise(abort, 'rows of audit_log are never changed or deleted'); end;
