CREATE TABLE orders (id integer NOT NULL, region text NOT NULL) PARTITION BY LIST (region);
CREATE TABLE orders_eu PARTITION OF orders FOR VALUES IN ('eu');
CREATE UNIQUE INDEX orders_pkey ON ONLY orders (region, id);
CREATE UNIQUE INDEX orders_eu_pkey ON orders_eu (region, id);
ALTER INDEX orders_pkey ATTACH PARTITION orders_eu_pkey;
