INSERT INTO customers (name) SELECT 'c' || g FROM generate_series(1, 20) g;
INSERT INTO orders (customer_id, parent, agent) SELECT g % 20 + 1, nullif(g / 2, 0), 5 FROM generate_series(1, 100) g;
INSERT INTO lines SELECT g, 1 FROM generate_series(1, 100) g;
