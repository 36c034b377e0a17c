CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW u AS SELECT id, 'a' AS kind FROM orders UNION ALL SELECT n, 'b' FROM orders LIMIT 10;
