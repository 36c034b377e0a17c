INSERT INTO orders (n) SELECT generate_series(1, 100);
