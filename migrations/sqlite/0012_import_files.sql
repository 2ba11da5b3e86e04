-- Files that people sent to be moved in. The bytes stand by themselves, so that they are not written again with each step.
create table import_file (
    request_id integer not null primary key references request (id),
    bytes blob not null
) strict;

-- How far each got that was confirmed.
create table import_run (
    request_id integer not null primary key references request (id),
    steps integer not null,
    done integer not null check (done <= steps),
    created integer not null,
    updated integer not null,
    unchanged integer not null,
    kept integer not null,
    bad integer not null,
    opened integer not null,
    -- When people were told last how far it is.
    told_at integer not null,
    -- Whose it is to work at it, and until when; 0: nobody's yet.
    lease integer not null,
    due_at integer not null,
    finished_at integer
) strict;
create index import_run_due on import_run (due_at) where finished_at is null;

-- Whom somebody brought: SQLite looks there for each client that is moved in.
create index client_referral on client (referral_id) where referral_id is not null;
