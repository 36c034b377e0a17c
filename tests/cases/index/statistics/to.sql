CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE INDEX orders_e ON orders ((n + 1));
ALTER INDEX orders_e ALTER COLUMN 1 SET STATISTICS 300;
