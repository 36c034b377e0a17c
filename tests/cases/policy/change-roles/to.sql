CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE ROLE aloft_reader;
CREATE POLICY p ON orders TO aloft_reader USING (n > 0);
