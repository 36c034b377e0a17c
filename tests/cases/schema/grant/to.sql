CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE ROLE aloft_reader;
CREATE SCHEMA app;
GRANT USAGE, CREATE ON SCHEMA app TO aloft_reader;
