CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer DEFAULT (6 * 7)
);
