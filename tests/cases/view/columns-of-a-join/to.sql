CREATE TABLE orders (id bigint PRIMARY KEY, n integer, m integer);
CREATE TABLE items (id bigint PRIMARY KEY, n integer, m integer);
CREATE VIEW crossed (x, y) AS SELECT orders.m, items.m FROM orders, items;
CREATE VIEW joined (x) AS SELECT orders.m FROM orders JOIN items ON true;
CREATE VIEW within AS SELECT (SELECT max(items.m) FROM items, orders o WHERE o.id = orders.id) AS x FROM orders;
CREATE VIEW summed AS SELECT sum(orders.m) AS x FROM orders, items;
CREATE VIEW outside (x) AS SELECT orders.n FROM orders LEFT JOIN items ON orders.m = items.n;
