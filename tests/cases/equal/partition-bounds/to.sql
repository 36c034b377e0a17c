CREATE TABLE events (at timestamp NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events
  FOR VALUES FROM ('2024-01-01 00:00:00') TO ('2025-01-01 00:00:00'::timestamp);
CREATE TABLE events_later PARTITION OF events FOR VALUES FROM ('2025-01-01 00:00') TO (MAXVALUE);
CREATE TABLE sorts (id integer, kind text) PARTITION BY LIST (kind);
CREATE TABLE sorts_some PARTITION OF sorts FOR VALUES IN (NULL, '2', '1');
CREATE TABLE words (word text) PARTITION BY RANGE (lower(word), length(word));
CREATE TABLE words_a PARTITION OF words FOR VALUES FROM ('a'::text, '1') TO ('m', 4 + 5);
