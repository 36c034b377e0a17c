CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  p numeric(12,2)
);
