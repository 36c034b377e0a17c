CREATE TABLE orders (id bigint PRIMARY KEY, n integer, status varchar(20), at timestamp);
CREATE VIEW per_status AS
  SELECT status, count(*) AS orders, avg(n) AS average FROM orders WHERE status = 'new'
  GROUP BY status HAVING avg(n) > 50 ORDER BY orders ASC, average DESC;
CREATE MATERIALIZED VIEW per_year AS
  SELECT extract(year FROM at) AS year, coalesce(status, 'none') AS state, count(*) AS orders
  FROM orders GROUP BY year, 2 ORDER BY orders, state;
CREATE VIEW latest AS SELECT DISTINCT ON (1) status, id FROM orders ORDER BY 1, id DESC;
