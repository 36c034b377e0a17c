CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n numeric(20,4)
);
