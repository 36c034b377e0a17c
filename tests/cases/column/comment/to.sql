CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  c text
);
COMMENT ON COLUMN orders.c IS 'the customer''s code';
