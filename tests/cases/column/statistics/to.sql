CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
ALTER TABLE orders ALTER COLUMN n SET STATISTICS 500;
