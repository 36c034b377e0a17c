CREATE TABLE events (
  id bigint NOT NULL,
  at date NOT NULL,
  kind text
) PARTITION BY RANGE (at);
CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE events_2024 (id bigint NOT NULL, at date NOT NULL, kind text);
