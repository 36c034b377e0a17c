CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
COMMENT ON TABLE orders IS E'two\nlines and a \\ backslash';
