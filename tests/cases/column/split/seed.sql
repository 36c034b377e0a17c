INSERT INTO people SELECT g, 'f' || g || ' l' || g FROM generate_series(1, 100) g;
