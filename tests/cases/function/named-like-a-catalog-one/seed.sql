INSERT INTO tags SELECT g, 'N' || g, ARRAY['A', 'B'] FROM generate_series(1, 100) g;
