CREATE TABLE orders (
  -- aloft: backfill number
  id bigint PRIMARY KEY,
  number bigint NOT NULL
);
