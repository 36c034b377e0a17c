CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text
);
CREATE ROLE aloft_reader;
GRANT SELECT (id), UPDATE (note) ON orders TO aloft_reader;
