CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE DOMAIN code AS text CHECK (VALUE <> '');
ALTER TABLE orders ADD COLUMN c code;
