INSERT INTO orders SELECT g, 'n' FROM generate_series(1, 100) g;
