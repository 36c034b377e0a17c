CREATE TABLE orders (
  id bigint PRIMARY KEY,
  cust integer -- aloft: renamed from customer
);
