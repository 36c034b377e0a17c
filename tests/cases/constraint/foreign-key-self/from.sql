CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  parent_id bigint
);
