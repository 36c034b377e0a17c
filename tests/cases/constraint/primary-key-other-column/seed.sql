INSERT INTO orders SELECT g, 1000 + g FROM generate_series(1, 100) g;
