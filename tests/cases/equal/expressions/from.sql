CREATE TABLE orders (
  id bigint PRIMARY KEY,
  note text,
  n integer
);
ALTER TABLE orders ADD CONSTRAINT k CHECK (n IN (1,2,3) OR n BETWEEN 5 AND 1000 OR n != -1 OR note LIKE 'a%' OR note NOT IN ('x','y') OR coalesce(n,0) > 1e3);
