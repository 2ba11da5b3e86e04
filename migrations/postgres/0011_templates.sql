-- Default messages as they were worded: a row for each version in each language. The texts that come with the program are
-- no rows; they count as version 0.
create table template (
    kind text collate "C" not null,
    language text collate "C" not null,
    -- From 1 on, without gaps.
    version bigint not null check (version > 0),
    -- Both null: from this version on the text that comes with the program holds again.
    subject text,
    body text check ((subject is null) = (body is null)),
    request_id bigint not null unique references request (id),
    person_id bigint not null references person (id),
    created_at bigint not null,
    primary key (kind, language, version)
);
create trigger template_no_update before update on template for each row execute function stays();
create trigger template_no_delete before delete on template for each row execute function stays();
create trigger template_no_truncate before truncate on template for each statement execute function stays();
