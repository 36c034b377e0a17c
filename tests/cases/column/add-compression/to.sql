CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  body text COMPRESSION pglz
);
