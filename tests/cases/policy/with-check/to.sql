CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE POLICY w ON orders FOR INSERT WITH CHECK (n > 0 AND note IN ('a', 'b'));
