INSERT INTO note SELECT NULL, g FROM generate_series(1, 100) g;
