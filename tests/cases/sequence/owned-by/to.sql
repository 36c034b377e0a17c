CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE SEQUENCE numbers OWNED BY orders.id;
ALTER TABLE orders ALTER COLUMN id SET DEFAULT nextval('numbers');
