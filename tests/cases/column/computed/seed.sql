INSERT INTO orders SELECT g, nullif(g % 5, 0) + 0.25 FROM generate_series(1, 100) g;
