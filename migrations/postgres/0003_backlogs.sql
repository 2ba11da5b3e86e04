-- However many notices wait, the one that is due longest is the first of this index.
create index outbox_open on outbox (next_at, id) where state in ('queued', 'leased');
drop index outbox_due;

-- What somebody asked for or decided: his own list of what waits, and whether his past may move to another person.
create index request_requester on request (requester_id, state, id);
create index vote_person on vote (person_id);
