CREATE TABLE events (id bigint NOT NULL, year integer NOT NULL, kind text) PARTITION BY LIST (year);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES IN (2024);
CREATE INDEX events_kind_idx ON events (kind);
