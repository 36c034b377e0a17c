CREATE TABLE readings (
  id bigint NOT NULL,
  taken date NOT NULL,
  site integer NOT NULL,
  n bigint NOT NULL DEFAULT 1,
  note text,
  CONSTRAINT readings_n_check CHECK (n >= 0)
) PARTITION BY RANGE (taken);
CREATE TABLE readings_2023 PARTITION OF readings (n DEFAULT 23)
  FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE readings_2024 PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
  PARTITION BY LIST (site);
CREATE TABLE readings_2024_a PARTITION OF readings_2024 FOR VALUES IN (1, 2);
CREATE TABLE readings_2024_rest PARTITION OF readings_2024 DEFAULT;
CREATE TABLE readings_rest (
  note text,
  n bigint NOT NULL,
  gone boolean,
  taken date NOT NULL,
  site integer NOT NULL,
  id bigint NOT NULL,
  CONSTRAINT readings_n_check CHECK (n >= 0)
);
ALTER TABLE readings_rest DROP COLUMN gone;
ALTER TABLE readings ATTACH PARTITION readings_rest DEFAULT;
CREATE INDEX readings_site_idx ON readings (site);
COMMENT ON COLUMN readings.n IS 'how many';
COMMENT ON COLUMN readings_2024_a.n IS 'how many, at the first two';
COMMENT ON CONSTRAINT readings_n_check ON readings IS 'none is less than nothing';
CREATE VIEW totals AS SELECT site, sum(n) AS n FROM readings GROUP BY site;
