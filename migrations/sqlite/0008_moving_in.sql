-- What a client was called on the platform that it was moved from; null: it began here.
alter table client add column old_id text;
create unique index client_old_id on client (old_id);

-- What a client brought along is posted once.
create index posting_opening on posting (client_id) where kind = 'opening';

-- Whose past an export goes through, client by client.
create index invoice_of on invoice (client_id, id);

-- Managers are named in files.
create index person_named on person (name) where client_id is null;

-- A file that is being moved in: how far it got stands here, so that a kill in the middle costs nothing.
create table import_job (
    -- SHA-256 of the file and of what is done with clients who are there: the same again is the same job.
    digest text not null primary key,
    file text not null,
    existing text not null check (existing in ('update', 'leave')),
    -- How many steps the file is, and how many of them are done, in their order.
    steps integer not null,
    done integer not null check (done <= steps),
    created integer not null,
    updated integer not null,
    unchanged integer not null,
    kept integer not null,
    bad integer not null,
    opened integer not null,
    person_id integer,
    actor text not null,
    begun_at integer not null,
    finished_at integer
) strict;
