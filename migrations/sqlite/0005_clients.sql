-- Clients' pages: who may look after them, what is noted about them, and lists of them.

-- Whoever can look after clients is looked up by the role.
create index person_staff on person (role) where role in ('admin', 'finance', 'support');
