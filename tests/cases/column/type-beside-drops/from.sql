CREATE TABLE kinds (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  amount integer NOT NULL,
  note text NOT NULL DEFAULT '',
  kind integer REFERENCES kinds
);
CREATE INDEX orders_note_idx ON orders (note);
CREATE VIEW large_orders AS SELECT id, amount FROM orders WHERE amount > 100;
CREATE VIEW noted_orders AS SELECT id, note FROM orders;
