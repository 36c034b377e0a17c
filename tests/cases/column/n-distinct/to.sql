CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  c text
);
ALTER TABLE orders ALTER COLUMN c SET (n_distinct = -0.5);
