CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer NOT NULL
);
CREATE UNIQUE INDEX orders_n_key ON orders (n);
ALTER TABLE orders REPLICA IDENTITY USING INDEX orders_n_key;
