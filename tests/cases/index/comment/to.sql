CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE INDEX orders_n_idx ON orders (n);
COMMENT ON INDEX orders_n_idx IS 'by number';
