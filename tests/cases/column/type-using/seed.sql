INSERT INTO orders SELECT g, g || '.50' FROM generate_series(1, 100) g;
