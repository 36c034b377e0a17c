CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE FUNCTION top(lim integer) RETURNS TABLE (id bigint, note text) LANGUAGE sql STABLE ROWS 10 AS 'SELECT id, note FROM orders LIMIT lim';
