CREATE TABLE visits (
  id bigint NOT NULL,
  day date NOT NULL,
  place text -- aloft: backfill city || '/' || country
) PARTITION BY RANGE (day);
CREATE TABLE visits_old PARTITION OF visits FOR VALUES FROM ('2020-01-01') TO ('2024-01-01');
CREATE TABLE visits_new PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2030-01-01');
