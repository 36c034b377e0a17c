CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE INDEX orders_pattern_idx ON orders (note text_pattern_ops);
