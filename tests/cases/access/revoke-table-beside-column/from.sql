CREATE ROLE aloft_reader;
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text
);
CREATE VIEW recent AS SELECT id, note FROM orders;
GRANT SELECT, UPDATE ON orders TO aloft_reader;
GRANT SELECT (note) ON orders TO aloft_reader;
GRANT SELECT ON recent TO aloft_reader;
GRANT SELECT (id) ON recent TO aloft_reader;
