INSERT INTO sorts SELECT g, (ARRAY['a', 'c', 'z'])[g % 3 + 1] FROM generate_series(1, 60) g;
