CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW sampled AS SELECT id FROM orders TABLESAMPLE BERNOULLI (10);
