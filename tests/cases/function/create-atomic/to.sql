CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE FUNCTION how_many() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC
  SELECT count(*) FROM orders;
END;
