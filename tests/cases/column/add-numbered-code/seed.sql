INSERT INTO orders SELECT i, 'note' FROM generate_series(1, 100) i;
