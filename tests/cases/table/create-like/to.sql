CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE TABLE copy (LIKE orders INCLUDING ALL, extra text);
