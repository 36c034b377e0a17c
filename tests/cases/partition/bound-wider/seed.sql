INSERT INTO days SELECT g, 'n' || g FROM generate_series(1, 40) g;
INSERT INTO days SELECT 2000000 + g, 'n' || g FROM generate_series(1, 20) g;
