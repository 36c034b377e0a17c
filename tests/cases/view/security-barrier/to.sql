CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW v WITH (security_barrier) AS SELECT id FROM orders;
