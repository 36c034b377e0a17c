CREATE TABLE orders (id bigint PRIMARY KEY, note text, n integer);
CREATE VIEW lines (number, words) AS SELECT * FROM orders;
CREATE MATERIALIZED VIEW counts (many) AS SELECT count(*), n FROM orders GROUP BY n;
