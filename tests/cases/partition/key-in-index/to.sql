CREATE TABLE orders (id integer, region text) PARTITION BY LIST (region);
CREATE TABLE orders_us PARTITION OF orders FOR VALUES IN ('us');
CREATE TABLE orders_eu PARTITION OF orders (UNIQUE (region, id)) FOR VALUES IN ('eu');
CREATE UNIQUE INDEX orders_idx ON orders (region, id);
