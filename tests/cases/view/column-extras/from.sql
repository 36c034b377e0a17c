CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW v AS SELECT id, n FROM orders;
