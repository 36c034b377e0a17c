CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE DOMAIN code AS text DEFAULT 'x' CONSTRAINT code_check CHECK (VALUE <> '' AND length(VALUE) < 20);
ALTER TABLE orders ADD COLUMN c code;
