CREATE TABLE visits (
  id bigint NOT NULL,
  day date NOT NULL,
  city text, -- aloft: backfill split_part(place, '/', 1)
  country text -- aloft: backfill split_part(place, '/', 2)
) PARTITION BY RANGE (day);
CREATE TABLE visits_old PARTITION OF visits FOR VALUES FROM ('2020-01-01') TO ('2024-01-01');
CREATE TABLE visits_new PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2030-01-01');
