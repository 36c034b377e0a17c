INSERT INTO orders SELECT g, 'note', g FROM generate_series(1, 100) g;
