CREATE TABLE orders (
  id bigint NOT NULL,
  -- aloft: backfill id % 7
  kind integer NOT NULL,
  note text
) PARTITION BY RANGE (id);
CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (0) TO (1000);
CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM (1000) TO (2000);
CREATE TABLE orders_rest PARTITION OF orders DEFAULT;
