CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW w AS WITH big AS (SELECT id FROM orders WHERE n > 10) SELECT big.id FROM big WHERE EXISTS (SELECT 1 FROM orders o WHERE o.id = big.id);
