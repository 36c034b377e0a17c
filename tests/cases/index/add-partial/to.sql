CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE INDEX orders_partial_idx ON orders (n) WHERE note IS NOT NULL AND n BETWEEN 5 AND 50;
