CREATE TABLE events (id bigserial NOT NULL, n integer);
CREATE TABLE old_events (id bigserial NOT NULL, n integer);
CREATE INDEX ON old_events (n);
