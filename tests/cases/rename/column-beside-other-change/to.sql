CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer integer, -- aloft: renamed from cust
  note text
);
