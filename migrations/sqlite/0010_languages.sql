-- The language that a person chose, as the tag of a message file; null: as each of his messengers says.
alter table person add column language text;
