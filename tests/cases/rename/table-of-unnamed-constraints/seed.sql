INSERT INTO places VALUES (1);
INSERT INTO users SELECT g, 1, g FROM generate_series(1, 100) g;
