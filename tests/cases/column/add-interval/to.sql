CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  wait interval day to second(3)
);
