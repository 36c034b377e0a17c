CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW busy AS SELECT id, count(*) FROM orders WHERE n > 3 GROUP BY id ORDER BY 2 DESC;
