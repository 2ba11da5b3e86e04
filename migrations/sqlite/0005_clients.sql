-- Clients' pages: who may look after them, what is noted about them, and lists of them.

-- Whoever can look after clients is looked up by the role.
create index person_staff on person (role) where role in ('admin', 'finance', 'support');

create table client_note (
    id integer not null primary key,
    client_id integer not null references client (id),
    -- Whose side wrote it, and reads it: 0 is the house, else the reseller's client.
    owner_id integer not null,
    author text not null,
    text text not null,
    created_at integer not null
) strict;
create index client_note_client on client_note (client_id, owner_id, id);

create table client_tag (
    client_id integer not null references client (id),
    -- Whose side put it there, and reads it.
    owner_id integer not null,
    tag text not null,
    primary key (client_id, owner_id, tag)
) strict, without rowid;

-- Lists: of a class, and of whoever looks after them; within a reseller's own there is an index already.
create index client_class on client (class, id);
create index client_manager on client (manager_id, id) where manager_id is not null;
