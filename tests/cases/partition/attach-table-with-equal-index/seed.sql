INSERT INTO orders_eu SELECT g, 'eu' FROM generate_series(1, 100) g;
