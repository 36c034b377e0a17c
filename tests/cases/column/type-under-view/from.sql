CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW recent AS SELECT id, n FROM orders WHERE n > 5;
COMMENT ON VIEW recent IS 'the recent ones';
