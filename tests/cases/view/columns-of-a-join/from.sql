CREATE TABLE orders (id bigint PRIMARY KEY, n integer, m integer);
CREATE TABLE items (id bigint PRIMARY KEY, n integer, m integer);
CREATE VIEW crossed (x, y) AS SELECT orders.n, items.m FROM orders, items;
CREATE VIEW joined (x) AS SELECT orders.n FROM orders JOIN items ON true;
CREATE VIEW within AS SELECT (SELECT max(items.n) FROM items, orders o WHERE o.id = orders.id) AS x FROM orders;
CREATE VIEW summed AS SELECT sum(orders.n) AS x FROM orders, items;
CREATE VIEW outside (x) AS SELECT orders.n FROM orders LEFT JOIN items ON orders.n = items.n;
