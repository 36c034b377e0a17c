CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  token uuid DEFAULT gen_random_uuid()
);
