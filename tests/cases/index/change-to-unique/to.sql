CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE UNIQUE INDEX orders_i ON orders (n);
