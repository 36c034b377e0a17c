INSERT INTO orders SELECT g, '2024-01-01 00:00:00+00' FROM generate_series(1, 100) g;
