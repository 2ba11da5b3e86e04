-- Default messages as they were worded: a row for each version in each language. The texts that come with the program are
-- no rows; they count as version 0.
create table template (
    kind text not null,
    language text not null,
    -- From 1 on, without gaps.
    version integer not null check (version > 0),
    -- Both null: from this version on the text that comes with the program holds again.
    subject text,
    body text check ((subject is null) = (body is null)),
    request_id integer not null unique references request (id),
    person_id integer not null references person (id),
    created_at integer not null,
    primary key (kind, language, version)
) strict;
create trigger template_no_update before update on template begin select raise(abort, 'rows of template are never changed or deleted'); end;
create trigger template_no_delete before delete on template begin select raise(abort, 'rows of template are never changed or deleted'); end;
