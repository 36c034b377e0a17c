INSERT INTO orders SELECT g, 'n' || g, g % 7 FROM generate_series(1, 100) g;
