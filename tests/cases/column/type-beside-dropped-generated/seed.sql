INSERT INTO orders SELECT g, g, g FROM generate_series(1, 100) g;
