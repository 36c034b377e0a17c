INSERT INTO orders SELECT g, 'note' FROM generate_series(1, 100) g; INSERT INTO note SELECT 'note', g FROM generate_series(1, 100) g;
