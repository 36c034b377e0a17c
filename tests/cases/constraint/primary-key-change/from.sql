CREATE TABLE orders (id bigint NOT NULL, note text NOT NULL, PRIMARY KEY (id));
