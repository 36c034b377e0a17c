CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  price numeric(12,2) DEFAULT 0
);
