CREATE TABLE orders (id integer, region text) PARTITION BY LIST (region);
CREATE TABLE orders_eu (id integer, region text);
CREATE INDEX orders_idx ON orders (region, id);
CREATE INDEX local_idx ON orders_eu (region, id);
