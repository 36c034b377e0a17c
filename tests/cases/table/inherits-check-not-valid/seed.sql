INSERT INTO readings SELECT g, 'k' FROM generate_series(1, 20) g;
INSERT INTO fine_readings SELECT g, 'k' FROM generate_series(1, 20) g;
