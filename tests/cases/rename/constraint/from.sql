CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
-- aloft: renamed from b
ALTER TABLE orders ADD CONSTRAINT a CHECK (n > 0);
