-- Files that people sent to be moved in. The bytes stand by themselves, so that they are not written again with each step.
create table import_file (
    request_id bigint not null primary key references request (id),
    bytes bytea not null
);

-- How far each got that was confirmed.
create table import_run (
    request_id bigint not null primary key references request (id),
    steps bigint not null,
    done bigint not null check (done <= steps),
    created bigint not null,
    updated bigint not null,
    unchanged bigint not null,
    kept bigint not null,
    bad bigint not null,
    opened bigint not null,
    -- When people were told last how far it is.
    told_at bigint not null,
    -- Whose it is to work at it, and until when; 0: nobody's yet.
    lease bigint not null,
    due_at bigint not null,
    finished_at bigint
);
create index import_run_due on import_run (due_at) where finished_at is null;

-- Whom somebody brought: SQLite looks there for each client that is moved in.
create index client_referral on client (referral_id) where referral_id is not null;
