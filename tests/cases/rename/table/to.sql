-- aloft: renamed from orders
CREATE TABLE purchases (
  id bigint CONSTRAINT orders_key PRIMARY KEY,
  note text,
  n integer
);
