CREATE ROLE aloft_reader;
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
ALTER TABLE orders OWNER TO aloft_reader;
CREATE POLICY own ON orders FOR SELECT TO aloft_reader USING (true);
CREATE VIEW v AS SELECT id FROM orders;
ALTER VIEW v OWNER TO aloft_reader;
