CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
ALTER TABLE orders ADD COLUMN extra text;
CREATE VIEW v AS SELECT id, extra FROM orders;
