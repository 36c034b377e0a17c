CREATE TABLE orders (id integer NOT NULL, region text NOT NULL) PARTITION BY LIST (region);
CREATE TABLE orders_eu PARTITION OF orders FOR VALUES IN ('eu');
ALTER TABLE ONLY orders ADD CONSTRAINT orders_key PRIMARY KEY (region, id);
ALTER TABLE orders_eu ADD CONSTRAINT orders_eu_pkey PRIMARY KEY (region, id);
ALTER INDEX orders_key ATTACH PARTITION orders_eu_pkey;
