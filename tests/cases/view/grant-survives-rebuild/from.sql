CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE ROLE aloft_reader;
CREATE VIEW v AS SELECT id, n FROM orders;
GRANT SELECT ON v TO aloft_reader WITH GRANT OPTION;
