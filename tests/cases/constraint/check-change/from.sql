CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer,
  CONSTRAINT positive CHECK (n > 0)
);
