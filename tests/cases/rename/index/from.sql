CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
-- aloft: renamed from by_n
CREATE INDEX orders_n_idx ON orders (n);
