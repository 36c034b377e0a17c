CREATE TABLE orders (id integer, region text) PARTITION BY LIST (region);
CREATE TABLE orders_eu (id integer, region text);
ALTER TABLE orders ATTACH PARTITION orders_eu FOR VALUES IN ('eu');
CREATE INDEX orders_idx ON orders (region, id);
CREATE INDEX local_idx ON orders_eu (region, id);
