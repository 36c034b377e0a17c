CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer,
  CONSTRAINT orders_key UNIQUE (n, note)
);
