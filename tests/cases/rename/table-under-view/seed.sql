INSERT INTO lines SELECT g, g, 'note' FROM generate_series(1, 100) g;
