CREATE TABLE orders (
  id bigint PRIMARY KEY,
  n bigint -- aloft: in place
);
