CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE SCHEMA app;
CREATE TABLE app.items (order_id bigint REFERENCES public.orders);
CREATE VIEW app.v AS SELECT o.id FROM orders o JOIN app.items i ON i.order_id = o.id;
