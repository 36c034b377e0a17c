CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE ROLE aloft_reader;
CREATE SCHEMA app AUTHORIZATION postgres;
