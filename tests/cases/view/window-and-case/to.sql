CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
CREATE VIEW r AS SELECT id, row_number() OVER (PARTITION BY note ORDER BY n) AS place, CASE WHEN n > 5 THEN 'high' WHEN n BETWEEN 2 AND 5 THEN 'mid' END AS level, coalesce(note, '') AS note FROM orders;
