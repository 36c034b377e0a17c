CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE ROLE aloft_reader;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders FOR SELECT TO aloft_reader USING (note = CURRENT_USER);
COMMENT ON POLICY own ON orders IS 'only mine';
