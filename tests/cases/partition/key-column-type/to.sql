CREATE TABLE events (
  id bigint NOT NULL,
  kind text
) PARTITION BY RANGE (id);
CREATE TABLE events_low PARTITION OF events FOR VALUES FROM (0) TO (1000);
