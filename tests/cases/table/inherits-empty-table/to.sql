CREATE TABLE events (id bigserial NOT NULL, n integer);
CREATE TABLE old_events (CHECK (n < 100)) INHERITS (events);
CREATE INDEX ON old_events (n);
