CREATE TABLE events (at timestamp NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_later PARTITION OF events FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);
CREATE TABLE sorts (id integer, kind text) PARTITION BY LIST (kind);
CREATE TABLE sorts_some PARTITION OF sorts FOR VALUES IN (1, 2, NULL);
CREATE TABLE words (word text) PARTITION BY RANGE (lower(word), length(word));
CREATE TABLE words_a PARTITION OF words FOR VALUES FROM ('a', 1) TO ('m', 9);
