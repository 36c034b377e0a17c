CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE POLICY own ON orders TO pg_read_all_data, pg_monitor USING (n > 1);
CREATE POLICY others ON orders FOR SELECT TO pg_read_all_data, pg_monitor USING (n > 2);
