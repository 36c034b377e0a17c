CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE FUNCTION f(b integer) RETURNS integer LANGUAGE sql AS 'SELECT b';
