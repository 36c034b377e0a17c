CREATE TABLE orders (id bigint PRIMARY KEY, n integer);
CREATE VIEW big AS WITH o AS (SELECT id, n FROM orders) SELECT id, n FROM o WHERE n > 1;
