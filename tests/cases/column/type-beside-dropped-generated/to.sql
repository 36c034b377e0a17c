CREATE TABLE orders (
  id bigint PRIMARY KEY,
  n integer,
  amount bigint
);
CREATE INDEX orders_idx ON orders (n);
