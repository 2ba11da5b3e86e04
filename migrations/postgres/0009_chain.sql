-- The audit log as a chain: each row's hash covers the hash before it. Rows are written without waiting for one another
-- and queue here; the sealer links them in batches.
create table audit_unsealed (
    audit_id bigint not null primary key
);
insert into audit_unsealed (audit_id) select id from audit_log;

create table audit_chain (
    -- From 1 on, without gaps.
    seq bigint not null primary key,
    audit_id bigint not null unique references audit_log (id),
    -- SHA-256 in hexadecimal.
    hash text not null
);

create function queue_for_chain() returns trigger language plpgsql as $$
begin
    insert into audit_unsealed (audit_id) select id from added;
    return null;
end $$;
create trigger audit_log_queue after insert on audit_log referencing new table as added
    for each statement execute function queue_for_chain();

create trigger audit_chain_no_update before update on audit_chain for each row execute function stays();
create trigger audit_chain_no_delete before delete on audit_chain for each row execute function stays();
create trigger audit_chain_no_truncate before truncate on audit_chain for each statement execute function stays();
