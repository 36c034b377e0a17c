INSERT INTO lists SELECT g, ARRAY['a@b', 'c@d'] FROM generate_series(1, 100) g;
