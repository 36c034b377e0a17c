CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE SEQUENCE down INCREMENT BY -1;
