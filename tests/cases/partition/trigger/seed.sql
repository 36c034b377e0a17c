INSERT INTO events SELECT g, '2023-03-01', 'k' FROM generate_series(1,60) g;
