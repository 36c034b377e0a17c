CREATE TABLE customers (
  id serial PRIMARY KEY,
  name text
);
CREATE TABLE orders (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id integer REFERENCES customers ON DELETE CASCADE,
  parent integer REFERENCES orders ON DELETE SET NULL,
  agent integer REFERENCES customers
);
CREATE INDEX orders_customer_idx ON orders (customer_id);
CREATE TABLE lines (
  order_id integer NOT NULL REFERENCES orders,
  n integer,
  PRIMARY KEY (order_id, n)
);
CREATE VIEW names AS SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id;
