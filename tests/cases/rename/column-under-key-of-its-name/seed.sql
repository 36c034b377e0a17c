INSERT INTO accounts SELECT g, 'a' || g || '@example.org' FROM generate_series(1, 100) g;
