CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  tags text[] NOT NULL DEFAULT '{}'
);
