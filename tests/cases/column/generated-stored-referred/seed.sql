INSERT INTO orders (code, n) SELECT 'c' || g, g % 7 FROM generate_series(1, 100) g;
INSERT INTO lines SELECT g, g % 100 + 1, 'c' || g % 100 + 1 FROM generate_series(1, 300) g;
INSERT INTO notes SELECT g, nullif(g, 7) FROM generate_series(1, 50) g;
