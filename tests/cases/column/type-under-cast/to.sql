CREATE TABLE orders (
  id bigint PRIMARY KEY,
  amount integer,
  paid boolean,
  CONSTRAINT positive CHECK ((paid AND amount > 0) IS NOT FALSE)
);
CREATE INDEX by_id ON orders (id) WHERE (paid OR amount > 1) IS TRUE;
