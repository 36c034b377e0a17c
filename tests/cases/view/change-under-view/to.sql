CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW v AS SELECT n, id FROM orders;
CREATE VIEW w AS SELECT n FROM v;
COMMENT ON VIEW w IS 'on v';
