//! The invariants as queries. Each finds what breaks it: the number of a thing, and what is wrong with it, in words that
//! an operator understands. One text serves both engines; what could overflow is computed as `numeric`.

/// A query that finds nothing while an invariant holds.
#[derive(Debug)]
pub(super) struct Check {
    /// As the domain names it.
    pub(super) invariant: &'static str,
    /// What the number in the first column identifies; empty where it identifies nothing.
    pub(super) noun: &'static str,
    /// Yields the columns `subject` and `what`.
    pub(super) sql: &'static str,
}

/// An identifier of ours as its text (`to_base32`), so that rows which name it in words can be matched.
macro_rules! base32 {
    ($id:literal) => {
        concat!(
            "coalesce(nullif(ltrim(", base32!($id "60"), "||", base32!($id "55"), "||", base32!($id "50"), "||", base32!($id "45"),
            "||", base32!($id "40"), "||", base32!($id "35"), "||", base32!($id "30"), "||", base32!($id "25"),
            "||", base32!($id "20"), "||", base32!($id "15"), "||", base32!($id "10"), "||", base32!($id "5"),
            "||", base32!($id "0"), ", '0'), ''), '0')"
        )
    };
    ($id:literal $shift:literal) => {
        concat!(
            "substr('0123456789abcdefghjkmnpqrstvwxyz', cast((", $id, " >> ", $shift, ") & 31 as integer) + 1, 1)"
        )
    };
}
#[cfg(test)]
pub(super) use base32;

macro_rules! checks {
    ($($invariant:literal $noun:literal $sql:expr;)+) => {
        &[$(Check { invariant: $invariant, noun: $noun, sql: $sql }),+]
    };
}

