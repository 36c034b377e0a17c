CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  p numeric(10,2)
);
