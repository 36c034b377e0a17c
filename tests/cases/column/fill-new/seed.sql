INSERT INTO orders SELECT g, 'f' || g FROM generate_series(1, 100) g;
