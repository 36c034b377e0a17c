CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n bigint NOT NULL
);
