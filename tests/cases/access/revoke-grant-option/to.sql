CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE ROLE aloft_reader;
GRANT SELECT ON orders TO aloft_reader;
