CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer CHECK (n > 0) CHECK (n < 1000000)
);
