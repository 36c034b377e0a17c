CREATE TABLE orders (
  id bigint PRIMARY KEY,
  n integer
);
