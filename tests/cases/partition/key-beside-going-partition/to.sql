CREATE TABLE events (id bigint NOT NULL, year integer NOT NULL, kind text, PRIMARY KEY (id, year)) PARTITION BY LIST (year);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES IN (2024);
