CREATE TABLE customers (id bigint PRIMARY KEY, region text, UNIQUE (id, region));
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  customer_id bigint,
  region text,
  CONSTRAINT f FOREIGN KEY (customer_id) REFERENCES customers (id)
);
