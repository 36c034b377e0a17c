CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE INDEX orders_desc_idx ON orders (n DESC NULLS LAST, note);
