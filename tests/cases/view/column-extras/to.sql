CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW v AS SELECT id, n FROM orders;
COMMENT ON COLUMN v.n IS 'how many';
ALTER VIEW v ALTER COLUMN n SET DEFAULT 4;
