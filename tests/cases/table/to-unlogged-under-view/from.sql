CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW noted AS SELECT id, note FROM orders WHERE note IS NOT NULL;
