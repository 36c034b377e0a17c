CREATE TABLE orders (id bigint NOT NULL, n integer NOT NULL);
ALTER TABLE orders ADD CONSTRAINT orders_key UNIQUE (id) INCLUDE (n);
