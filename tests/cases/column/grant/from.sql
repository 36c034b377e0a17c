CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text
);
CREATE ROLE aloft_reader;
