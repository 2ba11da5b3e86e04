-- Invoices with lines, their payment, when they are due and when their client is reminded.

-- Basis points; null: the business's.
alter table client add column tax_rate integer check (tax_rate between 0 and 10000);

-- When it is to be paid; null: nothing is to be paid, or it is from before there were due dates.
alter table invoice add column due_at integer;
-- When the client's people are reminded next; null: never again.
alter table invoice add column remind_at integer;
create index invoice_remind on invoice (remind_at) where status = 'unpaid' and remind_at is not null;
-- The payment, as it was written, and folded so that it is recognised when it comes again.
alter table invoice add column reference text;
alter table invoice add column reference_key text;
alter table invoice add column paid_at integer;
create unique index invoice_reference on invoice (reference_key) where reference_key is not null;
-- A client's invoices, and those of one status, newest first.
create index invoice_client_newest on invoice (client_id, id);
create index invoice_status_newest on invoice (status, id);

create table invoice_line (
    invoice_id integer not null references invoice (id),
    position integer not null,
    text text not null,
    -- Thousandths.
    quantity integer not null check (quantity > 0),
    -- Millionths of the currency.
    price integer not null check (price >= 0),
    net integer not null,
    primary key (invoice_id, position)
) strict, without rowid;
create trigger invoice_line_no_update before update on invoice_line begin select raise(abort, 'rows of invoice_line are never changed or deleted'); end;
create trigger invoice_line_no_delete before delete on invoice_line begin select raise(abort, 'rows of invoice_line are never changed or deleted'); end;
