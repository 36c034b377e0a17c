CREATE TABLE orders (id bigint PRIMARY KEY, n integer);
CREATE FUNCTION touch() RETURNS void LANGUAGE sql BEGIN ATOMIC UPDATE orders SET n = n + 1; END;
