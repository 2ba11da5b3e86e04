-- The freeze, and people who come and go.

-- One row while everything is frozen.
create table standstill (
    one bigint not null primary key check (one = 1),
    -- Who froze it.
    person_id bigint not null references person (id),
    created_at bigint not null
);

-- What somebody asked for, and the codes that he made, end with his role.
create index request_asked on request (requester_id) where state in ('draft', 'pending');
-- People are chosen by their exact name.
create index person_name on person (name);
create index code_made on code (created_by) where used_at is null;
