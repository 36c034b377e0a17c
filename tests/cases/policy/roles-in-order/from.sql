CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE POLICY own ON orders TO pg_monitor, pg_database_owner USING (n > 1);