/// All that a query can tell; the rest is in the parent module.
pub(super) const CHECKS: &[Check] = checks![
    "L1" "posting" "
        select p.id as subject, 'has ' || coalesce(e.n, 0) || ' entries with the sum ' || coalesce(e.s, 0) as what
        from posting p
        left join (select posting_id, count(*) as n, sum(amount) as s from entry group by posting_id) e
            on e.posting_id = p.id
        where coalesce(e.n, 0) < 2 or e.s <> 0";
    "L1" "posting" "
        select e.posting_id as subject, 'has ' || count(*) || ' entries and is not there' as what from entry e
        where not exists (select 1 from posting p where p.id = e.posting_id) group by e.posting_id";
    "L2" "account" "
        select a.id as subject, 'has the balance ' || a.balance || ' at ' || a.seq || '; its ' || coalesce(e.n, 0)
            || ' entries sum to ' || coalesce(e.s, 0) || ', the last leaves ' || coalesce(z.balance, 0) as what
        from account a
        left join (select account_id, count(*) as n, min(seq) as low, max(seq) as high, sum(amount) as s
            from entry group by account_id) e on e.account_id = a.id
        left join entry z on z.account_id = a.id and z.seq = e.high
        where a.balance <> coalesce(e.s, 0) or a.balance <> coalesce(z.balance, 0) or a.seq <> coalesce(e.n, 0)
            or coalesce(e.low, 1) <> 1 or coalesce(e.high, 0) <> coalesce(e.n, 0)";
    "L2" "account" "
        select account_id as subject, 'moves by ' || amount || ' from ' || earlier || ' to ' || balance || ' in entry '
            || seq || ', which follows entry ' || before as what
        from (select account_id, seq, amount, balance,
            coalesce(lag(balance) over (partition by account_id order by seq), 0) as earlier,
            coalesce(lag(seq) over (partition by account_id order by seq), 0) as before from entry) e
        where cast(balance as numeric) <> cast(earlier as numeric) + amount or seq <> before + 1";
    "L2" "account" "
        select e.account_id as subject, 'has ' || count(*) || ' entries and is not there' as what from entry e
        where not exists (select 1 from account a where a.id = e.account_id) group by e.account_id";
    "L3" "" "
        select 0 as subject, 'all balances sum to ' || s as what from (select sum(balance) as s from account) a
        where s <> 0";
    "L4" "account" "
        select id as subject, 'stands at ' || balance || ' with the floor ' || coalesce('' || floor, 'missing') as what
        from account where balance < floor or (client_id is not null and floor is null)";
    "L4" "account" "
        select e.account_id as subject, 'stood at ' || e.balance || ' after entry ' || e.seq || ', with the floor '
            || coalesce('' || e.floor, 'missing') as what
        from entry e join account a on a.id = e.account_id
        where e.balance < e.floor or (e.floor is null and a.client_id is not null)";
    "L5" "posting" "
        select posting_id as subject, 'moves ' || amount as what from entry
        where amount = 0 or amount > 1000000000000 or amount < -1000000000000";
    "L5" "invoice" "
        select id as subject, 'is for ' || credits || ' credits' as what from invoice
        where kind = 'credit' and (credits < 1 or credits > 1000000000000)";
    "L5" "request" "
        select id as subject, 'is for ' || amount as what from request
        where amount is not null and (amount < 1 or amount > 1000000000000)";
    "L7" "posting" "
        select min(id) as subject, 'shares its key ' || key || ' with ' || (count(*) - 1) || ' others' as what
        from posting group by key having count(*) > 1";
    "L8" "posting" "
        select p.id as subject, 'adds ' || coalesce('' || e.amount, 'nothing') || ' and has ' || coalesce(i.n, 0)
            || ' invoices, for ' || coalesce(i.credits, 0) as what
        from posting p
        left join (select posting_id, count(*) as n, min(client_id) as client_id, sum(credits) as credits
            from invoice where kind = 'credit' and posting_id is not null group by posting_id) i on i.posting_id = p.id
        left join account a on a.client_id = p.client_id
        left join entry e on e.posting_id = p.id and e.account_id = a.id
        where p.kind = 'add' and (coalesce(i.n, 0) <> 1 or e.amount is null or i.credits <> e.amount
            or p.client_id is distinct from i.client_id)";
    "L8" "invoice" "
        select i.id as subject, case when i.posting_id is null then 'is ' || i.status || ' and ' || i.mode
            || ', and no credit was added' else 'belongs to credit that was not added, or not yet paid for' end as what
        from invoice i left join posting p on p.id = i.posting_id
        where i.kind = 'credit' and case when i.posting_id is null then i.mode <> 'prepaid' or i.status = 'paid'
            else p.kind is distinct from 'add' or (i.mode = 'prepaid' and i.status = 'unpaid'
                and not exists (select 1 from posting r where r.reversed_id = p.id)) end";
    "L8" "invoice" "
        select id as subject, 'is paid and names no payment' as what from invoice
        where status = 'paid' and total > 0 and coalesce(reference_key, '') = ''";
    "L7" "invoice" "
        select min(id) as subject, 'shares its payment ' || reference_key || ' with ' || (count(*) - 1) || ' others' as what
        from invoice where reference_key is not null group by reference_key having count(*) > 1";
    "L8" "invoice" "
        select i.id as subject, 'asks for ' || i.net || ' and ' || i.tax || ' of tax, ' || i.total || ' in all; its lines sum to '
            || coalesce(l.s, 0) as what
        from invoice i left join (select invoice_id, sum(net) as s from invoice_line group by invoice_id) l
            on l.invoice_id = i.id
        where i.kind = 'lines' and (coalesce(l.s, 0) <> i.net or i.total <> cast(i.net as numeric) + i.tax)";
    "L9" "posting" concat!("
        select r.id as subject, 'is reversed by ' || r.amount || ' of ' || coalesce(o.amount, 0) || ' on account '
            || ", base32!("r.account_id"), " as what
        from (select p.reversed_id as id, e.account_id, sum(e.amount) as amount from posting p
            join entry e on e.posting_id = p.id where p.reversed_id is not null group by p.reversed_id, e.account_id) r
        left join entry o on o.posting_id = r.id and o.account_id = r.account_id
        where o.amount is null or (o.amount > 0 and (r.amount > 0 or r.amount < -cast(o.amount as numeric)))
            or (o.amount < 0 and (r.amount < 0 or r.amount > -cast(o.amount as numeric)))");
    "L9" "posting" "
        select id as subject, 'is a reversal of nothing, or reverses without being one' as what from posting
        where (kind = 'reversal') <> (reversed_id is not null)";
    "L10" "posting" "
        select p.id as subject, case when r.id is null then 'was asked for by no request'
            else 'moves ' || coalesce('' || e.amount, 'nothing') || '; its request is ' || r.state || ' and for '
            || coalesce('' || r.amount, 'nothing') end as what
        from posting p
        left join request r on r.id = p.request_id
        left join account a on a.client_id = p.client_id
        left join entry e on e.posting_id = p.id and e.account_id = a.id
        where p.kind in ('add', 'deduct') and (r.id is null or r.state <> 'applied'
            or r.client_id is distinct from p.client_id
            or r.amount is distinct from case p.kind when 'add' then e.amount else -cast(e.amount as numeric) end)";
    "L10" "request" "
        select id as subject, 'was applied without approval, and not by its requester' as what from request
        where state = 'applied' and confirm_event_id is null and decided_by is distinct from requester_id";
    "N1" "credit note" "
        select s.issuer_id as subject, 'counts ' || (s.next - 1) || ' credit notes and has ' || coalesce(n.n, 0)
            || ', numbered ' || coalesce(n.low, 0) || ' to ' || coalesce(n.high, 0) as what
        from note_series s left join (select issuer_id, count(*) as n, min(number) as low, max(number) as high
            from credit_note group by issuer_id) n on n.issuer_id = s.issuer_id
        where coalesce(n.n, 0) <> s.next - 1 or coalesce(n.low, 1) <> 1 or coalesce(n.high, 0) <> s.next - 1";
    "L8" "invoice" "
        select i.id as subject, 'has ' || i.credited || ' taken off it, and credit notes over ' || coalesce(n.s, 0) as what
        from invoice i left join (select invoice_id, sum(total) as s from credit_note group by invoice_id) n
            on n.invoice_id = i.id
        where i.credited <> coalesce(n.s, 0) or i.credited > i.total";
    "L9" "posting" "
        select p.id as subject, 'was taken back; the credit note of its invoice is ' || coalesce('for ' || n.credits, 'missing')
            as what
        from posting p join invoice i on i.posting_id = p.reversed_id join account a on a.client_id = p.client_id
        join entry e on e.posting_id = p.id and e.account_id = a.id
        left join credit_note n on n.request_id = p.request_id
        where i.status <> 'voided' and p.kind = 'reversal' and n.credits is distinct from -e.amount";
    "A1" "request" "
        select id as subject, what from (select id, case
            when state in ('draft', 'pending')
                and (decided_at is not null or decided_by is not null or decide_event_id is not null)
                then 'is ' || state || ' and over at once'
            when state = 'draft' and confirm_event_id is not null then 'is a draft and confirmed'
            when state = 'pending' and coalesce(confirm_event_id, '') = '' then 'waits and was never confirmed'
            when state not in ('draft', 'pending') and decided_at is null then 'is ' || state || ' since no moment'
            when state = 'rejected' and coalesce(confirm_event_id, '') = '' then 'was rejected and never confirmed'
            when state in ('applied', 'rejected', 'cancelled')
                and (decided_by is null or coalesce(decide_event_id, '') = '') then 'is ' || state || ' by nobody'
            when state = 'cancelled' and decided_by <> requester_id then 'is cancelled by somebody else'
            end as what from request) r
        where what is not null";
    // The audit log keeps what the row of a request no longer shows: that it was over before.
    "A1" "request" concat!("
        select subject, what from (select r.id as subject, case
            when l.ends > case when r.state in ('draft', 'pending') then 0 else 1 end
                then 'is ' || r.state || ' and ended ' || l.ends || ' times'
            when l.begins > case when r.state = 'draft' then 0 else 1 end
                then 'is ' || r.state || ' and was confirmed ' || l.begins || ' times' end as what
            from request r join (select subject, sum(case when action = 'request.pending' then 1 else 0 end) as begins,
                sum(case when action = 'request.pending' then 0 else 1 end) as ends from audit_log
                where action in ('request.pending', 'request.applied', 'request.rejected', 'request.expired',
                    'request.cancelled', 'request.unfit') group by subject) l
                on l.subject = 'request:' || ", base32!("r.id"), ") found
        where what is not null");
    "A2" "request" "
        select r.id as subject, 'needed ' || r.needed || ' approvals and has ' || coalesce(v.n, 0) as what
        from request r
        left join (select v.request_id, count(distinct v.person_id) as n
            from vote v join request q on q.id = v.request_id join person p on p.id = v.person_id
            where v.decision = 'approve' and v.person_id <> q.requester_id
                and (v.role = 'admin' or (v.role = 'finance' and q.kind in ('credit add', 'credit request', 'credit deduct', 'credit reverse')))
                and (p.removed_at is null or p.removed_at >= q.decided_at)
            group by v.request_id) v on v.request_id = r.id
        where r.state = 'applied'
            and (coalesce(v.n, 0) < r.needed or (r.confirm_event_id is not null and r.needed < 1))";
    "A2" "request" "
        select v.request_id as subject, case when v.person_id = r.requester_id then 'has a vote of its requester'
            else 'has a vote in the role ' || v.role end as what
        from vote v join request r on r.id = v.request_id
        where v.person_id = r.requester_id
            or not (v.role = 'admin' or (v.role = 'finance' and r.kind in ('credit add', 'credit request', 'credit deduct', 'credit reverse')))";
    // Who was tied to the client only after he had voted did not profit.
    "A2" "request" concat!("
        select v.request_id as subject, 'has a vote of somebody who would profit' as what
        from vote v join request r on r.id = v.request_id
        join person p on p.id = v.person_id and p.client_id = r.client_id
        where not exists (select 1 from audit_log l where l.subject = 'person:' || ", base32!("p.id"), "
            and l.action = 'person.linked' and l.detail like '%\"added\":false%' and l.created_at > v.created_at)");
    "A2" "request" "
        select r.id as subject, 'is ' || r.state || ' by somebody who did not vote' as what from request r
        where r.state in ('applied', 'rejected', 'unfit') and r.confirm_event_id is not null
            -- What ends with its requester's role nobody decides about.
            and not (r.state = 'unfit' and r.decided_by is null and r.reason = 'requester-lost-role')
            and not exists (select 1 from vote v where v.request_id = r.id and v.person_id = r.decided_by)";
    "A3" "request" "
        select id as subject, 'was applied after its time had run out' as what from request
        where state = 'applied' and decided_at >= expires_at";
    "A3" "request" "
        select r.id as subject, 'is ' || r.state || ' and had an effect' as what from request r
        where r.state in ('rejected', 'expired', 'cancelled', 'unfit')
            and (exists (select 1 from posting p where p.request_id = r.id)
                or exists (select 1 from invoice i where i.request_id = r.id))";
    "A3" "request" "
        select r.id as subject, 'is ' || r.state || ' and its code can be used, or was' as what
        from request r join code c on c.request_id = r.id
        where r.state <> 'applied' and (c.used_at is not null or c.expires_at > c.created_at)";
    "A3" "request" "
        select v.request_id as subject, 'has a vote from after its end' as what
        from vote v join request r on r.id = v.request_id
        where v.created_at > r.decided_at or v.created_at >= r.expires_at";
    "A4" "request" "
        select v.request_id as subject, 'has a vote on something else than what it says' as what
        from vote v join request r on r.id = v.request_id where v.digest <> r.digest";
    "A4" "posting" "
        select p.id as subject, 'applies something else than its request says' as what
        from posting p join request r on r.id = p.request_id where p.digest <> r.digest";
    "A5" "request" "
        select r.id as subject, 'is ' || r.state || ' (' || r.kind || coalesce(', ' || i.mode, '') || ') with '
            || coalesce(p.n, 0) || ' postings and ' || coalesce(i.n, 0) || ' invoices' as what
        from request r
        left join (select request_id, count(*) as n from posting where request_id is not null group by request_id) p
            on p.request_id = r.id
        left join (select request_id, count(*) as n, min(mode) as mode, min(status) as status from invoice
            where request_id is not null group by request_id) i on i.request_id = r.id
        where case when r.kind in ('credit deduct', 'credit reverse') and r.state = 'applied'
                then coalesce(p.n, 0) <> 1 or coalesce(i.n, 0) > 0
            when r.kind = 'invoice create' and r.state = 'applied' then coalesce(p.n, 0) > 0 or coalesce(i.n, 0) <> 1
            when r.kind = 'invoice paid' and r.state = 'applied' then coalesce(i.n, 0) > 0
                or coalesce(p.n, 0) <> case when r.amount is null then 0 else 1 end
            when r.state in ('draft', 'pending') or r.kind not in ('credit add', 'credit request')
                then coalesce(p.n, 0) + coalesce(i.n, 0) > 0
            when r.state = 'applied' then coalesce(i.n, 0) <> 1
                or coalesce(p.n, 0) <> case when i.mode = 'prepaid' then 0 else 1 end
            else false end";
    "A5" "invoice" "
        select i.id as subject, 'was asked for by no request' as what from invoice i
        where i.kind = 'credit' and not exists (select 1 from request r where r.id = i.request_id)";
    "A5" "request" "
        select r.id as subject, 'is an invitation that was applied, with ' || coalesce(c.n, 0) || ' codes' as what
        from request r
        left join (select request_id, count(*) as n from code where request_id is not null group by request_id) c
            on c.request_id = r.id
        where r.kind = 'people invite' and r.state = 'applied' and coalesce(c.n, 0) <> 1";
    "A5" "request" "
        select r.id as subject, 'is ' || r.state || ' (' || r.kind || ') with ' || coalesce(t.n, 0) || ' texts' as what
        from request r
        left join (select request_id, count(*) as n from template group by request_id) t on t.request_id = r.id
        where case when r.kind in ('message edit', 'message restore') and r.state = 'applied'
            then coalesce(t.n, 0) <> 1 else coalesce(t.n, 0) <> 0 end";
    "A6" "request" "
        select v.request_id as subject, 'has a vote by an event that never came: ' || v.event_id as what from vote v
        where not exists (select 1 from event e where e.id = v.event_id)";
    "A6" "request" "
        select v.request_id as subject, 'has a vote by an event of somebody else: ' || v.event_id as what
        from vote v join event e on e.id = v.event_id
        where not exists (select 1 from identity i
            where i.messenger = e.messenger and i.user_id = e.user_id and i.person_id = v.person_id)";
    "A6" "request" "
        select min(request_id) as subject, 'has a vote by an event that is ' || count(*) || ' votes: ' || event_id as what
        from vote group by event_id having count(*) > 1";
    "A6" "request" "
        select r.id as subject, 'was confirmed or decided by an event that never came' as what from request r
        where (coalesce(r.confirm_event_id, '') <> ''
                and not exists (select 1 from event e where e.id = r.confirm_event_id))
            or (coalesce(r.decide_event_id, '') <> ''
                and not exists (select 1 from event e where e.id = r.decide_event_id))";
    "A6" "request" "
        select r.id as subject, 'was confirmed or decided by an event of somebody else' as what from request r
        where exists (select 1 from event e where e.id = r.confirm_event_id and not exists (select 1 from identity i
                where i.messenger = e.messenger and i.user_id = e.user_id and i.person_id = r.requester_id))
            or (r.decided_by is not null and exists (select 1 from event e where e.id = r.decide_event_id
                and not exists (select 1 from identity i
                    where i.messenger = e.messenger and i.user_id = e.user_id and i.person_id = r.decided_by)))";
    "A7" "request" "
        select request_id as subject, 'has several votes of one person' as what from vote
        group by request_id, person_id having count(*) > 1";
    "N1" "" "
        select s.issuer_id as subject, 'series ' || s.prefix || ' goes on with ' || s.next || ' after '
            || coalesce(i.n, 0) || ' invoices, numbered ' || coalesce(i.low, 0) || ' to ' || coalesce(i.high, 0) as what
        from series s
        left join (select issuer_id, count(*) as n, count(distinct number) as d, min(number) as low, max(number) as high
            from invoice group by issuer_id) i on i.issuer_id = s.issuer_id
        where coalesce(i.n, 0) <> s.next - 1 or coalesce(i.d, 0) <> s.next - 1 or coalesce(i.low, 1) <> 1
            or coalesce(i.high, 0) <> s.next - 1";
    "N1" "invoice" "
        select i.id as subject, 'belongs to no series' as what from invoice i
        where not exists (select 1 from series s where s.issuer_id = i.issuer_id)";
    "O1" "notice" "
        select min(id) as subject, 'shares its key ' || key || ' with ' || (count(*) - 1) || ' others' as what
        from outbox group by key having count(*) > 1";
    "O1" "notice" concat!("
        select o.id as subject, 'has a cause that is not there: ' || o.cause as what
        from (select cause from outbox where cause like 'request:%'
            except select 'request:' || ", base32!("id"), " from request) u
        join outbox o on o.cause = u.cause");
    "O1" "notice" concat!("
        select o.id as subject, 'has a cause that is not there: ' || o.cause as what
        from (select cause from outbox where cause like 'notice:%'
            except select 'notice:' || ", base32!("id"), " from outbox) u
        join outbox o on o.cause = u.cause");
    "O1" "notice" "
        select o.id as subject, 'has a cause that is not there: ' || o.cause as what from outbox o
        where (o.cause like 'telegram:%' or o.cause like 'discord:%')
            and not exists (select 1 from event e where e.id = o.cause)";
    "O2" "request" concat!("
        select r.id as subject, 'is ' || r.state || ' and its requester is not told' as what from request r
        where r.state in ('applied', 'rejected', 'expired', 'unfit') and coalesce(r.confirm_event_id, '') <> ''
            and not exists (select 1 from outbox o
                where o.key = 'outcome:' || ", base32!("r.id"), " || ':' || ", base32!("r.requester_id"), ")");
    // Whoever is tied to the client since before; the requester hears it anyway.
    "O2" "request" concat!("
        select r.id as subject, 'moved credit, and ' || p.name || ' is not told' as what
        from request r join person p on p.client_id = r.client_id and p.id <> r.requester_id
        where r.state = 'applied' and r.kind in ('credit add', 'credit request', 'credit deduct', 'credit reverse')
            and (p.removed_at is null or p.removed_at > r.decided_at)
            and exists (select 1 from audit_log l where l.subject = 'person:' || ", base32!("p.id"), "
                and l.action = 'person.linked' and l.detail like '%\"added\":false%' and l.created_at < r.decided_at)
            and not exists (select 1 from outbox o
                where o.key = 'told:' || ", base32!("r.id"), " || ':' || ", base32!("p.id"), ")");
    "O5" "" "
        select 0 as subject, 'event ' || id || ' was finished ' || count(*) || ' times' as what
        from event group by id having count(*) > 1";
    "H1" "audit row" "
        select l.id as subject, 'is neither in the chain nor waits for it' as what from audit_log l
        where not exists (select 1 from audit_chain c where c.audit_id = l.id)
            and not exists (select 1 from audit_unsealed u where u.audit_id = l.id)";
    "H1" "audit row" "
        select u.audit_id as subject, case when l.id is null then 'waits for the chain and is not in the log'
            else 'is in the chain and waits for it' end as what
        from audit_unsealed u left join audit_log l on l.id = u.audit_id
        where l.id is null or exists (select 1 from audit_chain c where c.audit_id = u.audit_id)";
    "H2" "request" concat!("
        select r.id as subject, 'became ' || r.state || ' without a row in the audit log' as what from request r
        where r.state <> 'draft' and not exists (select 1 from audit_log l
            where l.subject = 'request:' || ", base32!("r.id"), " and l.action = 'request.' || r.state)");
    "H2" "request" concat!("
        select r.id as subject, 'was confirmed without a row in the audit log' as what from request r
        where coalesce(r.confirm_event_id, '') <> '' and not exists (select 1 from audit_log l
            where l.subject = 'request:' || ", base32!("r.id"), " and l.action = 'request.pending')");
    "H2" "request" concat!("
        select v.request_id as subject, 'has a vote without a row in the audit log: ' || v.event_id as what from vote v
        where not exists (select 1 from audit_log l where l.subject = 'request:' || ", base32!("v.request_id"), "
            and l.action = 'vote.' || v.decision and l.event_id = v.event_id)");
    "H2" "person" concat!("
        select p.id as subject, 'is ' || p.role || ' without a row in the audit log' as what from person p
        where p.role is not null and not exists (select 1 from audit_log l
            where l.subject = 'person:' || ", base32!("p.id"), " and l.action = 'person.linked')");
    "P2" "person" "
        select min(person_id) as subject, 'shares the account ' || messenger || ':' || user_id as what
        from identity group by messenger, user_id having count(*) > 1";
    "P2" "person" "
        select i.person_id as subject, 'does not exist and has the account ' || i.messenger || ':' || i.user_id as what
        from identity i where not exists (select 1 from person p where p.id = i.person_id)";
    // A day from the moment at which it can be used; a quarter of an hour for an account of one's own.
    "P3" "" "
        select 0 as subject, 'the code of ' || case when name = '' then 'an account' else name end || ' ' || what as what
        from (select c.name, case
            when length(c.hash) <> 64 or ltrim(c.hash, '0123456789abcdef') <> '' then 'is not stored as a hash'
            when c.expires_at < c.created_at or c.expires_at - coalesce(r.decided_at, c.created_at)
                > case when c.person_id is null then 86400000 else 900000 end then 'lives too long'
            when c.used_at >= c.expires_at then 'was used after its end'
            when c.used_at is null and c.used_by is not null then 'has a user and was never used'
            when c.used_at is not null and c.used_by is null then 'was used by nobody'
            end as what from code c left join request r on r.id = c.request_id) c
        where what is not null";
    "P3" "" "
        select 0 as subject, 'a code is there ' || count(*) || ' times' as what from code
        group by hash having count(*) > 1";
    "P4" "client" "
        with recursive tree (id) as (
            select id from client where reseller_id is null
            union all select c.id from client c join tree t on c.reseller_id = t.id)
        select c.id as subject, 'has resellers in a circle above it' as what from client c
        left join tree t on t.id = c.id where t.id is null";
    "P4" "client" "
        with recursive tree (id) as (
            select id from client where referral_id is null
            union all select c.id from client c join tree t on c.referral_id = t.id)
        select c.id as subject, 'has referrals in a circle above it' as what from client c
        left join tree t on t.id = c.id where t.id is null";
    "P4" "client" "
        select c.id as subject, 'belongs to ' || o.username || ', who is no reseller' as what
        from client c join client o on o.id = c.reseller_id where o.class <> 'RESELLER'";
    // Scope rests on this table: it must say what the tree says. Not by a full join, which SQLite walks through row by row.
    "P4" "client" concat!("
        with recursive above (client_id, owner_id) as (
            select id, reseller_id from client where reseller_id is not null
            union select a.client_id, c.reseller_id from above a join client c on c.id = a.owner_id
                where c.reseller_id is not null),
        owed (client_id, owner_id) as materialized (
            select id, 0 from client union select id, id from client where class = 'RESELLER'
            union select client_id, owner_id from above)
        select client_id as subject, 'counts as a client of #' || ", base32!("owner_id"), " || ' and is not' as what
        from (select client_id, owner_id from client_owner except select client_id, owner_id from owed) o
        union all
        select client_id as subject, 'is a client of #' || ", base32!("owner_id"), " || ' and does not count as one' as what
        from (select client_id, owner_id from owed except select client_id, owner_id from client_owner) w");
    "P4" "client" concat!("
        select t.client_id as subject, 'is found by #' || ", base32!("t.owner_id"), " || ', whose client it is not' as what
        from (select distinct owner_id, client_id from client_term) t
        left join client_owner o on o.client_id = t.client_id and o.owner_id = t.owner_id
        where o.client_id is null");
];
