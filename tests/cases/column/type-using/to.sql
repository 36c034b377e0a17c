CREATE TABLE orders (
  id bigint PRIMARY KEY,
  -- aloft: using (amount::numeric * 100)::bigint
  -- aloft: reverse (amount / 100.0)::numeric(12,2)::text
  amount bigint NOT NULL
);
COMMENT ON COLUMN orders.amount IS 'what is to be paid';
