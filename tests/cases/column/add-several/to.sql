CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  a integer,
  b text DEFAULT 'x',
  c boolean NOT NULL DEFAULT false
);
