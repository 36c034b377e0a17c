INSERT INTO orders SELECT g, 'us' FROM generate_series(1, 100) g;
