CREATE TABLE visits (
  id bigint NOT NULL,
  day date NOT NULL,
  token uuid DEFAULT gen_random_uuid() NOT NULL
) PARTITION BY RANGE (day);
CREATE TABLE visits_old PARTITION OF visits FOR VALUES FROM ('2020-01-01') TO ('2024-01-01');
CREATE TABLE visits_new PARTITION OF visits (
  token DEFAULT '00000000-0000-0000-0000-000000000000'
) FOR VALUES FROM ('2024-01-01') TO ('2030-01-01');
CREATE INDEX visits_token_idx ON visits (token);
