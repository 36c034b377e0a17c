CREATE TABLE readings (
  id bigint NOT NULL,
  taken date NOT NULL,
  site integer NOT NULL,
  n integer
) PARTITION BY RANGE (taken);
CREATE TABLE readings_2023 PARTITION OF readings FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE readings_2024 PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
  PARTITION BY LIST (site);
CREATE TABLE readings_2024_a PARTITION OF readings_2024 FOR VALUES IN (1, 2);
CREATE TABLE readings_2024_rest PARTITION OF readings_2024 DEFAULT;
CREATE TABLE readings_rest PARTITION OF readings DEFAULT;
CREATE INDEX readings_n_idx ON readings (n);
CREATE INDEX readings_n_expr_idx ON readings ((n + 1)) WHERE n > 0;
CREATE UNIQUE INDEX readings_once_idx ON readings (id, taken, site, n);
COMMENT ON INDEX readings_n_idx IS 'by size';
COMMENT ON INDEX readings_2024_n_idx IS 'by size, in 2024';
COMMENT ON INDEX readings_2024_a_n_idx IS 'by size, at the first two';
