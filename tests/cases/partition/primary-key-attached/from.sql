CREATE TABLE orders (id integer NOT NULL, region text NOT NULL) PARTITION BY LIST (region);
CREATE TABLE orders_eu PARTITION OF orders FOR VALUES IN ('eu');
ALTER TABLE ONLY orders ADD CONSTRAINT orders_key PRIMARY KEY (region, id);
CREATE UNIQUE INDEX orders_eu_pkey ON orders_eu (region, id);
