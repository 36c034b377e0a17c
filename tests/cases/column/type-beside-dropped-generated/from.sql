CREATE TABLE orders (
  id bigint PRIMARY KEY,
  n integer,
  amount integer,
  twice integer GENERATED ALWAYS AS (amount * 2) STORED
);
CREATE INDEX orders_idx ON orders (n, twice);
