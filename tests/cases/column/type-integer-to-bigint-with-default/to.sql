CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n bigint DEFAULT 5 NOT NULL
);
