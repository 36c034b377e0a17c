CREATE TABLE orders (id bigint NOT NULL, note text, CONSTRAINT orders_pkey PRIMARY KEY (id));
CREATE TABLE items (order_id bigint REFERENCES orders (id));
