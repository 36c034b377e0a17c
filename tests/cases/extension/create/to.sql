CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE EXTENSION pg_trgm;
CREATE INDEX orders_trgm ON orders USING gin (note gin_trgm_ops);
