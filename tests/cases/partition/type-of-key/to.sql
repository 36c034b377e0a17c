CREATE TABLE readings (
  id bigserial,
  taken date NOT NULL,
  site integer NOT NULL,
  note text,
  CONSTRAINT readings_pkey PRIMARY KEY (id, taken, site),
  CONSTRAINT readings_once UNIQUE (taken, site, id) INCLUDE (note)
) PARTITION BY RANGE (taken);
CREATE TABLE readings_2023 PARTITION OF readings FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE readings_2024 PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
  PARTITION BY LIST (site);
CREATE TABLE readings_2024_a (
  site integer NOT NULL,
  note text,
  id bigint NOT NULL,
  taken date NOT NULL,
  CONSTRAINT first_two PRIMARY KEY (id, taken, site)
);
ALTER TABLE readings_2024 ATTACH PARTITION readings_2024_a FOR VALUES IN (1, 2);
CREATE TABLE readings_2024_rest PARTITION OF readings_2024 DEFAULT;
CREATE TABLE readings_rest PARTITION OF readings DEFAULT;
COMMENT ON CONSTRAINT readings_pkey ON readings IS 'one a day';
COMMENT ON CONSTRAINT first_two ON readings_2024_a IS 'one a day, at the first two';
