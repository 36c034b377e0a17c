CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
