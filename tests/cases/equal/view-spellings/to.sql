CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW within AS SELECT orders.id FROM orders WHERE (((orders.n >= 9) AND (orders.n <= 1)) OR ((orders.n >= 1) AND (orders.n <= 9)));
CREATE VIEW beyond AS SELECT orders.id FROM orders WHERE (((orders.n < 9) OR (orders.n > 1)) AND ((orders.n < 1) OR (orders.n > 9)));
CREATE VIEW sampled AS SELECT orders.id, orders.note FROM orders TABLESAMPLE bernoulli (10) REPEATABLE (1) WHERE (orders.n > 1);
