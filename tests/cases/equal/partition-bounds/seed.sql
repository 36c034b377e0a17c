INSERT INTO events SELECT '2024-05-01', 'k' FROM generate_series(1, 50);
INSERT INTO sorts VALUES (1, '1'), (2, '2'), (3, NULL);
