CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE INDEX orders_n_idx ON orders (n);
CREATE INDEX orders_n_expr_idx ON orders ((n + 1)) WHERE n > 0;
