CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n bigint,
  twice bigint GENERATED ALWAYS AS (n * 2) STORED
);
