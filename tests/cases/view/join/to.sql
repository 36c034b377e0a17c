CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW pairs AS SELECT a.id, b.note AS other, c.n FROM orders a JOIN orders b ON a.id = b.n LEFT JOIN (orders c JOIN orders d USING (id)) ON c.id = a.n WHERE a.note LIKE 'n%' AND b.n IN (1, 2, 3);
