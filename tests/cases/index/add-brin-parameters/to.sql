CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE INDEX orders_brin_idx ON orders USING brin (n int4_minmax_multi_ops (values_per_range = 16)) WITH (pages_per_range = 8);
