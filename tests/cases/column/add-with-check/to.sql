CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  amount integer CHECK (amount >= 0)
);
