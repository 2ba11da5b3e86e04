-- Whether a request was undone is looked at whenever its card is shown.
create index request_undoes on request (undoes_id) where undoes_id is not null;

-- Clients who wait to be activated are few.
create index client_pending on client (id) where status = 'pending';
