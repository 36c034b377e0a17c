CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE TYPE address AS (street text, number integer, zip varchar(10));
COMMENT ON TYPE address IS 'where';
