-- Who may decide about a request is looked up whenever one is made; resellers are many and never among them.
create index person_decides on person (role) where role in ('admin', 'finance');
create index identity_observed on identity (person_id) where roles is not null;
