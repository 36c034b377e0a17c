CREATE TABLE orders (id bigint NOT NULL, n integer NOT NULL);
CREATE UNIQUE INDEX orders_key ON orders (id, n);
