CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE POLICY p ON orders FOR DELETE USING (n > 0);
