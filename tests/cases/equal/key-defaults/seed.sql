INSERT INTO orders (id, code, note) SELECT g, 'c' || g, 'n' || g FROM generate_series(1, 100) g;
