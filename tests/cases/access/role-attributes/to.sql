CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE ROLE aloft_reader NOLOGIN CONNECTION LIMIT 5;
CREATE ROLE aloft_group;
GRANT aloft_group TO aloft_reader;
