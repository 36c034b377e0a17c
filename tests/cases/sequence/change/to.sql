CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE SEQUENCE numbers AS integer INCREMENT BY 2 CACHE 10;
