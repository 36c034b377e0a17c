INSERT INTO orders SELECT g, 'note', 'c' || g FROM generate_series(1, 100) g;
