CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE EXTENSION citext;
ALTER TABLE orders ADD COLUMN email citext;
CREATE UNIQUE INDEX orders_email ON orders (email);
