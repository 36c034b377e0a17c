CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE POLICY r ON orders AS RESTRICTIVE USING (n IS NOT NULL);
