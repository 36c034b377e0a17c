CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE TABLE old_orders (archived date) INHERITS (orders);
