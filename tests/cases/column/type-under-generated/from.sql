CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer,
  twice integer GENERATED ALWAYS AS (n * 2) STORED
);
