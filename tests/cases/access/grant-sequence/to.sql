CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE ROLE aloft_reader;
CREATE SEQUENCE q;
GRANT USAGE ON SEQUENCE q TO aloft_reader;
