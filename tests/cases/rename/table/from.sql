-- aloft: renamed from purchases
CREATE TABLE orders (
  id bigint CONSTRAINT orders_key PRIMARY KEY,
  note text,
  n integer
);
