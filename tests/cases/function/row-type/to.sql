CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE FUNCTION label(o orders) RETURNS text LANGUAGE sql STABLE AS 'SELECT o.note';
