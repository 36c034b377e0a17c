CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
ALTER TABLE orders ADD CONSTRAINT a CHECK (n > 0);
