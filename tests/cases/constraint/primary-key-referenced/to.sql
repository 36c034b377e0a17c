CREATE TABLE orders (id bigint NOT NULL, note text, CONSTRAINT orders_pkey PRIMARY KEY (id) WITH (fillfactor = 80));
CREATE TABLE items (order_id bigint REFERENCES orders (id));
