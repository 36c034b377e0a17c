CREATE TABLE orders (
  id bigint PRIMARY KEY,
  amount bigint NOT NULL
);
