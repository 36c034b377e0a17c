CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE POLICY p ON orders USING (n > 0) WITH CHECK (n > 5);
