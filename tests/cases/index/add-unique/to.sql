CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE UNIQUE INDEX orders_n_key ON orders (n);
