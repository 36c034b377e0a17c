CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
ALTER TABLE orders ADD CONSTRAINT positive CHECK (n > 50) NOT VALID;
