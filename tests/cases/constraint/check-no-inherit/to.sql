CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer,
  CONSTRAINT c CHECK (n > 0) NO INHERIT
);
