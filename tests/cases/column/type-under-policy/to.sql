CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n bigint
);
CREATE POLICY p ON orders USING (n > 0);
