CREATE TABLE orders (
  id bigint PRIMARY KEY,
  n bigint DEFAULT 7 NOT NULL
);
CREATE TABLE old_orders (archived date) INHERITS (orders);
