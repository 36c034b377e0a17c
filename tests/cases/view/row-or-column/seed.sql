INSERT INTO note SELECT NULL, g FROM generate_series(1, 100) g;
INSERT INTO pin SELECT g FROM generate_series(1, 10) g; INSERT INTO board VALUES (NULL);
