CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE UNIQUE INDEX orders_nnd_idx ON orders (n) NULLS NOT DISTINCT;
