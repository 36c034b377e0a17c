CREATE TABLE orders (
  id bigint PRIMARY KEY,
  first text,
  label text
);
