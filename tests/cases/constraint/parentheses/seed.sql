INSERT INTO orders SELECT g, true, true, '2020-01-01', '{}', 1 FROM generate_series(1, 100) g;
