CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  c varchar(50)
);
