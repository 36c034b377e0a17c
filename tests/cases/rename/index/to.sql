CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
-- atlas:renamed_from orders_n_idx
CREATE INDEX by_n ON orders (n);
