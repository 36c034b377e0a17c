CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE INDEX orders_gin_idx ON orders USING gin (to_tsvector('english', note));
