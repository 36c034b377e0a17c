CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW v (a, b) AS SELECT id, n FROM orders;
