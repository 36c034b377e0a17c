-- aloft: renamed from orders
CREATE TABLE purchases (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
