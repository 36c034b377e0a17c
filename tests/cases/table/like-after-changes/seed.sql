INSERT INTO t SELECT g, g % 90 + 1, g::text FROM generate_series(1, 100) g;
