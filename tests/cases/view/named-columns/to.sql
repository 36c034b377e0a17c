CREATE TABLE orders (id bigint PRIMARY KEY, note text, n integer);
CREATE VIEW lines (number, text) AS SELECT * FROM orders;
CREATE VIEW grouped (a, b) AS SELECT n AS q, count(*) FROM orders GROUP BY q ORDER BY q;
CREATE VIEW swapped (note, id) AS SELECT id, note FROM orders ORDER BY note;
CREATE VIEW joined (a, b) AS SELECT o.*, x FROM orders o CROSS JOIN generate_series(1, 2) x;
CREATE MATERIALIZED VIEW counts (total, n) AS SELECT count(*), n FROM orders GROUP BY n;
