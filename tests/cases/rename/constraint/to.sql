CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
-- aloft: renamed from a
ALTER TABLE orders ADD CONSTRAINT b CHECK (n > 0);
