CREATE TABLE orders (id integer, region text) PARTITION BY LIST (region);
CREATE UNIQUE INDEX orders_idx ON orders (region, id);
