CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW within AS SELECT orders.id FROM orders WHERE (((orders.n >= 9) AND (orders.n <= 1)) OR ((orders.n >= 1) AND (orders.n <= 9)));
CREATE VIEW beyond AS SELECT orders.id FROM orders WHERE (((orders.n < 9) OR (orders.n > 1)) AND ((orders.n < 1) OR (orders.n > 9)));
CREATE VIEW sampled AS SELECT orders.id, orders.note FROM orders TABLESAMPLE bernoulli (10) REPEATABLE (1) WHERE (orders.n > 1);
CREATE VIEW in_both AS ( SELECT orders.id FROM orders UNION ALL SELECT orders.n AS id FROM orders ORDER BY 1 LIMIT 3) INTERSECT SELECT orders.n AS id FROM orders ORDER BY 1 OFFSET 1;
