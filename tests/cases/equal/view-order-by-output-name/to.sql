CREATE TABLE orders (id bigint PRIMARY KEY, n integer, status varchar(20), at timestamp);
CREATE VIEW per_status AS
  SELECT orders.status, count(*) AS orders, avg(orders.n) AS average FROM orders
  WHERE orders.status::text = 'new'::text
  GROUP BY orders.status HAVING avg(orders.n) > 50::numeric
  ORDER BY (count(*)), (avg(orders.n)) DESC;
CREATE MATERIALIZED VIEW per_year AS
  SELECT extract(year FROM at) AS year, coalesce(status, 'none') AS state, count(*) AS orders
  FROM orders GROUP BY extract(year FROM at), coalesce(status, 'none')
  ORDER BY count(*), coalesce(status, 'none');
CREATE VIEW latest AS
  SELECT DISTINCT ON (orders.status) orders.status, orders.id FROM orders
  ORDER BY orders.status, orders.id DESC;
