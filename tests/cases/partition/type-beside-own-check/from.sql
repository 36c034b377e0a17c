CREATE TABLE readings (
  taken date NOT NULL,
  n integer
) PARTITION BY RANGE (taken);
CREATE TABLE readings_2023 PARTITION OF readings (CONSTRAINT small CHECK (n < 1000))
  FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE readings_rest PARTITION OF readings DEFAULT;
