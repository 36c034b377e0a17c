CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  data jsonb NOT NULL DEFAULT '{}'::jsonb
);
