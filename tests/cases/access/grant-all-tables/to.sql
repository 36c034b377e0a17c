CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE ROLE aloft_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO aloft_reader;
