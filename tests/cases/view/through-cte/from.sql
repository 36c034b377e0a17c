CREATE TABLE orders (id bigint PRIMARY KEY, n integer);
CREATE VIEW big AS SELECT id, n FROM orders WHERE n > 1;
