CREATE TABLE orders (id integer, region text) PARTITION BY LIST (region);
CREATE UNIQUE INDEX orders_idx ON orders (region, id);
CREATE TABLE orders_eu PARTITION OF orders (UNIQUE (region, id)) FOR VALUES IN ('eu');
