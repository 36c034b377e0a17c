CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
