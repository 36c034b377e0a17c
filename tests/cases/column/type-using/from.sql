CREATE TABLE orders (
  id bigint PRIMARY KEY,
  -- aloft: using (amount / 100.0)::numeric(12,2)::text
  -- aloft: reverse (amount::numeric * 100)::bigint
  amount text NOT NULL
);
COMMENT ON COLUMN orders.amount IS 'what is to be paid';
