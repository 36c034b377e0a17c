CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE POLICY p ON orders USING (EXISTS (SELECT 1 FROM orders o WHERE o.id = orders.n));
