-- The audit log as a chain: each row's hash covers the hash before it. Rows are written without waiting for one another
-- and queue here; the sealer links them in batches.
create table audit_unsealed (
    audit_id integer not null primary key
) strict;
insert into audit_unsealed (audit_id) select id from audit_log;

create table audit_chain (
    -- From 1 on, without gaps.
    seq integer not null primary key,
    audit_id integer not null unique references audit_log (id),
    -- SHA-256 in hexadecimal.
    hash text not null
) strict;

create trigger audit_log_queue after insert on audit_log begin insert into audit_unsealed (audit_id) values (new.id); end;

create trigger audit_chain_no_update before update on audit_chain begin select raise(abort, 'rows of audit_chain are never changed or deleted'); end;
create trigger audit_chain_no_delete before delete on audit_chain begin select raise(abort, 'rows of audit_chain are never changed or deleted'); end;
