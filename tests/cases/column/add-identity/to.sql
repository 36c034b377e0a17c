CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  number bigint GENERATED ALWAYS AS IDENTITY
);
