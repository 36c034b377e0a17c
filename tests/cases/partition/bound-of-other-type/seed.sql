INSERT INTO sorts_1 SELECT g, '1' FROM generate_series(1, 100) g;
