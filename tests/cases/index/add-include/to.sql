CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE INDEX orders_include_idx ON orders (n) INCLUDE (note);
