CREATE TABLE orders (
  id bigint PRIMARY KEY,
  first text,
  upper_first text NOT NULL -- aloft: backfill upper(coalesce(first, ''))
);
CREATE INDEX orders_upper_first_idx ON orders (upper_first);
