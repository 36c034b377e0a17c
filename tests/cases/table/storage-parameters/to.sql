CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
ALTER TABLE orders SET (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
