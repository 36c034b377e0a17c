INSERT INTO orders SELECT g, g, true FROM generate_series(1, 100) g;
